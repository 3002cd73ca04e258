import unittest
from pathlib import Path
from typing import Any

from cofferdam_sdk import testing

import log_report

LOG = (Path(__file__).parent.parent / "data/access.log").read_text()


def results(recording: testing.Recording) -> dict[str, Any]:
    return {result["report"]: result for result in recording.results}


class RealLog(unittest.TestCase):
    def test_the_counts_are_those_that_awk_finds(self) -> None:
        recording = testing.run(log_report.run, {"log": LOG})
        self.assertIsNone(recording.failure)
        report = results(recording)
        summary = report["summary"]
        self.assertEqual((summary["lines"], summary["unreadable"], summary["clients"]), (332, 0, 9))
        self.assertEqual(
            report["statuses"]["counts"],
            {"200": 250, "301": 14, "400": 2, "403": 13, "404": 36, "405": 5, "502": 12},
        )
        self.assertEqual(sum(report["hours"]["counts"].values()), 332)
        self.assertEqual(report["failures"]["top"][0]["value"].split()[0], "404")

    def test_a_stopped_report_goes_on_and_says_the_same(self) -> None:
        whole = testing.run(log_report.run, {"log": LOG})
        stopped = testing.run(log_report.run, {"log": LOG}, cancel_after=100)
        self.assertEqual((stopped.results, stopped.checkpoints[-1]["lines"]), ([], 100))
        resumed = testing.run(log_report.run, {"log": LOG}, checkpoint=stopped.checkpoints[-1], attempt=2)
        self.assertEqual(resumed.results, whole.results)


class OddLines(unittest.TestCase):
    def test_what_cannot_be_read_is_logged_with_its_line_and_counted(self) -> None:
        good = '::1 - ada [25/Nov/2026:13:39:56 +0000] "GET /a?b=c HTTP/1.1" 200 -'
        recording = testing.run(log_report.run, {"log": f"{good}\nnonsense\n\n{good.replace('Nov', 'Nay')}"})
        summary = results(recording)["summary"]
        self.assertEqual((summary["lines"], summary["unreadable"], summary["bytes"]), (4, 2, 0))
        self.assertIn(("warn", "line 2 cannot be read: nonsense"), recording.log)
        self.assertEqual(results(recording)["paths"]["top"], [{"value": "/a", "count": 1}])

    def test_a_text_that_is_no_log_is_a_failure(self) -> None:
        failure = testing.run(log_report.run, {"log": "a\nb"}).failure
        assert failure is not None
        self.assertIn("none of the 2 lines", failure.message)

    def test_an_empty_log_has_an_empty_report(self) -> None:
        self.assertEqual(results(testing.run(log_report.run, {"log": ""}))["paths"]["top"], [])
