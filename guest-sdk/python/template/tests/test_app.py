import unittest

from cofferdam_sdk import testing

import app

TEXTS = {"texts": ["one two", "three"]}


class Counting(unittest.TestCase):
    def test_each_text_has_a_result_and_all_have_a_total(self) -> None:
        recording = testing.run(app.run, TEXTS)
        self.assertIsNone(recording.failure)
        self.assertEqual(recording.results, [{"text": "one two", "words": 2}, {"text": "three", "words": 1}, {"total": 3}])
        self.assertEqual(recording.progress[-1], (2, 2))

    def test_short_words_are_left_out_when_asked_for(self) -> None:
        recording = testing.run(app.run, TEXTS, {"shortest": 4})
        self.assertEqual(recording.results[-1], {"total": 1})

    def test_it_goes_on_from_its_checkpoint(self) -> None:
        stopped = testing.run(app.run, TEXTS, cancel_after=1)
        self.assertEqual(stopped.checkpoints, [{"done": 1, "words": 2}])
        resumed = testing.run(app.run, TEXTS, checkpoint=stopped.checkpoints[-1], attempt=2)
        self.assertEqual(resumed.results, [{"text": "three", "words": 1}, {"total": 3}])
