"""Calls servers over HTTP. The project asks for it with `http = true` in `[tool.cofferdam]` of its `pyproject.toml`.

    from cofferdam_sdk import http

    page = http.get("https://api.example.com/status")
    made = http.request("POST", "https://api.example.com/items", json={"n": 1}, timeout=10)
    if made.status == 201:
        print(made.headers["location"], made.json())

Only servers that the module was granted answer; every other request is a `DeniedError`. All errors are `HttpError`s,
and those are `OSError`s. Redirects are not followed: an answer with `location` is an answer like any. Natively there is
no network: `http` of `cofferdam_sdk.testing.run` says what servers answer.
"""

from ._errors import (
    AddressNotAllowedError,
    ConnectionFailedError,
    DeniedError,
    ExchangeError,
    HttpError,
    InvalidRequestError,
    LimitReachedError,
    TerminatedError,
    TimedOutError,
)
from ._message import Headers, Request, Response
from ._send import get, request

__all__ = [
    "AddressNotAllowedError",
    "ConnectionFailedError",
    "DeniedError",
    "ExchangeError",
    "Headers",
    "HttpError",
    "InvalidRequestError",
    "LimitReachedError",
    "Request",
    "Response",
    "TerminatedError",
    "TimedOutError",
    "get",
    "request",
]
