"""The running job as its module sees it."""

import json
import math
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, overload

from ._errors import Failure, InvalidJsonError, from_host
from ._shapes import Misfit, shape_of
from .bindings import Err, job_context

T = TypeVar("T")

_U64_MAX = 2**64 - 1


class Job:
    """One attempt at one job: who it is, and what it can ask of its host."""

    def __init__(self, id: str, attempt: int, checkpoint: str | None) -> None:
        self.id = id
        """The id that the host's API shows. It stays the same over all attempts."""
        self.attempt = attempt
        """1 for the first run, one more each time the job starts again."""
        self._checkpoint = checkpoint

    @overload
    def checkpoint(self) -> dict[str, Any] | None: ...
    @overload
    def checkpoint(self, as_type: type[T]) -> T | None: ...
    def checkpoint(self, as_type: Any = dict) -> Any:
        """The checkpoint to go on from, or `None` when the job starts from the beginning.

        `as_type` is a dataclass, a `TypedDict` or another type that inputs may have. Fields that it does not know are
        left out. Raises `Failure`, naming the field, when the checkpoint does not fit, as after an incompatible
        change of the module.
        """
        if self._checkpoint is None:
            return None
        try:
            return shape_of(as_type, "checkpoint", unknown_fields="ignored").read(
                json.loads(self._checkpoint), "checkpoint"
            )
        except Misfit as misfit:
            raise Failure(str(misfit)) from None

    def save_checkpoint(self, state: Any) -> None:
        """Saves the state to go on from, together with every result saved before it.

        Returns once both would survive a crash of the host, so save no oftener than work is worth repeating: a few
        times a second at most. `state` is what `save_result` takes. Raises `SaveError`.
        """
        text = to_json(state)
        try:
            job_context.save_checkpoint(text)
        except Err as refusal:
            raise from_host(refusal.value) from None

    def save_result(self, result: Any) -> None:
        """Saves one result, visible at once: a dict, a `TypedDict` or a dataclass, of values that JSON has.

        It stays provisional until the next checkpoint or the end of the job, and a job that starts again is expected
        to produce the results after its last checkpoint once more. Raises `SaveError`.
        """
        text = to_json(result)
        try:
            job_context.save_result(text)
        except Err as refusal:
            raise from_host(refusal.value) from None

    def report_progress(self, done: int, total: int | None = None) -> None:
        """Says how far the job is, in a unit of the module's choice. Cheap: only the newest value is kept."""
        job_context.report_progress(_u64("done", done), None if total is None else _u64("total", total))

    def is_cancelled(self) -> bool:
        """Whether the job was asked to stop: by a person, by its duration limit, or because the host shuts down.

        Cheap enough for every turn of a loop. When it is true, save a checkpoint and return: the host waits a few
        seconds for that, then ends the module by force.
        """
        return job_context.is_cancelled()

    def sleep(self, seconds: float) -> None:
        """Waits this long, or until the job is asked to stop. Unlike `time.sleep` it ends at once then."""
        if not seconds >= 0:
            raise ValueError(f"a job cannot sleep for {seconds} seconds: the time must be 0 or more")
        job_context.sleep(int(min(math.ceil(min(seconds, 2**53) * 1000), _U64_MAX)))


def to_json(value: Any) -> str:
    """The JSON text of a value, or `InvalidJsonError`. That it is an object, the host checks."""
    try:
        text = json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidJsonError(str(error)) from None
    return text


def _plain(value: Any) -> Any:
    """What `json` does not know by itself, as something that it knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"a value of type `{type(value).__qualname__}` has no place in JSON: {value!r:.80}")


def _u64(name: str, value: int) -> int:
    if not 0 <= value <= _U64_MAX:
        raise ValueError(f"progress cannot be reported: `{name}` is {value}, and must be from 0 to 2^64 - 1")
    return value
