import logging
import unittest
from dataclasses import dataclass
from typing import Any, TypedDict

from cofferdam_sdk import (
    TRACE,
    Failure,
    InvalidJsonError,
    Job,
    LimitReachedError,
    TooLargeError,
    bindings,
    module,
    testing,
)


@dataclass
class Inputs:
    """What to add."""

    numbers: list[float]


class Sum(TypedDict):
    total: float


@module(name="adder", version="1.0.0")
def adder(job: Job, inputs: Inputs, settings: dict[str, Any]) -> None:
    """Adds
    numbers.

    One after the other.
    """
    state = job.checkpoint(Sum) or Sum(total=0)
    for index, number in enumerate(inputs.numbers):
        if job.is_cancelled():
            return
        state["total"] += number
        job.save_checkpoint(state)
        job.report_progress(index + 1, len(inputs.numbers))
    job.save_result(state)


def made(function: Any) -> Any:
    return module(name="made", version="0.1.0")(function)


class Describing(unittest.TestCase):
    def test_the_description_is_the_first_paragraph_of_the_docstring(self) -> None:
        self.assertEqual(adder.description, "Adds numbers.")

    def test_the_component_finds_its_runner_in_the_file_of_the_function(self) -> None:
        made(lambda: None)
        info = globals()["Runner"]().describe()
        self.assertEqual((info.name, info.version), ("made", "0.1.0"))
        self.assertIn('"additionalProperties": false', info.inputs_schema)

    def test_names_and_versions_that_the_host_would_refuse_are_refused_at_once(self) -> None:
        for name in ("", "-a", "a--b", "A", "a_b", "a" * 65, "a\n"):
            with self.subTest(name=name), self.assertRaisesRegex(ValueError, "lowercase letters"):
                module(name=name, version="1.0.0")
        for version in ("1", "1.0", "v1.0.0", "1.0.0.0"):
            with self.subTest(version=version), self.assertRaisesRegex(ValueError, "three numbers"):
                module(name="a", version=version)

    def test_functions_that_could_never_run_are_refused_at_once(self) -> None:
        def with_other(job: Job, other: int) -> None: ...
        def with_wrong_job(job: int) -> None: ...
        async def waits(job: Job) -> None: ...

        for function, message in [
            (with_other, "has an argument `other`"),
            (with_wrong_job, "is of the type `cofferdam_sdk.Job`"),
            (waits, "must be an ordinary function"),
        ]:
            with self.subTest(message), self.assertRaisesRegex(TypeError, message):
                made(function)


class Running(unittest.TestCase):
    def test_results_checkpoints_and_progress_are_kept(self) -> None:
        recording = testing.run(adder, {"numbers": [1, 2]}, checkpoint={"total": 10}, attempt=2)
        self.assertIsNone(recording.failure)
        self.assertEqual(recording.results, [{"total": 13}])
        self.assertEqual(recording.checkpoints, [{"total": 11}, {"total": 13}])
        self.assertEqual((recording.progress, recording.final_results), ([(1, 2), (2, 2)], 0))

    def test_a_job_stops_when_it_is_asked_to(self) -> None:
        recording = testing.run(adder, {"numbers": [1, 2]}, cancel_after=1)
        self.assertEqual((recording.checkpoints, recording.results), ([{"total": 1}], []))

    def test_inputs_that_do_not_fit_never_reach_the_function(self) -> None:
        recording = testing.run(adder, {"numbers": "x"})
        assert recording.failure is not None
        self.assertEqual(recording.failure.message, 'inputs.numbers does not fit: expected a list, found the text "x"')
        self.assertFalse(recording.failure.retryable)

    def test_a_function_that_takes_no_inputs_gets_none(self) -> None:
        recording = testing.run(made(lambda: None), {"fast": True})
        assert recording.failure is not None
        self.assertIn("inputs.fast does not fit: unknown field, expected no fields", recording.failure.message)

    def test_a_checkpoint_that_does_not_fit_names_the_field(self) -> None:
        recording = testing.run(adder, {"numbers": [1]}, checkpoint={"total": "x"})
        assert recording.failure is not None
        self.assertIn("checkpoint.total does not fit: expected a number", recording.failure.message)

    def test_a_returned_value_is_not_dropped_in_silence(self) -> None:
        recording = testing.run(made(lambda: {"sum": 1}))
        self.assertEqual(recording.log[0][0], "warn")
        self.assertIn("job.save_result", recording.log[0][1])


class Failing(unittest.TestCase):
    def test_a_failure_says_whether_running_again_may_help_and_why_it_came(self) -> None:
        @module(name="fails", version="0.1.0")
        def fails() -> None:
            try:
                raise OSError("no route")
            except OSError as error:
                raise Failure("not fetched", retryable=True) from error

        failure = testing.run(fails).failure
        assert failure is not None
        self.assertEqual((failure.message, failure.retryable), ("not fetched: no route", True))

    def test_causes_that_go_round_in_a_circle_end(self) -> None:
        failure, cause = Failure("one"), ValueError("two")
        failure.__cause__, cause.__cause__ = cause, failure
        self.assertEqual(failure.message, "one: two")

    def test_an_exception_that_nobody_catches_is_logged_with_its_stack(self) -> None:
        def deep() -> None:
            raise KeyError("lost \ud800")

        recording = testing.run(made(lambda: deep()))
        assert recording.failure is not None
        self.assertTrue(recording.failure.message.startswith("KeyError: 'lost"))
        ((level, trace),) = recording.log
        self.assertEqual(level, "error")
        self.assertIn("in deep", trace)
        self.assertNotIn("cofferdam_sdk/_module.py", trace)

    def test_leaving_the_interpreter_is_a_failure_that_says_what_to_do(self) -> None:
        recording = testing.run(made(lambda: exit(0)))
        assert recording.failure is not None
        self.assertIn("returning from its function", recording.failure.message)


class Saving(unittest.TestCase):
    def refusal(self, value: Any, limits: testing.HostLimits | None = None) -> Any:
        caught: list[Exception] = []

        @module(name="saves", version="0.1.0")
        def saves(job: Job) -> None:
            for save in (job.save_result, job.save_checkpoint):
                try:
                    save(value)
                except Exception as error:
                    caught.append(error)

        self.assertIsNone(testing.run(saves, limits=limits).failure)
        return caught[0]

    def test_what_is_no_json_object_is_refused_with_the_reason(self) -> None:
        for value in ([1], {"a": float("nan")}, {"a": 1j}, {"a": "\ud800"}, 7, {(1, 2): 3}):
            with self.subTest(value=value):
                self.assertIsInstance(self.refusal(value), InvalidJsonError)

    def test_dataclasses_and_enumerations_are_saved_as_they_look(self) -> None:
        @module(name="saves", version="0.1.0")
        def saves(job: Job) -> None:
            job.save_result(Inputs([1]))
            job.save_result({"inputs": [Inputs([2])], "names": {"b", "a"}})

        results = testing.run(saves).results
        self.assertEqual(results, [{"numbers": [1]}, {"inputs": [{"numbers": [2]}], "names": ["a", "b"]}])

    def test_the_hosts_refusals_are_typed(self) -> None:
        large = self.refusal({"a": "x" * 9}, testing.HostLimits(result_bytes=8))
        self.assertIsInstance(large, TooLargeError)
        self.assertEqual(large.limit_bytes, 8)
        full = self.refusal({}, testing.HostLimits(results=0))
        self.assertIsInstance(full, LimitReachedError)
        self.assertIn("at most 0 results", full.limit)

    def test_a_refusal_that_nobody_catches_fails_the_job(self) -> None:
        recording = testing.run(
            made(lambda job: job.save_result({"a": "x" * 9})), limits=testing.HostLimits(result_bytes=8)
        )
        assert recording.failure is not None
        self.assertIn("larger than 8 bytes", recording.failure.message)


class Logging(unittest.TestCase):
    def test_the_levels_of_logging_are_those_of_the_host(self) -> None:
        @module(name="logs", version="0.1.0")
        def logs() -> None:
            for level in (TRACE, logging.DEBUG, logging.INFO, 25, logging.WARNING, logging.ERROR, logging.CRITICAL, 99):
                logging.getLogger("some.name").log(level, "at %d \ud800", level)

        log = testing.run(logs).log
        self.assertEqual(
            [level for level, _ in log], ["trace", "debug", "info", "info", "warn", "error", "critical", "critical"]
        )
        self.assertEqual(log[0][1], "at 5 \\ud800")

    def test_an_exception_is_logged_with_its_stack(self) -> None:
        @module(name="logs", version="0.1.0")
        def logs() -> None:
            try:
                raise ValueError("odd")
            except ValueError:
                logging.exception("skipped")

        ((level, text),) = testing.run(logs).log
        self.assertEqual(level, "error")
        self.assertTrue(text.startswith("skipped\nTraceback") and text.endswith("ValueError: odd"), text)

    def test_a_level_that_the_module_has_set_stays(self) -> None:
        @module(name="logs", version="0.1.0")
        def logs() -> None:
            logging.info("hidden")
            logging.error("shown")

        root = logging.getLogger()
        before = root.level
        root.setLevel(logging.ERROR)
        try:
            self.assertEqual(testing.run(logs).log, [("error", "shown")])
        finally:
            root.setLevel(before)


class Sleeping(unittest.TestCase):
    def test_seconds_become_whole_milliseconds_rounded_up(self) -> None:
        recording = testing.run(made(lambda job: job.sleep(0.0101)))
        self.assertEqual(recording.slept_seconds, 0.011)

    def test_numbers_that_would_trap_the_module_are_refused(self) -> None:
        for call in (
            lambda job: job.sleep(-1),
            lambda job: job.report_progress(-1),
            lambda job: job.report_progress(1, 2**64),
        ):
            recording = testing.run(made(call))
            assert recording.failure is not None
            self.assertIn("must be", recording.failure.message)

    def test_the_raw_functions_reach_the_stand_in(self) -> None:
        recording = testing.run(made(lambda job: job.save_result({"same": bindings.job_context.job_id() == job.id})))
        self.assertEqual(recording.results, [{"same": True}])
