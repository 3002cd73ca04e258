"""Counts the words of texts. A start: replace it with work of your own."""

import logging
from dataclasses import dataclass
from typing import Annotated, TypedDict

from cofferdam_sdk import Bounds, Job, module


@dataclass
class Inputs:
    """What to count."""

    texts: list[str]
    """The texts whose words are counted."""


@dataclass
class Settings:
    """How to count."""

    shortest: Annotated[int, Bounds(minimum=1)] = 1
    """Words with fewer letters are left out."""


class State(TypedDict):
    """What a checkpoint holds."""

    done: int
    words: int


@module(name="{{name}}", version="0.1.0")
def run(job: Job, inputs: Inputs, settings: Settings) -> None:
    """Counts the words of texts."""
    state = job.checkpoint(State) or State(done=0, words=0)
    logging.info("counting from text %d of %d", state["done"] + 1, len(inputs.texts))
    for text in inputs.texts[state["done"] :]:
        if job.is_cancelled():
            return
        words = sum(len(word) >= settings.shortest for word in text.split())
        job.save_result({"text": text, "words": words})
        state = State(done=state["done"] + 1, words=state["words"] + words)
        # Makes the results so far final. Where a step takes milliseconds, do this every few seconds instead.
        job.save_checkpoint(state)
        job.report_progress(state["done"], len(inputs.texts))
    job.save_result({"total": state["words"]})
