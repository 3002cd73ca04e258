import unittest
from typing import Any

from cofferdam_sdk import Job, http, module, testing


def asked(url: str, **more: Any) -> http.Request:
    """What reaches a server that answers nothing of interest."""
    seen: list[http.Request] = []

    def answer(request: http.Request) -> http.Response:
        seen.append(request)
        return http.Response(204)

    @module(name="asks", version="0.1.0")
    def asks(job: Job) -> None:
        http.request(more.pop("method", "GET"), url, **more)

    recording = testing.run(asks, http=answer)
    if recording.failure is not None:
        raise recording.failure.__context__ or recording.failure
    return seen[0]


class Asking(unittest.TestCase):
    def test_what_was_said_is_sent(self) -> None:
        request = asked("https://api.example.com/a?b=1", method="POST", headers={"x-a": "1"}, body="é", timeout=2)
        self.assertEqual((request.method, request.url), ("POST", "https://api.example.com/a?b=1"))
        self.assertEqual((request.body, request.timeout), ("é".encode(), 2))
        self.assertEqual(request.headers.fields, [("x-a", "1"), ("content-length", "2")])

    def test_json_is_sent_with_its_type_and_a_get_without_a_length(self) -> None:
        request = asked("https://a.example/", method="PUT", json={"n": [1]}, headers=[("Content-Type", "application/x")])
        self.assertEqual((request.body, request.headers["content-type"]), (b'{"n": [1]}', "application/x"))
        self.assertEqual(asked("https://a.example/", json=None).headers.fields, [])
        self.assertEqual(asked("https://a.example/", json=0).headers["Content-Type"], "application/json")
        with self.assertRaises(TypeError):
            http.request("POST", "https://a.example/", body=b"", json={})

    def test_what_could_never_be_sent_is_refused_with_its_reason(self) -> None:
        for url in ("", "/path", "api.example.com", "ftp://api.example.com/", "https://", "https://a.example/a b", "https://é"):
            with self.assertRaises(http.InvalidRequestError, msg=url):
                http.get(url)
        for more in ({"method": "A B"}, {"headers": {"a b": "1"}}, {"headers": {"a": "1\r\nb: 2"}}, {"headers": {"a": "\u20ac"}}):
            with self.assertRaises(http.InvalidRequestError, msg=str(more)):
                asked("https://a.example/", **more)
        for timeout in (0, -1, float("nan"), float("inf")):
            with self.assertRaisesRegex(ValueError, "more than 0"):
                http.get("https://a.example/", timeout=timeout)


class Answers(unittest.TestCase):
    def test_without_a_stand_in_everything_is_denied(self) -> None:
        with self.assertRaises(PermissionError) as caught:
            http.get("https://api.example.com/")
        self.assertIsInstance(caught.exception, OSError)
        self.assertIn("not granted", str(caught.exception))

    def test_an_error_of_the_stand_in_is_raised(self) -> None:
        @module(name="asks", version="0.1.0")
        def asks(job: Job) -> None:
            try:
                http.get("https://a.example/")
            except TimeoutError as error:
                job.save_result({"error": str(error)})

        def answer(request: http.Request) -> http.Response:
            raise http.TimedOutError("slow")

        self.assertEqual(testing.run(asks, http=answer).results, [{"error": "slow"}])

    def test_headers_are_known_in_upper_and_lower_case(self) -> None:
        headers = http.Headers([("Set-Cookie", "a"), ("set-cookie", "b"), ("X", "1")])
        self.assertEqual((headers["SET-COOKIE"], headers.get("y"), "x" in headers, len(headers)), ("a, b", None, True, 2))
        self.assertEqual(dict(headers), {"set-cookie": "a, b", "x": "1"})

    def test_a_body_is_bytes_text_or_json(self) -> None:
        answer = http.Response(200, body=b'{"n": 1}')
        self.assertEqual((answer.ok, answer.text(), answer.json()), (True, '{"n": 1}', {"n": 1}))
        self.assertEqual(http.Response(404, body=b"\xff").text(), "\ufffd")
        self.assertFalse(http.Response(302).ok)
