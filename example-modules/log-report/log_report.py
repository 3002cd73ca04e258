"""Reports on a web server's access log: what was asked for, by whom, and what went wrong."""

import logging
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Annotated

from cofferdam_sdk import Bounds, Failure, Job, module

# The formats `common` and `combined` of Apache httpd and nginx. Inside quotation marks, Apache escapes `"` as `\"`.
LINE = re.compile(
    r'(?P<client>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?P<size>\d+|-)'
    r'(?: "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?\s*'
)


@dataclass
class Inputs:
    """What to report on."""

    log: str
    """The text of the log, one request a line, in the format `common` or `combined`."""


@dataclass
class Settings:
    """How to report."""

    top: Annotated[int, Bounds(minimum=1, maximum=1000)] = 5
    """How many paths, clients and agents are listed, the most frequent first."""
    checkpoint_every: Annotated[int, Bounds(minimum=1)] = 10_000
    """Lines from one checkpoint to the next."""


@dataclass
class State:
    """What was counted so far."""

    lines: int = 0
    unreadable: int = 0
    bytes: int = 0
    first: str | None = None
    last: str | None = None
    statuses: dict[str, int] = field(default_factory=dict)
    hours: dict[str, int] = field(default_factory=dict)
    paths: dict[str, int] = field(default_factory=dict)
    failed_paths: dict[str, int] = field(default_factory=dict)
    clients: dict[str, int] = field(default_factory=dict)
    agents: dict[str, int] = field(default_factory=dict)


@module(name="log-report", version="1.0.0", description="Reports on a web server's access log")
def run(job: Job, inputs: Inputs, settings: Settings) -> None:
    lines = inputs.log.splitlines()
    state = job.checkpoint(State) or State()
    logging.info("reading %d lines, from line %d", len(lines), state.lines + 1)
    for line in lines[state.lines :]:
        if job.is_cancelled():
            job.save_checkpoint(state)
            return
        read_line(line, state)
        if state.lines % settings.checkpoint_every == 0:
            job.save_checkpoint(state)
            job.report_progress(state.lines, len(lines))
    job.report_progress(len(lines), len(lines))
    if lines and state.unreadable == state.lines:
        raise Failure(
            f"none of the {len(lines)} lines is in the format `common` or `combined`; the first is {lines[0]!r:.200}"
        )
    for result in report(state, settings.top):
        job.save_result(result)


def read_line(line: str, state: State) -> None:
    """Counts one line."""
    state.lines += 1
    if not line.strip():
        return
    entry = LINE.fullmatch(line)
    time = parse_time(entry["time"]) if entry else None
    if entry is None or time is None:
        state.unreadable += 1
        logging.warning("line %d cannot be read: %.200s", state.lines, line)
        return
    stamp = time.isoformat()
    state.first = state.first or stamp
    state.last = stamp
    state.bytes += int(entry["size"]) if entry["size"] != "-" else 0
    count(state.statuses, entry["status"])
    count(state.hours, f"{time:%H}")
    count(state.clients, entry["client"])
    count(state.agents, entry["agent"] or "-")
    path = path_of(entry["request"])
    count(state.paths, path)
    if entry["status"] >= "400":
        count(state.failed_paths, f"{entry['status']} {path}")


def count(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1


def parse_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        return None


def path_of(request: str) -> str:
    """The path of a request line such as `GET /a?b=c HTTP/1.1`, without the query; all of it when it is no such line."""
    words = request.split(" ")
    return words[1].split("?")[0] if len(words) == 3 else request


def report(state: State, top: int) -> list[dict[str, object]]:
    """The job's results."""
    numbers = {key: value for key, value in asdict(state).items() if not isinstance(value, dict)}
    summary = numbers | {"clients": len(state.clients), "paths": len(state.paths)}
    return [
        {"report": "summary", **summary},
        {"report": "statuses", "counts": dict(sorted(state.statuses.items()))},
        {"report": "hours", "counts": dict(sorted(state.hours.items()))},
        *(
            {"report": name, "top": [{"value": value, "count": n} for value, n in Counter(counts).most_common(top)]}
            for name, counts in [
                ("paths", state.paths),
                ("failures", state.failed_paths),
                ("clients", state.clients),
                ("agents", state.agents),
            ]
        ),
    ]
