"""Ways in, for the office: which there are and what came by each, a text to check and adopt, and one to close or open again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from definitions.finding import Finding, Unreadable
from definitions.loader import Unsound
from definitions.text import Said, words
from huying.channels.publication import CHANNEL_FILE, channel_versions_of, examine_channel, publish_channel
from huying.channels.view import channel_lines
from huying.errors import NotFound
from huying.house.imprint import Imprint
from huying.processes.findings import CheckReport
from huying.words.moments import moment_words
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("keep channels")])
_LONGEST = 20_000
_EMPTY = """channel: kiosk
title: {zh: 自助屏, en: Kiosk}
at: [form]
online: true
rank: 200
"""
_CLOSED = re.compile(r"^closed:.*\n?", re.M)


@router.get("/channels")
def channels(at: SignedIn) -> Response:
    """All ways in, with what came by each this year."""
    return at.page("channels.html", lines=channel_lines(at.house, at.somebody, at.language, at.now))


@router.get("/channels/new")
def new(at: SignedIn) -> Response:
    """A text to begin with."""
    return _text(at, _EMPTY)


@router.get("/channels/{key}")
def channel(at: SignedIn, key: str) -> Response:
    """One way in: its text, and its versions."""
    found = channel_versions_of(at.house, key)
    return _text(at, found[0].source, key=key)


@router.post("/channels")
def adopt(at: SignedIn, form: Submitted) -> Response:
    """Check a text, or adopt it; ``do`` may also be to close a channel, or to open it again."""
    key, do = form.entry("key"), form.entry("do")
    source = form.entries.get("source", "").replace("\r\n", "\n")[:_LONGEST]
    if do in ("close", "open"):
        source = _CLOSED.sub("", channel_versions_of(at.house, key)[0].source).rstrip("\n") + "\n"
        source += "closed: true\n" if do == "close" else ""
    try:
        found = examine_channel(at.house, source, CHANNEL_FILE, at.now)
        if found.findings or found.channel is None:
            return _text(at, source, key=key, findings=found.findings, status=422)
        if do == "check":
            return _text(at, source, key=key, sound=True)
        done, _ = publish_channel(
            at.house, source, CHANNEL_FILE, Imprint(at.somebody.name, at.now, form.entry("note")[:1000])
        )
    except (Unreadable, Unsound) as error:
        return _text(at, source, key=key, findings=error.findings, status=422)
    return at.go(f"/channels/{done.channel}")


def _text(
    at: Reception,
    source: str,
    *,
    key: str = "",
    findings: Sequence[Finding] = (),
    sound: bool = False,
    status: int = 200,
) -> Response:
    try:
        versions = channel_versions_of(at.house, key) if key else ()
    except NotFound:
        versions = ()
    shipped = Said("系统自带", "as shipped").of(at.language)
    return at.page(
        "channel.html",
        status,
        key=key if versions else "",
        title=words(versions[0].channel.title, at.language) if versions else "",
        closed=bool(versions) and versions[0].channel.closed,
        lines=[
            (
                one.version,
                moment_words(one.published_at, at.house.zone, at.language) if one.published_at else shipped,
                one.published_by,
                one.note,
            )
            for one in versions
        ],
        source=source,
        report=CheckReport(findings).text((at.language,)) if findings else "",
        sound=sound,
        back="/channels/new",
    )
