"""The conformance module in Python: one behaviour for each thing that the SDK promises."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict

from cofferdam_sdk import (
    TRACE,
    Bounds,
    Failure,
    Job,
    LimitReachedError,
    TooLargeError,
    bindings,
    module,
)

Behaviour = Literal[
    "log-levels",
    "log-many",
    "log-size",
    "echo",
    "results",
    "big-result",
    "big-checkpoint",
    "full",
    "invalid-json",
    "checkpoints",
    "progress",
    "sleep",
    "wait-for-stop",
    "permanent",
    "retryable",
    "exception",
    "wrong-checkpoint",
]


@dataclass
class Inputs:
    """What to do, and how much of it."""

    behaviour: Behaviour
    """What to do."""
    count: Annotated[int, Bounds(minimum=0)] = 0
    """How many of it."""
    size: Annotated[int, Bounds(minimum=0)] = 0
    """How large, in letters, or how long, in milliseconds."""
    text: str = ""
    """What to say."""


@dataclass
class Settings:
    """How to say it."""

    prefix: str = ""
    """What stands before the text."""


class State(TypedDict):
    """How far the job is."""

    n: int


@module(name="conformance-python", version="0.1.0", description="Shows each promise of the Python SDK")
def run(job: Job, inputs: Inputs, settings: Settings) -> None:
    BEHAVIOURS[inputs.behaviour](job, inputs, settings)


def log_levels(job: Job, inputs: Inputs, settings: Settings) -> None:
    levels = (TRACE, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
    for level in levels:
        logging.log(level, "%s%s", settings.prefix, inputs.text)


def log_many(job: Job, inputs: Inputs, settings: Settings) -> None:
    for number in range(1, inputs.count + 1):
        logging.info("line %d", number)


def log_size(job: Job, inputs: Inputs, settings: Settings) -> None:
    logging.info("x" * inputs.size)


def echo(job: Job, inputs: Inputs, settings: Settings) -> None:
    result = {
        "text": inputs.text,
        "prefix": settings.prefix,
        "count": inputs.count,
        "attempt": job.attempt,
        "job_id": job.id,
        "same_id": bindings.job_context.job_id() == job.id,
    }
    job.save_result(result)
    logging.info(inputs.text)


def results(job: Job, inputs: Inputs, settings: Settings) -> None:
    for number in range(1, inputs.count + 1):
        job.save_result({"n": number})


def big_result(job: Job, inputs: Inputs, settings: Settings) -> None:
    try:
        job.save_result({"text": "x" * inputs.size})
    except TooLargeError as refusal:
        say_refused(job, refusal)


def big_checkpoint(job: Job, inputs: Inputs, settings: Settings) -> None:
    try:
        job.save_checkpoint({"text": "x" * inputs.size})
        job.save_result({"saved": inputs.size})
    except TooLargeError as refusal:
        say_refused(job, refusal)


def say_refused(job: Job, refusal: TooLargeError) -> None:
    logging.warning("%s", refusal)
    job.save_result({"refused": "too-large", "limit": refusal.limit_bytes})


def full(job: Job, inputs: Inputs, settings: Settings) -> None:
    try:
        for _ in range(inputs.count):
            job.save_result({"text": "x" * inputs.size})
    except LimitReachedError as refusal:
        logging.warning("limit reached: %s", refusal.limit)
        return
    raise Failure("never refused")


def invalid_json(job: Job, inputs: Inputs, settings: Settings) -> None:
    host = bindings.job_context
    refused = 0
    for save in (host.save_result, host.save_checkpoint):
        for text in ("[1]", '{"a":'):
            try:
                save(text)
            except bindings.Err as error:
                refused += isinstance(error.value, bindings.types.SaveError_InvalidJson)
    job.save_result({"refused": refused})


def checkpoints(job: Job, inputs: Inputs, settings: Settings) -> None:
    state = job.checkpoint(State) or State(n=0)
    for number in range(state["n"] + 1, inputs.count + 1):
        if job.is_cancelled():
            return
        job.save_result({"n": number})
        job.save_checkpoint(State(n=number))
        job.report_progress(number, inputs.count)
        if inputs.size > 0:
            job.sleep(inputs.size / 1000)


def progress(job: Job, inputs: Inputs, settings: Settings) -> None:
    for number in range(1, inputs.count + 1):
        job.report_progress(number, inputs.count)
    job.report_progress(inputs.count)


def sleep(job: Job, inputs: Inputs, settings: Settings) -> None:
    job.sleep(inputs.size / 1000)
    job.save_result({"cancelled": job.is_cancelled()})


def wait_for_stop(job: Job, inputs: Inputs, settings: Settings) -> None:
    while not job.is_cancelled():
        job.sleep(1)
    job.save_checkpoint({"stopped": True})


def permanent(job: Job, inputs: Inputs, settings: Settings) -> None:
    raise Failure(inputs.text)


def retryable(job: Job, inputs: Inputs, settings: Settings) -> None:
    if job.attempt < inputs.count:
        raise Failure(inputs.text, retryable=True)
    job.save_result({"attempt": job.attempt})


def outer(job: Job, inputs: Inputs, settings: Settings) -> None:
    deep(inputs.text)


def deep(text: str) -> None:
    raise ValueError(text)


def wrong_checkpoint(job: Job, inputs: Inputs, settings: Settings) -> None:
    job.checkpoint(State)


BEHAVIOURS: dict[Behaviour, Callable[[Job, Inputs, Settings], Any]] = {
    "log-levels": log_levels,
    "log-many": log_many,
    "log-size": log_size,
    "echo": echo,
    "results": results,
    "big-result": big_result,
    "big-checkpoint": big_checkpoint,
    "full": full,
    "invalid-json": invalid_json,
    "checkpoints": checkpoints,
    "progress": progress,
    "sleep": sleep,
    "wait-for-stop": wait_for_stop,
    "permanent": permanent,
    "retryable": retryable,
    "exception": outer,
    "wrong-checkpoint": wrong_checkpoint,
}
