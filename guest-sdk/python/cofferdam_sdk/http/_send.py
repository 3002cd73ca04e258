"""From what a module says to a request that can be sent."""

import json as json_text
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from . import _exchange
from ._errors import invalid
from ._message import Headers, Request, Response

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_IN_URL = re.compile(r"[!-~]+")


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: bytes | str | None = None,
    json: Any = None,
    timeout: float | None = None,
) -> Response:
    """Sends a request and waits for the whole answer, whatever its status. Raises `HttpError`.

    `body` is sent as it is, a text as UTF-8; `json` is any JSON value instead, sent with its `content-type`.
    `timeout` is how many seconds each wait may take: for the connection, for the answer's head, and for more of its
    body. The host has limits of its own, which hold without it, too.
    """
    if body is not None and json is not None:
        raise TypeError("a request has either a `body` or a `json`, not both")
    fields = Headers(headers)
    if json is not None:
        body = json_text.dumps(json)
        fields.fields += [] if "content-type" in fields else [("content-type", "application/json")]
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    if (content or method in ("POST", "PUT", "PATCH")) and "content-length" not in fields:
        fields.fields.append(("content-length", str(len(content))))
    whole = Request(method, url, fields, content, timeout)
    _check(whole)
    return _exchange.exchange(whole)


def get(
    url: str, *, headers: Mapping[str, str] | Iterable[tuple[str, str]] = (), timeout: float | None = None
) -> Response:
    """Asks for a page. Raises `HttpError`."""
    return request("GET", url, headers=headers, timeout=timeout)


def _check(request: Request) -> None:
    """What could never be sent is refused here, with its reason, natively too."""
    if not _TOKEN.fullmatch(request.method):
        raise invalid(f"`{request.method}` is no method")
    if not _IN_URL.fullmatch(request.url):
        raise invalid(f"`{request.url}` holds characters that must be percent-encoded")
    try:
        parts = urlsplit(request.url)
    except ValueError as error:
        raise invalid(f"`{request.url}`: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(f"`{request.url}` is no address of http or https")
    for name, value in request.headers.fields:
        if not _TOKEN.fullmatch(name):
            raise invalid(f"`{name}` is no name of a header")
        if not _HEADER_VALUE.fullmatch(value):
            raise invalid(f"the header `{name}` holds a line break, or a character that Latin-1 has not")
    if request.timeout is not None and not (request.timeout > 0 and math.isfinite(request.timeout)):
        raise ValueError(f"a timeout of {request.timeout} seconds is none: it must be more than 0")
