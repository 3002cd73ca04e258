import logging
import sys
import unittest

from cofferdam_sdk import _rehearsal, bindings, module, testing
from cofferdam_sdk.bindings import job_context, types


class Rehearsing(unittest.TestCase):
    def test_the_play_goes_to_its_end(self) -> None:
        played = module(name="play", version="0.1.0")(_rehearsal.play)
        recording = testing.run(played, {"text": "x", "count": 1}, checkpoint={"n": 1})
        self.assertIsNone(recording.failure)
        self.assertEqual(recording.checkpoints, [{"n": 2}])
        self.assertEqual(recording.results, [{"part": {"name": "", "share": 0.5}, "text": "x"}])
        self.assertEqual(recording.log[0], ("info", "x is 1"))

    def test_nobody_hears_of_it_and_all_is_as_it_was_before(self) -> None:
        root = logging.getLogger()
        heard: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
        root.addHandler(handler)
        self.addCleanup(root.removeHandler, handler)

        def hear(record: logging.LogRecord) -> bool:
            heard.append(record.getMessage())
            return True

        root.addFilter(hear)
        self.addCleanup(root.removeFilter, hear)
        before = (root.handlers[:], root.filters[:], root.level, vars(job_context).copy())
        jobs: list[types.Job] = []

        def run(job: types.Job) -> None:
            logging.warning("rehearsing")
            job_context.save_result("{}")
            jobs.append(job)

        _rehearsal.rehearse(run)
        self.assertEqual((root.handlers[:], root.filters[:], root.level, vars(job_context)), before)
        self.assertEqual({job.attempt for job in jobs}, {1, 2})
        self.assertEqual(heard, [])

    def test_it_is_for_components_alone(self) -> None:
        self.assertNotEqual(sys.platform, "wasi")
        rehearsed = len(_rehearsal._fillings)
        module(name="made", version="0.1.0")(lambda: None)
        self.assertEqual(len(_rehearsal._fillings), rehearsed)
        self.assertIs(bindings.job_context, job_context)

    def test_after_an_error_the_functions_of_the_host_are_back(self) -> None:
        log = job_context.log

        def run(job: types.Job) -> None:
            raise ValueError("on purpose")

        with self.assertRaises(ValueError):
            _rehearsal.rehearse(run)
        self.assertIs(job_context.log, log)
