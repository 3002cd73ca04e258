"""Readies the interpreter that every job starts from as a copy.

A job waits longest for pages of the snapshot that it is the first to write to: each is copied then. An interpreter that
has run the SDK before writes to fewer: its instructions have found their fast forms and its caches are filled. And what
a job allocates lies together where the heap has no small holes left.
"""

import gc
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypedDict

from . import _logging
from ._job import Job
from ._shapes import Bounds
from .bindings import job_context, types

_TIMES = 8
"""How often: an instruction finds its fast form when it has run a few times."""

_SPACIOUS = 32 << 10
"""Bytes of a hole that is large enough to stay: what is allocated in it lies together."""

_MOST = 64 << 20
"""Bytes of blocks of one size: far more than the holes of a heap in which modules were imported."""

_fillings: list[bytes] = []
"""What fills the holes. Nothing reads it."""


class _State(TypedDict):
    n: int


@dataclass
class _Part:
    name: str
    share: float = 0.5


@dataclass
class _Inputs:
    """Something of each kind that a module may ask for."""

    text: Annotated[str, Bounds(max_length=20)]
    count: Annotated[int, Bounds(minimum=0)]
    choice: Literal["a", "b"] = "a"
    flag: bool = False
    maybe: str | None = None
    parts: Annotated[list[_Part], Bounds(min_items=0)] = field(default_factory=list)


@dataclass
class _Settings:
    prefix: str = ""


_JOB = "00000000-0000-7000-8000-000000000000"
_FULL = {"text": "x", "count": 1, "choice": "b", "flag": True, "parts": [{"name": "y", "share": 1}]}
_JOBS = (
    types.Job(_JOB, 1, json.dumps(_FULL), "{}", None),
    types.Job(_JOB, 2, json.dumps({"text": "x", "count": 1}), "{}", '{"n": 1}'),
)

_HOST = ("is_cancelled", "log", "report_progress", "save_checkpoint", "save_result")
"""The functions of the host that the play calls."""


def play(job: Job, inputs: _Inputs, settings: _Settings) -> None:
    """What most modules do."""
    state = job.checkpoint(_State) or _State(n=0)
    logging.info("%s is %d", inputs.text, inputs.count)
    # Of what is logged alone `logging` asks whether it is a mapping, and the answer is remembered by its type.
    for alone in (inputs.text, inputs.count, 0.5, True, None, inputs.parts):
        logging.info("%s", alone)
    logging.getLogger(__name__).warning("no arguments")
    if job.is_cancelled():
        return
    state["n"] += 1
    job.report_progress(state["n"], 2)
    job.save_checkpoint(state)
    job.save_result({"part": _Part(settings.prefix), "text": inputs.text})


def rehearse(run: Callable[[types.Job], None]) -> None:
    """Lets `run`, what the component exports for `play`, run jobs that nobody hears of."""
    with _nobody_listens(), _logging.apart():
        for turn in range(_TIMES):
            run(_JOBS[turn % len(_JOBS)])


@contextmanager
def _nobody_listens() -> Iterator[None]:
    """The functions of the host do nothing, and filters of the module's see nothing."""
    root = logging.getLogger()
    filters, root.filters = root.filters, []
    kept = {name: getattr(job_context, name) for name in _HOST}
    for name in kept:
        setattr(job_context, name, lambda *_: None)
    try:
        yield
    finally:
        root.filters = filters
        for name, function in kept.items():
            setattr(job_context, name, function)


def close_holes() -> None:
    """Fills what is free between objects, for good where the hole is small.

    The heap grows upwards: once blocks of a size come one above the other, no hole of that size is left below.
    """
    gc.collect()
    end = 0
    spacious: list[bytes] = []
    for size in (_SPACIOUS >> halved for halved in range(13)):
        from_the_end = 0
        for _ in range(_MOST // size):
            block = bytes(size)
            (spacious if size == _SPACIOUS else _fillings).append(block)
            if id(block) > end:
                end = id(block)
                from_the_end += 1
            if from_the_end == 3:
                break
