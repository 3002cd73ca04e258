"""Requests and answers, whole."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class Headers(Mapping[str, str]):
    """Headers by their names, in which upper and lower case are the same. Several of one name are joined by commas."""

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self.fields = list(fields.items() if isinstance(fields, Mapping) else fields)
        """Every header by itself, in order, also those that may not be joined, such as `set-cookie`."""

    def __getitem__(self, name: str) -> str:
        found = [value for own, value in self.fields if own.lower() == name.lower()]
        if not found:
            raise KeyError(name)
        return ", ".join(found)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.lower() for name, _ in self.fields))

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self.fields})

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(own.lower() == name.lower() for own, _ in self.fields)

    def __repr__(self) -> str:
        return f"Headers({self.fields!r})"


@dataclass(frozen=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: Headers
    body: bytes
    timeout: float | None
    """How many seconds each wait may take, if less than the host allows."""


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the status is one of success, 200 to 299."""
        return 200 <= self.status < 300

    def text(self) -> str:
        """The body as UTF-8; what is none becomes U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body's JSON value. Raises `ValueError` when it is none."""
        return json.loads(self.body)
