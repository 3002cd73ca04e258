"""Reaches for files, sockets, names and servers with Python's own library, and says what came of each; or calls a server
with the SDK."""

# Looking up a name needs this codec, and a component holds only those that were imported while it was built.
import encodings.idna  # noqa: F401
import os
import socket
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cofferdam_sdk import Job, http, module


@dataclass
class Inputs:
    """What to reach for."""

    folder: str = "/data"
    """A folder with a file `given`."""
    port: int = 80
    """A port of this machine at which a web server listens."""
    url: str | None = None
    """The server to call instead."""
    body: str | None = None
    """What is sent to it; without it the request is a GET."""
    timeout_ms: int = 30_000
    """How long the server may take."""


@module(name="reaching-python", version="0.1.0", description="Reaches for what nobody granted, in Python")
def run(job: Job, inputs: Inputs) -> None:
    if inputs.url is None:
        reach(job, Path(inputs.folder), inputs.port)
    else:
        call(job, inputs.url, inputs.body, inputs.timeout_ms / 1000)


def reach(job: Job, folder: Path, port: int) -> None:
    address = ("127.0.0.1", port)
    attempts: dict[str, Callable[[], object]] = {
        "read a file": lambda: (folder / "given").read_text(),
        "write a file": lambda: (folder / "new").write_text("written"),
        "list a folder": lambda: sorted(os.listdir(folder)),
        "leave a folder": lambda: (folder / "../../../etc/passwd").read_text(),
        "see a variable": lambda: os.environ["MODE"],
        "open a socket": lambda: socket.create_connection(address, timeout=5),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        "look up a name": lambda: socket.getaddrinfo("localhost", port),
        "send a request": lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/hello", timeout=5).read(),
    }
    for tried, attempt in attempts.items():
        try:
            job.save_result({"tried": tried, "got": repr(attempt())})
        except (OSError, KeyError) as error:
            job.save_result({"tried": tried, "error": type(error).__name__, "is_os_error": isinstance(error, OSError)})


def call(job: Job, url: str, body: str | None, timeout: float) -> None:
    if body is None:
        answer = http.get(url, timeout=timeout)
    else:
        answer = http.request("POST", url, headers={"x-sent-by": "python"}, body=body)
    location = answer.headers.get("location")
    job.save_result({"status": answer.status, "body": answer.text(), "location": location})
