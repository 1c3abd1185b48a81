"""Looking through what is to become public: marked spots that are replaced or may stay, and pictures that are used, blacked out or left out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import APIRouter
from markupsafe import Markup, escape
from starlette.responses import Response

from definitions.model.reference import reference
from definitions.text import words
from engine.refusal import Invalid, NotAllowed
from huying.house.kept import keep, kept_name, read_kept
from huying.issues.deeds import act
from huying.issues.views.task import ActionForm, TaskView, task_view
from huying.publicity.review import (
    ReviewedFields,
    ToldIssue,
    assure_reviewed,
    picture_of,
    private_words,
    reviewed_fields,
    source_of,
)
from huying.publicity.shade import COLUMNS, ROWS, shaded
from huying.publicity.spots import LONGEST_TEXT, PrivateSpot, spots, with_instead
from portal.frame.bounds import Number
from portal.frame.door import Door, IssueDoor
from portal.frame.reception import Received, Reception
from portal.frame.right import OWN
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[OWN])
_LEAVE, _USE = "leave", "use"


@dataclass(frozen=True, slots=True)
class MarkedSpot:
    """A spot with its number on the page, what is to stand there instead, and whether it may stay."""

    number: int
    spot: PrivateSpot
    instead: str
    stays: bool


@dataclass(frozen=True, slots=True)
class ReviewedPicture:
    """A picture on the page: ``shown`` is where it is seen (its blacked out version, if there is one, as ``made``), ``use`` what was decided."""

    number: int
    key: str
    name: str
    shown: str
    made: str = ""
    use: bool = False


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """What lies before whoever looks a text through: the task, its action and fields, the source, and what stands in the form."""

    at: Reception
    door: Door
    item: int
    task: TaskView
    action: ActionForm
    fields: ReviewedFields
    source: ToldIssue | None
    title: str = ""
    text: str = ""
    entries: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where this page is."""
        return f"/tasks/{self.door.issue_id}/{self.item}/review/{self.action.key}"

    def instead(self) -> dict[str, str]:
        """What was written to stand in the place of which words."""
        said = {name.removeprefix("spot."): text for name, text in self.entries.items() if name.startswith("spot.")}
        return {text: self.entries.get(f"instead.{number}", "") for number, text in said.items()}

    def stays(self) -> frozenset[str]:
        """The words of which somebody said that they may stay."""
        said = {name.removeprefix("spot."): text for name, text in self.entries.items() if name.startswith("spot.")}
        return frozenset(text for number, text in said.items() if self.entries.get(f"stays.{number}") == "yes")


@router.get("/tasks/{issue_id}/{item}/review/{action}")
def review(at: Received, door: IssueDoor, item: Number, action: str) -> Response:
    """The text of the issue that is told of, with all that is private in it marked; of one that came back, the text as it was."""
    desk = _desk(at, door, item, action)
    before = desk.action.entered
    source = desk.source
    title = str(before.get(desk.fields.title) or (source.title if source else desk.task.issue.subject))
    text = str(before.get(desk.fields.text) or _draft(desk) or (source.text if source else ""))
    return _page(replace(desk, title=title[:200], text=text[:LONGEST_TEXT]))


@router.post("/tasks/{issue_id}/{item}/review/{action}")
def reviewed(at: Received, form: Submitted, door: IssueDoor, item: Number, action: str) -> Response:
    """Replace what is marked, black out a picture, or send it on: nothing goes on in which a spot is left of which nobody said that it may stay."""
    desk = _desk(at, door, item, action)
    entries = form.entries
    desk = replace(
        desk, title=entries.get("title", "")[:200], text=entries.get("text", "")[:LONGEST_TEXT], entries=entries
    )
    do = form.entry("do")
    if do.startswith("shade."):
        return _page(_shade(desk, do.removeprefix("shade.")))
    if do != "send":
        return _page(_replaced(desk))
    try:
        return _sent(desk, form)
    except Invalid as wrong:
        return _page(desk, wrong)


def _desk(at: Reception, door: Door, item: int, key: str) -> ReviewDesk:
    if door.by != "session":
        raise NotAllowed
    look = door.look(at.language, at.now)
    task = task_view(at.house, door.issue_id, item, look)
    action = next((one for one in task.actions if one.key == key), None)
    definition = at.house.processes.process(task.issue.definition_version_id).definition
    fields = reviewed_fields(definition, action.fields) if action is not None else None
    if action is None or fields is None:
        raise NotAllowed
    return ReviewDesk(at, door, item, task, action, fields, source_of(at.house, door.issue_id, fields, look))


def _draft(desk: ReviewDesk) -> str:
    """What the writer has written already: the first long text of the issue."""
    asked = {desk.fields.text, *desk.action.fields}
    return next((value.text for value in desk.task.issue.values if value.long and value.name not in asked), "")


def _marked(desk: ReviewDesk) -> tuple[tuple[MarkedSpot, ...], Markup]:
    """The spots in title and text, each word once, and the text with them marked."""
    private = private_words(desk.at.house, desk.door.issue_id, desk.fields, [desk.title, desk.text])
    instead, stays = desk.instead(), desk.stays()
    known: dict[str, MarkedSpot] = {}
    for spot in (*spots(desk.title, private), *spots(desk.text, private)):
        if spot.text not in known:
            proposed = instead.get(spot.text, spot.instead)
            known[spot.text] = MarkedSpot(len(known) + 1, spot, proposed, spot.text in stays)
    marked: list[Markup] = []
    at = 0
    for spot in spots(desk.text, private):
        number = known[spot.text].number
        marked += [
            escape(desk.text[at : spot.start]),
            Markup('<mark id="spot-{}">{}<sup>{}</sup></mark>').format(number, spot.text, number),
        ]
        at = spot.end
    return tuple(known.values()), Markup("").join([*marked, escape(desk.text[at:])])


def _replaced(desk: ReviewDesk) -> ReviewDesk:
    """The texts with everything replaced but what may stay."""
    private = private_words(desk.at.house, desk.door.issue_id, desk.fields, [desk.title, desk.text])
    instead, stays = desk.instead(), desk.stays()

    def put(text: str) -> str:
        found = spots(text, private)
        return with_instead(
            text, found, [one.text if one.text in stays else instead.get(one.text, one.text) for one in found]
        )

    return replace(desk, title=put(desk.title), text=put(desk.text))


def _shade(desk: ReviewDesk, number: str) -> ReviewDesk:
    """A picture with the squares black that were chosen; it is kept as one of its own, and used unless somebody says otherwise."""
    entries = dict(desk.entries)
    squares = [
        int(one)
        for name in entries
        if (one := name.removeprefix(f"square.{number}.")) != name and one.isascii() and one.isdigit() and len(one) < 10
    ]
    made = _kept_picture(desk, entries.get(f"picture.{number}", ""), entries.get(f"made.{number}", ""), squares)
    for name in [name for name in entries if name.startswith(f"square.{number}.")]:
        del entries[name]
    return replace(desk, entries={**entries, f"made.{number}": made, f"use.{number}": _USE})


def _kept_picture(desk: ReviewDesk, key: str, made: str, squares: list[int]) -> str:
    """The key of the upload of a picture that becomes public: made anew, from its last version."""
    house = desk.at.house
    if desk.source is None:
        raise NotAllowed
    content = _made(desk, made) if made else picture_of(house, desk.source, key)
    kept = keep(house.store, _name(desk), shaded(content, squares), desk.door.whose(desk.at.now).person)
    return kept.digest


def _name(desk: ReviewDesk) -> str:
    """What the pictures that are made here are called: no other file is read by a key that a form brings."""
    return f"case-{desk.door.issue_id}.jpg"


def _made(desk: ReviewDesk, key: str) -> bytes:
    if kept_name(desk.at.house.store, key) != _name(desk):
        raise NotAllowed
    return read_kept(desk.at.house.store, key)[1]


def _pictures(desk: ReviewDesk) -> tuple[ReviewedPicture, ...]:
    if desk.source is None or desk.fields.photos is None:
        return ()
    found: list[ReviewedPicture] = []
    for number, one in enumerate(desk.source.pictures, 1):
        made = desk.entries.get(f"made.{number}", "")
        shown = one.address
        if made:
            shown = f"data:image/jpeg;base64,{b64encode(_made(desk, made)).decode()}"
        use = desk.entries.get(f"use.{number}") == _USE
        found.append(ReviewedPicture(number, one.key, one.name, shown, made, use))
    return tuple(found)


def _sent(desk: ReviewDesk, form: Submission) -> Response:
    values: dict[str, object] = {desk.fields.text: desk.text.strip()}
    if desk.fields.title:
        values[desk.fields.title] = desk.title.strip()
    assure_reviewed(desk.at.house, desk.door.issue_id, desk.action.fields, values, desk.stays())
    if desk.fields.photos is not None:
        used = [one for one in _pictures(desk) if one.use]
        refs = [reference("file", one.made or _kept_picture(desk, one.key, "", [])) for one in used]
        values[desk.fields.photos] = refs
    whose = desk.door.whose(desk.at.now, form.request_id)
    act(desk.at.house, desk.door.issue_id, desk.item, desk.action.key, values, whose)
    return desk.at.go(f"{desk.door.task(desk.item)}?done=1")


def _page(desk: ReviewDesk, wrong: Invalid | None = None) -> Response:
    found, marked = _marked(desk)
    errors = {name: words(said, desk.at.language) for name, said in wrong.errors.items()} if wrong else {}
    return desk.at.page(
        "review.html",
        422 if wrong else 200,
        desk=desk,
        issue=desk.task.issue,
        spots=found,
        marked=marked,
        pictures=_pictures(desk),
        columns=range(COLUMNS),
        rows=range(ROWS),
        titles={name: spec.title for name, spec in desk.action.fields.items()},
        errors=errors,
        back=desk.address,
    )
