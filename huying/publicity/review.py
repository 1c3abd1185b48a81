"""Looking through what is to become public: text and pictures of the issue told of, what must not be seen of it, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.reference import Reference
from definitions.model.steps.publish import PublishStep
from engine.refusal import Invalid
from huying.access.viewer import Look, viewer
from huying.database.tables import issues, participants
from huying.errors import NotFound
from huying.house.house import House
from huying.house.kept import read_kept
from huying.issues.attachments import read_attachment
from huying.issues.record import Record, record
from huying.issues.reporter import CONTACT
from huying.issues.sight import sight
from huying.issues.views.issue import IssueView, issue_view
from huying.publicity.spots import LONGEST_TEXT, PrivateSpot, PrivateWords, possible_names, spots

#: So many names are looked for at once.
_AT_ONCE = 400
_HELD = ("text", "phone", "email", "place")
_LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class ReviewedFields:
    """Which fields of an action's form become public: those of the title (empty: none), of the text, and of photographs; ``of`` names the issue
    that is told of.
    """

    title: str
    text: str
    photos: str | None
    of: str


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """A picture of the issue told of: ``key`` names it there, ``address`` is where whoever may see that issue looks at it."""

    key: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ToldIssue:
    """The issue that is told of, as far as whoever reviews it may see it: what it is called, what was said of it, its pictures."""

    issue_id: int
    number: str
    title: str
    text: str
    pictures: tuple[SourcePicture, ...]


def reviewed_fields(definition: Definition, asked: Mapping[str, Field]) -> ReviewedFields | None:
    """The fields of a form that a step publishes about another issue; ``None`` for a form of which nothing becomes public."""
    for step in definition.steps.values():
        if not isinstance(step, PublishStep) or step.publish.of is None:
            continue
        made = step.publish
        title, text = (_first(asked, texts.values()) for texts in (made.title, made.text))
        if text:
            return ReviewedFields(title, text, made.photos if made.photos in asked else None, step.publish.of or "")
    return None


def _first(asked: Mapping[str, Field], templates: Iterable[Any]) -> str:
    names = {name for template in templates for name in template.names}
    return next((name for name in asked if name.replace("-", "_") in names), "")


def source_of(house: House, issue_id: int, fields: ReviewedFields, look: Look) -> ToldIssue | None:
    """What an issue tells of; ``None`` if it names none, or one that whoever looks may not see."""
    with house.database.reading() as connection:
        about = _about(house, connection, issue_id, fields)
        if about is None:
            return None
        try:
            sight(connection, viewer(connection, look.person), about)
        except NotFound:
            return None
    # as whoever has number and code reads it: what was said to the resident, and nothing that is private
    outside = issue_view(house, about.id, Look(about.reporter_id, look.language, look.now, by_code=True))
    shown = issue_view(house, about.id, look)
    return ToldIssue(
        about.id, about.number, about.subject, "\n\n".join(dict.fromkeys(_paragraphs(outside))), tuple(_pictures(shown))
    )


def picture_of(house: House, source: ToldIssue, key: str) -> bytes:
    """The bytes of one of the pictures; ``NotFound`` for any other key."""
    if all(one.key != key for one in source.pictures):
        raise NotFound("没有这张照片。", "There is no such photograph.")
    kind, _, name = key.partition("-")
    if kind == "added":
        return read_attachment(house, source.issue_id, int(name))[1]
    return read_kept(house.store, name)[1]


def private_words(house: House, issue_id: int, fields: ReviewedFields, texts: Iterable[str]) -> PrivateWords:
    """What must not be seen in texts about the issue that ``issue_id`` tells of: its private values, its reporter, and residents of the register."""
    names: dict[str, None] = {}
    values: list[str] = []
    with house.database.reading() as connection:
        about = _about(house, connection, issue_id, fields)
        if about is not None:
            own = select(participants.c.name, participants.c.phone).where(participants.c.id == about.reporter_id)
            name, phone = connection.execute(own).one()
            names[name] = None
            held = [phone or "", *_held(about)]
            names |= dict.fromkeys(one for one in held if 2 <= len(one) <= _LONGEST_NAME and not one.isascii())
            values = [one for one in held if one and one not in names]
        names |= dict.fromkeys(_residents(connection, possible_names("\n".join(texts))))
    return PrivateWords(tuple(names), tuple(values))


def left_over(
    house: House, issue_id: int, fields: ReviewedFields, values: Mapping[str, Any], stays: frozenset[str] = frozenset()
) -> tuple[PrivateSpot, ...]:
    """The spots that are still in what would become public, but for those of which somebody said that they may stay."""
    texts = [str(values.get(name) or "") for name in (fields.title, fields.text)]
    private = private_words(house, issue_id, fields, texts)
    return tuple(spot for text in texts for spot in spots(text, private) if spot.text not in stays)


def assure_reviewed(
    house: House,
    issue_id: int,
    asked: Mapping[str, Field],
    values: Mapping[str, Any],
    stays: frozenset[str] = frozenset(),
) -> None:
    """Let pass what becomes public by these values if nothing is left in it to be decided; ``Invalid`` says what is, by field.

    ``asked``: the form of an action that whoever sends them can take now. The refusal names residents and what the issue keeps private: nobody
    else is told.
    """
    if not asked:
        return
    with house.database.reading() as connection:
        version = select(issues.c.definition_version_id).where(issues.c.id == issue_id)
        number = connection.execute(version).scalar_one_or_none()
    if number is None:
        return
    definition = house.processes.process(number).definition
    fields = reviewed_fields(definition, asked)
    if fields is None:
        return
    _assure_short(fields, values)
    left = left_over(house, issue_id, fields, values, stays)
    if not left:
        return
    listed = list(dict.fromkeys(spot.text for spot in left))[:5]
    zh, en = "、".join(listed), ", ".join(listed)
    raise Invalid(
        {
            fields.text: {
                "zh": f"要公开的文字里还有没处理的地方：{zh}。请替换，或在核对页上勾选“可以公开”。",
                "en": f"Still to be decided in what becomes public: {en}. Replace it, or say on the page for looking it through that it may stay.",
            }
        }
    )


def _assure_short(fields: ReviewedFields, values: Mapping[str, Any]) -> None:
    """Refuse what is longer than anything that becomes public, before any of it is read."""
    most = f"{LONGEST_TEXT:,}"
    said = {
        "zh": f"要公开的文字最多 {most} 字，请删减后再提交。",
        "en": f"What becomes public has {most} characters at most; please shorten it.",
    }
    long = {name: said for name in (fields.title, fields.text) if len(str(values.get(name) or "")) > LONGEST_TEXT}
    if long:
        raise Invalid(long)


def _about(house: House, connection: Connection, issue_id: int, fields: ReviewedFields) -> Record | None:
    own = record(house, connection, issue_id, "zh")
    named = Reference.read(str(own.state.data.get(fields.of) or ""))
    if named is None or named.kind != "issue":
        return None
    return record(house, connection, named.number, "zh")


def _held(about: Record) -> Iterator[str]:
    """The private values of an issue, as texts."""
    for name, field in about.definition.data.items():
        value = about.state.data.get(name)
        if value in (None, "", ()) or field.type not in _HELD or (field.open and name not in CONTACT):
            continue
        yield str(value.get("address") or "") if isinstance(value, Mapping) else str(value)


def _residents(connection: Connection, possible: set[str]) -> Iterator[str]:
    """Those of the possible names that are names of residents."""
    wanted = sorted(possible)
    for begin in range(0, len(wanted), _AT_ONCE):
        some = participants.c.name.in_(wanted[begin : begin + _AT_ONCE])
        yield from connection.execute(
            select(participants.c.name).where(some, participants.c.kind == "citizen")
        ).scalars()


def _paragraphs(seen: IssueView) -> Iterator[str]:
    yield from (value.text for value in seen.values if value.long and not value.columns and not value.private)
    yield from (note.text for entry in seen.timeline for note in entry.notes if note.long)


def _pictures(seen: IssueView) -> Iterator[SourcePicture]:
    for file in seen.files:
        if file.picture:
            address = f"/attachments/{seen.id}/{file.sequence}"
            yield SourcePicture(f"added-{file.sequence}", file.name, address)
    for value in seen.values:
        for kept in value.files:
            if kept.picture:
                yield SourcePicture(f"kept-{kept.digest}", kept.name, f"/attachments/{seen.id}/kept/{kept.digest}")
