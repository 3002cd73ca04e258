"""Why a request has no answer, or only part of one."""

from typing import Any

try:
    from cofferdam_bindings.imports import wasi_http_types as wasi
except ImportError:
    raise ImportError(
        "a component can call servers only if its project asks for it: "
        "write `http = true` into `[tool.cofferdam]` of pyproject.toml"
    ) from None


class HttpError(OSError):
    """A request has no answer. What may pass by itself is worth a `Failure(…, retryable=True)`."""


class DeniedError(HttpError, PermissionError):
    """The module was not granted this scheme, host, port and method; the job's log says which."""


class AddressNotAllowedError(HttpError, PermissionError):
    """The host has only addresses that the module was not granted, such as private ones."""


class LimitReachedError(HttpError):
    """The job has sent as many requests or bytes as it may."""


class InvalidRequestError(HttpError, ValueError):
    """The request cannot be sent as it is."""


class ConnectionFailedError(HttpError, ConnectionError):
    """The server was not reached, or the connection broke."""


class TimedOutError(HttpError, TimeoutError):
    """It took too long."""


class TerminatedError(HttpError, InterruptedError):
    """The request was ended because the job is to stop, or the other end went away."""


class ExchangeError(HttpError):
    """The answer is not what HTTP allows, or something else went wrong."""


def denied() -> HttpError:
    return DeniedError("the module is not granted this request; the job's log says which host it lacks")


def invalid(reason: str) -> HttpError:
    return InvalidRequestError(f"the request cannot be sent: {reason}")


def from_host(code: wasi.ErrorCode) -> HttpError:
    """The host's error code as an exception."""
    match code:
        case wasi.ErrorCode_HttpRequestDenied():
            return denied()
        case wasi.ErrorCode_DestinationIpProhibited():
            return AddressNotAllowedError("the module is not granted the address of this host")
        case wasi.ErrorCode_ConnectionLimitReached():
            return LimitReachedError("a limit of the job is used up: HTTP requests")
        case wasi.ErrorCode_HttpRequestBodySize() | wasi.ErrorCode_HttpResponseBodySize():
            return LimitReachedError("a limit of the job is used up: bytes of HTTP bodies")
        case (
            wasi.ErrorCode_ConnectionTimeout()
            | wasi.ErrorCode_ConnectionReadTimeout()
            | wasi.ErrorCode_ConnectionWriteTimeout()
            | wasi.ErrorCode_HttpResponseTimeout()
            | wasi.ErrorCode_DnsTimeout()
        ):
            return TimedOutError("the server took too long")
        case wasi.ErrorCode_ConnectionTerminated():
            return TerminatedError("the request was ended")
        case (
            wasi.ErrorCode_HttpRequestUriInvalid()
            | wasi.ErrorCode_HttpRequestUriTooLong()
            | wasi.ErrorCode_HttpRequestMethodInvalid()
        ):
            return invalid(_words(code))
        case (
            wasi.ErrorCode_DnsError()
            | wasi.ErrorCode_DestinationNotFound()
            | wasi.ErrorCode_DestinationUnavailable()
            | wasi.ErrorCode_DestinationIpUnroutable()
            | wasi.ErrorCode_ConnectionRefused()
            | wasi.ErrorCode_TlsProtocolError()
            | wasi.ErrorCode_TlsCertificateError()
            | wasi.ErrorCode_TlsAlertReceived()
        ):
            return ConnectionFailedError(f"the server was not reached: {_words(code)}")
        case _:
            return ExchangeError(f"the exchange failed: {_words(code)}")


def from_text(text: str) -> HttpError:
    """A body's error, which often comes as a text alone."""
    if "terminated" in text:
        return from_host(wasi.ErrorCode_ConnectionTerminated())
    if "timeout" in text:
        return from_host(wasi.ErrorCode_ConnectionReadTimeout())
    if "exceeds limit" in text:
        return LimitReachedError(f"a limit of the job is used up: {text}")
    return ExchangeError(f"the exchange failed: {text}")


def _words(code: Any) -> str:
    """The code's name, with what it says more."""
    name = type(code).__name__.removeprefix("ErrorCode_")
    more = getattr(code, "value", None)
    return name if more is None else f"{name}: {more}"
