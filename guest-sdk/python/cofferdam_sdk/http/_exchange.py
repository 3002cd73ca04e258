"""A request through `wasi:http`. In native tests `cofferdam_sdk.testing.run` takes its place."""

from urllib.parse import urlsplit

from cofferdam_bindings.imports import outgoing_handler, streams
from cofferdam_bindings.imports import wasi_http_types as wasi
from componentize_py_types import Err, Ok

from .. import _component
from ._errors import ExchangeError, HttpError, denied, from_host, from_text, invalid
from ._message import Headers, Request, Response

_WRITTEN_AT_ONCE = 4096
"""The most that `blocking-write-and-flush` takes."""
_READ_AT_ONCE = 64 << 10

_METHODS: dict[str, wasi.Method] = {
    "GET": wasi.Method_Get(),
    "HEAD": wasi.Method_Head(),
    "POST": wasi.Method_Post(),
    "PUT": wasi.Method_Put(),
    "DELETE": wasi.Method_Delete(),
    "OPTIONS": wasi.Method_Options(),
    "PATCH": wasi.Method_Patch(),
}


def exchange(request: Request) -> Response:
    """Sends a request and reads the whole answer."""
    if not _component.INSIDE:
        # As without a grant: there is no network in native tests.
        raise denied()
    outgoing = _outgoing(request)
    body = outgoing.body()
    try:
        future = outgoing_handler.handle(outgoing, _options(request.timeout))
    except Err as error:
        raise from_host(error.value) from None
    _write(body, request.body)
    with future, future.subscribe() as ready:
        ready.block()
        match future.get():
            case Ok(Ok(answer)):
                return _read(answer)
            case Ok(Err(code)):
                raise from_host(code)
            case other:
                raise ExchangeError(f"the exchange failed: {other}")


def _outgoing(request: Request) -> wasi.OutgoingRequest:
    fields = [(name, value.encode("latin-1")) for name, value in request.headers.fields]
    try:
        headers = wasi.Fields.from_list(fields)
    except Err as error:
        reason = type(error.value).__name__.removeprefix("HeaderError_")
        raise invalid(f"one of its headers may not be sent: {reason}") from None
    url = urlsplit(request.url)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    outgoing = wasi.OutgoingRequest(headers)
    try:
        outgoing.set_method(_METHODS.get(request.method) or wasi.Method_Other(request.method))
        outgoing.set_scheme(wasi.Scheme_Http() if url.scheme == "http" else wasi.Scheme_Https())
        outgoing.set_authority(url.netloc)
        outgoing.set_path_with_query(path)
    except Err:
        raise invalid(f"`{request.method} {request.url}`") from None
    return outgoing


def _options(timeout: float | None) -> wasi.RequestOptions | None:
    if timeout is None:
        return None
    nanoseconds = min(int(timeout * 1e9), 2**63)
    options = wasi.RequestOptions()
    options.set_connect_timeout(nanoseconds)
    options.set_first_byte_timeout(nanoseconds)
    options.set_between_bytes_timeout(nanoseconds)
    return options


def _write(body: wasi.OutgoingBody, content: bytes) -> None:
    """A server may answer before it has read everything, so an error here is none: the answer says what is wrong."""
    try:
        if content:
            with body.write() as stream:
                for start in range(0, len(content), _WRITTEN_AT_ONCE):
                    stream.blocking_write_and_flush(content[start : start + _WRITTEN_AT_ONCE])
        wasi.OutgoingBody.finish(body, None)
    except Err:
        return


def _read(answer: wasi.IncomingResponse) -> Response:
    with answer:
        with answer.headers() as fields:
            headers = Headers((name, value.decode("latin-1")) for name, value in fields.entries())
        parts = []
        with answer.consume() as body, body.stream() as stream:
            while True:
                try:
                    parts.append(stream.blocking_read(_READ_AT_ONCE))
                except Err as error:
                    if isinstance(error.value, streams.StreamError_LastOperationFailed):
                        raise _broken(error.value) from None
                    break
        return Response(answer.status(), headers, b"".join(parts))


def _broken(failed: streams.StreamError_LastOperationFailed) -> HttpError:
    with failed.value as error:
        code = wasi.http_error_code(error)
        return from_text(error.to_debug_string()) if code is None else from_host(code)
