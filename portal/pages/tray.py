"""The tray: what came in by mail and the like and waits for somebody to decide: into an issue, into a new one, away."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import spoken, words
from engine.refusal import Refusal
from huying.errors import NotFound
from huying.house.kept import taken
from huying.inbound.deeds import (
    AttachWish,
    attach_message,
    block_sender,
    confirm_bounce,
    hand_message,
    ignore_message,
    return_message,
    unblock_sender,
)
from huying.inbound.files import EnclosedFile
from huying.inbound.view import (
    TRAY_LISTS,
    TrayList,
    TrayMessage,
    other_stations,
    raw_of,
    tray_counts,
    tray_lines,
    tray_message,
)
from huying.inbound.words import TRUST
from huying.mail.content import content_of
from huying.shelf.scans import inspect
from huying.words.channels import channel_title
from huying.words.moments import moment_words
from portal.frame.bounds import Number
from portal.frame.errors import STATUS
from portal.frame.file import answer_with
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.letters import note_reading, takes_letters

router = APIRouter(dependencies=[needs("keep tray")])
_ANYTHING = "application/octet-stream"


@router.get("/tray")
def tray(at: SignedIn, which: str = "tray") -> Response:
    """What waits, what was settled, or what machines sent."""
    chosen: TrayList = next((one for one in TRAY_LISTS if one == which), "tray")
    lines = tray_lines(at.house, at.somebody, chosen, at.language)
    return at.page(
        "tray.html",
        lines=[(one, moment_words(one.at, at.house.zone, at.language)) for one in lines],
        counts=tray_counts(at.house, at.somebody),
        which=chosen,
        channels=_channels(at),
        trust=_trust(at),
    )


@router.get("/tray/{message}")
def message(at: SignedIn, message: Number) -> Response:
    """One of them, whole, with what can be done."""
    return _one(at, message)


@router.get("/tray/{message}/files/{number}")
def file(at: SignedIn, message: Number, number: Number) -> Response:
    """A file that came with it: a picture as this house takes it, everything else to be saved as it came."""
    files = _files(at, message)
    if number >= len(files):
        raise NotFound("没有这个附件。", "There is no such attachment.")
    one = files[number]
    if at.house.store.scanner is not None:
        inspect(at.house.store.scanner, one.content)
    note_reading(at, message, file=one.name[:100])
    try:
        whole = taken(at.house.store, one.name, one.content)
    except Refusal:
        # what it claims to be is not believed: it is saved, and never shown
        return answer_with(one.name, _ANYTHING, one.content)
    return answer_with(whole.name, whole.media_type, whole.content)


@router.get("/tray/{message}/raw")
def raw(at: SignedIn, message: Number) -> Response:
    """The message as it came."""
    content = raw_of(at.house, at.somebody, message)
    if content is None:
        raise NotFound("原件已按期限删除。", "The original was removed when its time was over.")
    note_reading(at, message, file="raw")
    return answer_with(f"{message}.eml", _ANYTHING, content)


@router.post("/tray/{message}")
def decide(at: SignedIn, form: Submitted, message: Number) -> Response:
    """Do with it what was chosen; back to the tray, or to the message with what is missing."""
    try:
        place = _done(at, form, message)
    except Refusal as refusal:
        return _one(at, message, form, refusal)
    return at.go(place)


def _done(at: Reception, form: Submission, message: int) -> str:
    by, reason = at.by(form.request_id), form.entry("reason")
    here = f"/tray/{message}"
    match form.entry("do"):
        case "attach":
            wanted = AttachWish(form.entry("number"), form.entry("reporter") == "yes")
            attach_message(at.house, message, wanted, _files(at, message), by)
            return here
        case "ignore":
            ignore_message(at.house, message, reason, by)
        case "return":
            return_message(at.house, message, by)
            return here
        case "hand":
            hand_message(at.house, message, form.entry("station"), by)
        case "block":
            block_sender(at.house, message, reason, by)
        case "unblock":
            unblock_sender(at.house, message, by)
            return here
        case "bounce":
            confirm_bounce(at.house, message, by)
        case _:
            raise NotFound("没有这种处理办法。", "Nothing like this can be done.")
    return "/tray"


def _one(at: Reception, message: int, form: Submission | None = None, refusal: Refusal | None = None) -> Response:
    seen = tray_message(at.house, at.somebody, message, at.language)
    note_reading(at, message)
    return at.page(
        "tray_message.html",
        STATUS.get(refusal.code, 400) if refusal else 200,
        seen=seen,
        when=moment_words(seen.line.at, at.house.zone, at.language),
        entries=form.entries if form else {},
        refused=_said(refusal, at.language) if refusal else "",
        channels=_channels(at),
        trust=_trust(at),
        stations=other_stations(at.house, seen.station_code, at.language),
        theirs=_is_theirs(seen),
        takes=takes_letters(at, seen),
    )


def _is_theirs(seen: TrayMessage) -> bool:
    """Whether the sender is known as the reporter of what is suggested."""
    return seen.suggested is not None and any(one.reporter == seen.suggested.reporter for one in seen.earlier)


def _said(refusal: Refusal, language: str) -> str:
    errors = getattr(refusal, "errors", None)
    if errors:
        return " ".join(words(one, language) for one in errors.values())
    return refusal.message[spoken(language)]


def _files(at: Reception, message: int) -> tuple[EnclosedFile, ...]:
    content = raw_of(at.house, at.somebody, message)
    return content_of(content).files if content is not None else ()


def _channels(at: Reception) -> dict[str, str]:
    known = at.house.channels.all()
    return {key: channel_title(known, key, at.language) for key in known}


def _trust(at: Reception) -> dict[str, str]:
    return {key: said.of(at.language) for key, said in TRUST.items()}
