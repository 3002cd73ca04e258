"""Runs a module natively, with a stand-in for the host, and records what it did.

    from cofferdam_sdk import testing
    import word_count

    recording = testing.run(word_count.run, {"text": "one two"})
    assert recording.failure is None
    assert recording.results == [{"words": 2}]

The module gets its inputs, settings and checkpoint as JSON, and its results are read from JSON, as in a real job.
Nothing sleeps: `Recording.slept_seconds` adds up what the module asked for.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from . import _logging
from ._errors import Failure
from ._module import Module, failure_of
from .bindings import Err, job_context, types
from .http import Request, Response, _exchange

__all__ = ["HostLimits", "Recording", "run"]


@dataclass
class Recording:
    """What a module did in one attempt."""

    failure: Failure | None = None
    """Why the attempt did not succeed, if it did not. An exception that nobody caught is its `__context__`."""
    results: list[dict[str, Any]] = field(default_factory=list)
    """Results, in the order in which they were saved."""
    final_results: int = 0
    """How many of the results the last checkpoint made final: the first ones of `results`."""
    checkpoints: list[dict[str, Any]] = field(default_factory=list)
    """Checkpoints, in the order in which they were saved."""
    log: list[tuple[str, str]] = field(default_factory=list)
    """Level (`trace`, `debug`, `info`, `warn`, `error` or `critical`) and message of each line, oldest first."""
    progress: list[tuple[int, int | None]] = field(default_factory=list)
    """What `report_progress` was told: done, and the total if given."""
    slept_seconds: float = 0
    """The sum of all sleeps."""


@dataclass(frozen=True)
class HostLimits:
    """What the stand-in for the host takes. Everything, unless said otherwise."""

    result_bytes: int | None = None
    checkpoint_bytes: int | None = None
    results: int | None = None
    """How many results."""


def run(
    module: Module[Any],
    inputs: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    checkpoint: Mapping[str, Any] | None = None,
    attempt: int = 1,
    cancel_after: int | None = None,
    limits: HostLimits | None = None,
    http: Callable[[Request], Response] | None = None,
) -> Recording:
    """Runs one attempt at a job called `test-job`.

    `cancel_after` asks the job to stop once it has looked this many times at `is_cancelled`. `http` answers the
    requests of `cofferdam_sdk.http`, or raises an `HttpError`; without it each is a `DeniedError`, as without a grant.
    """
    host = _StandIn(cancel_after, limits or HostLimits())
    stored = None if checkpoint is None else json.dumps(checkpoint)
    job = types.Job("test-job", attempt, json.dumps(inputs or {}), json.dumps(settings or {}), stored)
    functions = {name: getattr(host, name) for name in dir(host) if not name.startswith("_") and name != "recording"}
    servers = mock.patch.object(_exchange, "exchange", http or _exchange.exchange)
    with mock.patch.multiple(job_context, **functions), servers, _logging.apart():
        host.recording.failure = failure_of(module, job)
    return host.recording


class _StandIn:
    """A host that keeps in memory what a module says. Its functions are those of the contract."""

    def __init__(self, cancel_after: int | None, limits: HostLimits) -> None:
        self.recording = Recording()
        self._cancel_after = cancel_after
        self._limits = limits
        self._asked = 0

    def job_id(self) -> str:
        return "test-job"

    def is_cancelled(self) -> bool:
        self._asked += 1
        return self._cancel_after is not None and self._asked > self._cancel_after

    def log(self, message: str, level: types.LogLevel) -> None:
        self.recording.log.append((level.name.lower(), message))

    def save_result(self, data: str) -> None:
        result = _object(data, self._limits.result_bytes)
        if len(self.recording.results) == self._limits.results:
            raise Err(types.SaveError_LimitReached(f"a job saves at most {self._limits.results} results"))
        self.recording.results.append(result)

    def save_checkpoint(self, checkpoint: str) -> None:
        self.recording.checkpoints.append(_object(checkpoint, self._limits.checkpoint_bytes))
        self.recording.final_results = len(self.recording.results)

    def report_progress(self, done: int, total: int | None) -> None:
        self.recording.progress.append((done, total))

    def sleep(self, milliseconds: int) -> None:
        self.recording.slept_seconds += milliseconds / 1000


def _object(text: str, limit_bytes: int | None) -> dict[str, Any]:
    if limit_bytes is not None and len(text.encode()) > limit_bytes:
        raise Err(types.SaveError_TooLarge(limit_bytes))
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Err(types.SaveError_InvalidJson(str(error))) from None
    if not isinstance(value, dict):
        raise Err(types.SaveError_InvalidJson("the text is not an object"))
    return value
