"""The standard library's `logging`, led to the host's log.

The host's levels are those of `logging`, and trace below debug: `logging.log(TRACE, …)`.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ._text import encodable
from .bindings import job_context, types

TRACE = 5
"""The level below `logging.DEBUG`."""

logging.addLevelName(TRACE, "TRACE")

_LEVELS = (
    (logging.CRITICAL, types.LogLevel.CRITICAL),
    (logging.ERROR, types.LogLevel.ERROR),
    (logging.WARNING, types.LogLevel.WARN),
    (logging.INFO, types.LogLevel.INFO),
    (logging.DEBUG, types.LogLevel.DEBUG),
)


def level_of(number: int) -> types.LogLevel:
    """The host's level for one of `logging`, rounded down."""
    return next((level for least, level in _LEVELS if number >= least), types.LogLevel.TRACE)


class HostHandler(logging.Handler):
    """Logs each record as one message of the job. An exception's stack trace is part of it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = encodable(self.format(record))
        except Exception:
            self.handleError(record)
            return
        job_context.log(message, level_of(record.levelno))


def install() -> None:
    """Makes everything that is logged reach the host, once, whatever its level.

    A level that the module has set for the root logger stays. Handlers that write to stdout or stderr go: the host
    would log their lines a second time.
    """
    root = logging.getLogger()
    if any(isinstance(handler, HostHandler) for handler in root.handlers):
        return
    for handler in list(root.handlers):
        if isinstance(handler, logging.StreamHandler) and handler.stream in (sys.stdout, sys.stderr):
            root.removeHandler(handler)
    if root.level == logging.WARNING:
        root.setLevel(TRACE)
    root.addHandler(HostHandler())


@contextmanager
def apart() -> Iterator[None]:
    """As in a job meanwhile; handlers and level of the root logger are afterwards as they were."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    install()
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
