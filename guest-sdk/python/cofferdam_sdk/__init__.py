"""Writes Cofferdam modules in Python.

    from dataclasses import dataclass
    from cofferdam_sdk import Job, module

    @dataclass
    class Inputs:
        numbers: list[float]

    @module(name="adder", version="1.0.0", description="Adds numbers")
    def run(job: Job, inputs: Inputs) -> None:
        job.save_result({"sum": sum(inputs.numbers)})

`module` reads the function's type hints: they become the JSON Schemas that the host checks jobs against, and the types
that the function gets. `testing` runs the function natively. `bindings` are the host's functions as the contract has
them.
"""

from ._errors import Failure, InvalidJsonError, LimitReachedError, SaveError, TooLargeError
from ._job import Job
from ._logging import TRACE
from ._module import Module, module
from ._shapes import Bounds

__all__ = [
    "TRACE",
    "Bounds",
    "Failure",
    "InvalidJsonError",
    "Job",
    "LimitReachedError",
    "Module",
    "SaveError",
    "TooLargeError",
    "module",
]
