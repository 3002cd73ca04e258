"""Reaches for files, sockets, names and servers with Python's own library, and says what came of each."""

# Looking up a name needs this codec, and a component holds only those that were imported while it was built.
import encodings.idna  # noqa: F401
import os
import socket
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cofferdam_sdk import Job, module


@dataclass
class Inputs:
    """What to reach for."""

    folder: str = "/data"
    """A folder with a file `given`."""
    port: int = 80
    """A port of this machine at which a web server listens."""


@module(name="reaching-python", version="0.1.0", description="Reaches for what nobody granted, in Python")
def run(job: Job, inputs: Inputs) -> None:
    folder, address = Path(inputs.folder), ("127.0.0.1", inputs.port)
    attempts: dict[str, Callable[[], object]] = {
        "read a file": lambda: (folder / "given").read_text(),
        "write a file": lambda: (folder / "new").write_text("written"),
        "list a folder": lambda: sorted(os.listdir(folder)),
        "leave a folder": lambda: (folder / "../../../etc/passwd").read_text(),
        "see a variable": lambda: os.environ["MODE"],
        "open a socket": lambda: socket.create_connection(address, timeout=5),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        "look up a name": lambda: socket.getaddrinfo("localhost", inputs.port),
        "send a request": lambda: urllib.request.urlopen(f"http://127.0.0.1:{inputs.port}/hello", timeout=5).read(),
    }
    for tried, attempt in attempts.items():
        try:
            job.save_result({"tried": tried, "got": repr(attempt())})
        except (OSError, KeyError) as error:
            job.save_result({"tried": tried, "error": type(error).__name__, "is_os_error": isinstance(error, OSError)})
