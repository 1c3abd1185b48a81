"""Event logs as XES (IEEE 1849-2016): written for the field's tools, and read from theirs or ours.

An event's ``concept:name`` is its activity, ``org:resource`` who did it, ``org:role`` in which role, ``time:timestamp`` when; ours says besides
at which step (``huying:step``) and since when it could be done (``huying:waiting_since``).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from huying.logs.history import LogEntry, Trace

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace"><string key="concept:name" value=""/></global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
    <string key="org:resource" value=""/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
"""


class NotXes(ValueError):
    """The file is no XES log; the words say where."""


def write(traces: Iterable[Trace], file: IO[str]) -> int:
    """Write a log; how many issues."""
    count = 0
    file.write(_HEAD)
    for trace in traces:
        file.write("".join(_trace(trace)))
        count += 1
    file.write("</log>\n")
    return count


def _trace(trace: Trace) -> Iterator[str]:
    yield "  <trace>\n"
    yield _text("concept:name", trace.number, 4)
    yield _text("huying:definition", trace.definition, 4)
    yield f'    <int key="huying:version" value="{trace.version}"/>\n'
    yield _text("huying:station", trace.station, 4)
    if trace.resolution:
        yield _text("huying:resolution", trace.resolution, 4)
    for entry in trace.entries:
        yield "    <event>\n"
        yield _text("concept:name", entry.activity, 6)
        yield _date("time:timestamp", entry.at)
        yield _text("org:resource", entry.who, 6)
        if entry.role:
            yield _text("org:role", entry.role, 6)
        yield _text("lifecycle:transition", "complete", 6)
        if entry.step:
            yield _text("huying:step", entry.step, 6)
        if entry.waiting_since is not None:
            yield _date("huying:waiting_since", entry.waiting_since)
        yield "    </event>\n"
    yield "  </trace>\n"


def _text(key: str, value: str, indent: int) -> str:
    return f'{" " * indent}<string key="{key}" value={quoteattr(value)}/>\n'


def _date(key: str, at: datetime) -> str:
    return f'      <date key="{key}" value="{at.isoformat(timespec="milliseconds")}"/>\n'


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A log's file, whether it is gzipped or not."""
    with path.open("rb") as plain:
        zipped = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if not zipped:
            yield plain
            return
        with gzip.GzipFile(fileobj=plain) as file:
            yield cast(IO[bytes], file)


def read(file: IO[bytes]) -> Iterator[Trace]:
    """The issues of a log, one after the other; ``NotXes`` when it is none. Logs of other tools have no steps: an activity is one then."""
    number = 0
    try:
        for _, element in ElementTree.iterparse(file):
            if _name(element) == "log" and number == 0:
                raise NotXes("日志里没有案例（trace）。 The log has no trace.")
            if _name(element) == "trace":
                number += 1
                yield _read_trace(element, number)
                element.clear()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise NotXes(f"压缩的日志坏了：{error}。 The zipped log is damaged: {error}.") from None
    except ElementTree.ParseError as error:
        raise NotXes(f"不是 XES 日志：{error}。 This is no XES log: {error}.") from None


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    return {part.get("key", ""): part.get("value", "") for part in element if part.get("key")}


def _read_trace(element: ElementTree.Element, number: int) -> Trace:
    said = _attributes(element)
    events = [_attributes(part) for part in element if _name(part) == "event"]
    ours = "huying:definition" in said
    begun = {} if ours else {_instance(one): one["time:timestamp"] for one in events if _stage(one) == "start"}
    done = [one for one in events if ours or _stage(one) in ("complete", "")]
    entries = sorted(
        (_read_event(one, n, ours, begun.get(_instance(one))) for n, one in enumerate(done, 1)),
        key=lambda one: (one.at, one.sequence),
    )
    version = said.get("huying:version", "0")
    return Trace(
        said.get("concept:name", str(number)),
        said.get("huying:definition", ""),
        int(version) if version.isascii() and version.isdigit() else 0,
        said.get("huying:station", ""),
        said.get("huying:resolution"),
        tuple(entries),
    )


def _stage(said: dict[str, str]) -> str:
    """Whether an event says that something was begun, or done: of those that only give it to somebody nothing is learnt."""
    return said.get("lifecycle:transition", "").casefold()


def _instance(said: dict[str, str]) -> tuple[str, str]:
    return said.get("concept:name", ""), said.get("concept:instance", "")


def _read_event(said: dict[str, str], sequence: int, ours: bool, begun: str | None = None) -> LogEntry:
    activity = said.get("concept:name", "")
    since = said.get("huying:waiting_since")
    return LogEntry(
        sequence,
        _moment(said.get("time:timestamp", "")),
        activity,
        said.get("huying:step", "" if ours else activity),
        said.get("org:role", "" if ours else said.get("org:group", "")),
        said.get("org:resource", ""),
        _moment(since) if since else None,
        _moment(begun) if begun else None,
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotXes(f"时间写得不对：“{text}”。 “{text}” is no moment.") from None
    return moment if moment.tzinfo else moment.astimezone()
