"""Lines of log: text for people, or one JSON object a line for programs; never with private data.

Of our own lines the whole text is kept, with what looks like a telephone number, a mail address or a token made unreadable. What other libraries
write may quote anything, so of theirs only place, level and the constant part are kept. Of an error: its type and where it came from, since its
words may repeat what people wrote.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import orjson

from huying.telemetry import tracing

_ROOT = Path(__file__).resolve().parents[2]
#: Whose words are ours, or known to say nothing of people.
_OURS = ("huying", "portal", "flows", "uvicorn", "alembic")
_PLAIN = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
#: So many of the innermost frames of an error are told.
_FRAMES = 12

_SECRETS = (
    # links in messages, calendar feeds, one-time links, secrets and credentials
    (re.compile(r"(/(?:t|feed|calendar|account/set)/)[\w.~-]{12,}"), r"\1***"),
    (re.compile(r"whsec_[\w+/=-]+"), "whsec_***"),
    (re.compile(r"(?i)(bearer\s+|huying_session=|password=|secret=|token=|code=)[^\s;&,'\"]+"), r"\1***"),
    (re.compile(r"(//)[^/\s:@]+:[^/\s@]+@"), r"\1***@"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "***@***"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "***"),
    (re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)"), "***"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "***"),
)

_told: ContextVar[dict[str, Any] | None] = ContextVar("huying_log_facts", default=None)


@contextmanager
def told() -> Iterator[dict[str, Any]]:
    """Facts that every line within a ``with`` bears; who works for it on another thread adds to the same."""
    facts: dict[str, Any] = {}
    token = _told.set(facts)
    try:
        yield facts
    finally:
        _told.reset(token)


def about(number: str) -> None:
    """Say which issue the lines of this request or effect are about."""
    facts = _told.get()
    if facts is not None:
        facts["issue"] = number


def covered(text: str) -> str:
    """A text with what looks like a number of a person, an address or a token made unreadable."""
    for pattern, by in _SECRETS:
        text = pattern.sub(by, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the facts of the request or effect."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        facts = {**(_told.get() or {}), **getattr(record, "facts", {})}
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **facts,
        }
        if "trace" not in line and (trace := tracing.trace_id()) is not None:
            line["trace"] = trace
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


#: Where PostgreSQL repeats the row that it refused.
_ROW = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


class _Covered(logging.Formatter):
    """Text for people who look into something, with the words of errors, but without the row that a database refused."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines."""
        return covered(_ROW.sub(r"\1: ***", _PLAIN.format(record)))


def _message(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in _OURS:
        return covered(record.getMessage())
    place = f"{record.module}:{record.lineno}"
    # with arguments the text is the constant part; without, it may have been put together with whatever it quotes
    return f"{place} {record.msg}" if record.args and isinstance(record.msg, str) else place


def _error(error: BaseException) -> dict[str, Any]:
    """The type of an error and of those behind it, and where it came from; not its words."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    kinds, behind = list[str](), error.__cause__ or error.__context__
    while behind is not None and len(kinds) < 5:
        kinds.append(type(behind).__name__)
        behind = behind.__cause__ or behind.__context__
    at = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"type": type(error).__name__, **({"behind": kinds} if kinds else {}), "at": at}


def _short(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else "/".join(path.parts[-2:])


def begin(form: str, stream: TextIO | None = None) -> None:
    """Send our lines to ``stream``, the standard error by default; as JSON those of all libraries too."""
    handler = logging.StreamHandler(stream or sys.stderr)
    if form != "json":
        handler.setFormatter(_Covered())
        _only(logging.getLogger("huying"), handler)
        _only(logging.getLogger("portal"), handler)
        return
    handler.setFormatter(JsonLines())
    handler.addFilter(_worth_a_line)
    root = logging.getLogger()
    _only(root, handler)
    root.setLevel(logging.WARNING)
    for name in ("huying", "portal", "uvicorn"):
        found = logging.getLogger(name)
        found.handlers.clear()
        found.propagate = True
        found.setLevel(logging.INFO)
    _take_over()


def _only(logger: logging.Logger, handler: logging.Handler) -> None:
    logger.handlers[:] = [handler]
    if logger.name != "root":
        logger.setLevel(logging.INFO)
        logger.propagate = False


def _take_over() -> None:
    """What Prefect would print to the console goes our way; what it sends to its own page stays."""
    for name in list(logging.root.manager.loggerDict):
        found = logging.getLogger(name)
        printing = [one for one in found.handlers if type(one).__name__ == "PrefectConsoleHandler"]
        for handler in printing:
            found.removeHandler(handler)
            found.propagate = True


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Of what other libraries say, warnings and errors: whatever goes well is on Prefect's own pages."""
    return record.levelno >= logging.WARNING or record.name.split(".")[0] in _OURS
