"""From a function to a module: what it says about itself, and how a job reaches it."""

import inspect
import io
import json
import re
import sys
import traceback
import typing
from collections.abc import Callable
from functools import update_wrapper
from types import TracebackType
from typing import Any, Generic, ParamSpec

from . import _component, _logging, _rehearsal
from ._errors import Failure
from ._job import Job
from ._shapes import Misfit, Nothing, Shape, schema_of, shape_of
from ._text import encodable
from .bindings import Err, job_context, types

P = ParamSpec("P")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


def module(*, name: str, version: str, description: str | None = None) -> Callable[[Callable[P, None]], "Module[P]"]:
    """Makes a function the module of its component.

    The function may take `job`, `inputs` and `settings`, known by their names, each optional. The types of `inputs` and
    `settings` are dataclasses, `TypedDict`s or `dict`, and become the module's JSON Schemas. `name` is lowercase words
    joined by single hyphens, `version` a semantic version, `description` the first paragraph of the function's
    docstring unless given.

    The function can still be called as it is. Raises `TypeError` or `ValueError`, while the file is imported, for what
    could never work.
    """
    if not _NAME.fullmatch(name) or len(name) > 64:
        raise ValueError(
            f"`{name}` cannot be a module's name: use 1 to 64 lowercase letters, digits and single hyphens"
        )
    if not _VERSION.fullmatch(version):
        raise ValueError(f"`{version}` is no version: use three numbers, such as `1.0.0`")

    def decorate(function: Callable[P, None]) -> Module[P]:
        made = Module(function, name, version, description)
        # The component's `run` and `describe` are looked up under this name in the file that is built.
        function.__globals__["Runner"] = lambda: _Runner(made)
        if _component.INSIDE:
            _component.prepare()
            _rehearsal.rehearse(_Runner(Module(_rehearsal.play, "rehearsal", version, "")).run)
            _rehearsal.close_holes()
        return made

    return decorate


class Module(Generic[P]):
    """A function that the host can run as jobs. Calling it calls the function."""

    def __init__(self, function: Callable[P, None], name: str, version: str, description: str | None) -> None:
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            raise TypeError(
                f"`{function.__name__}` must be an ordinary function: the host calls it once and waits for its end"
            )
        self.name = name
        self.version = version
        self.description = description or _first_paragraph(function)
        self._function = function
        self._shapes = _shapes_of_arguments(function)
        # Made while the component is built, where the sources with their doc texts can be read.
        self.inputs_schema = self._schema("inputs")
        self.settings_schema = self._schema("settings")
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self._function(*args, **kwargs)

    def attempt(self, raw: types.Job) -> None:
        """Reads inputs and settings, then calls the function. Raises whatever ends the run."""
        texts = {"inputs": raw.inputs, "settings": raw.settings}
        try:
            arguments = {name: self._shape(name).read(json.loads(text), name) for name, text in texts.items()}
        except Misfit as misfit:
            raise Failure(str(misfit)) from None
        arguments["job"] = Job(raw.id, raw.attempt, raw.checkpoint)
        taken: dict[str, Any] = {name: arguments[name] for name in self._shapes}
        dropped: Any = self._function(**taken)  # type: ignore[call-arg]
        if dropped is not None:
            job_context.log(
                f"`{self._function.__name__}` returned a value, which is dropped: save it with `job.save_result`",
                types.LogLevel.WARN,
            )

    def _shape(self, argument: str) -> Shape:
        return self._shapes.get(argument) or shape_of(Nothing, argument)

    def _schema(self, argument: str) -> dict[str, Any]:
        schema = schema_of(self._shape(argument))
        if argument not in self._shapes:
            del schema["description"]
        return schema


class _Runner:
    """What the component exports."""

    def __init__(self, module: Module[Any]) -> None:
        self._module = module

    def describe(self) -> types.ModuleInfo:
        module = self._module
        schemas = (json.dumps(module.inputs_schema), json.dumps(module.settings_schema))
        return types.ModuleInfo(module.name, module.version, encodable(module.description), *schemas)

    def run(self, job: types.Job) -> None:
        _logging.install()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # What is printed keeps its place among the lines that are logged.
                stream.reconfigure(line_buffering=True)
        failure = failure_of(self._module, job)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if failure is not None:
            make = types.Failure_Retryable if failure.retryable else types.Failure_Permanent
            raise Err(make(encodable(failure.message)))


def failure_of(module: Module[Any], job: types.Job) -> Failure | None:
    """Runs the module. An exception that nobody caught is logged with its stack trace and becomes a failure."""
    try:
        module.attempt(job)
    except Failure as failure:
        return failure
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return _failure_of_uncaught(error)
    return None


def _failure_of_uncaught(error: BaseException) -> Failure:
    error.__traceback__ = _without_own_frames(error.__traceback__)
    trace = "".join(traceback.format_exception(error)).rstrip()
    job_context.log(encodable(_component.readable(trace)), types.LogLevel.ERROR)
    text = "".join(traceback.format_exception_only(error)).strip()
    failure = Failure(text + _component.hint_for(error))
    failure.__context__ = error
    return failure


def _without_own_frames(trace: TracebackType | None) -> TracebackType | None:
    """The stack below this file, whose frames are of no use to the module's author."""
    while trace is not None and trace.tb_next is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


def _shapes_of_arguments(function: Callable[..., None]) -> dict[str, Shape]:
    hints = typing.get_type_hints(function, include_extras=True)
    shapes = {}
    for name in inspect.signature(function).parameters:
        if name not in ("job", "inputs", "settings"):
            raise TypeError(
                f"`{function.__name__}` has an argument `{name}`: "
                "a module's function takes `job`, `inputs` and `settings`"
            )
        hint = hints.get(name, Job if name == "job" else dict)
        if name == "job" and hint is not Job:
            raise TypeError(
                f"`{function.__name__}`: the argument `job` is of the type `cofferdam_sdk.Job`, not `{hint}`"
            )
        shapes[name] = Shape() if name == "job" else shape_of(hint, name)
    return shapes


def _first_paragraph(function: Callable[..., None]) -> str:
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
