"""Making a paper: who may, what is asked of them, its number, and the paper as it is kept; voiding one, whose number stays.

The number is the next of its series and year. It is taken by the row itself, in the transaction that keeps the paper: two who make one at once get
two numbers, and whoever fails takes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from definitions.forms.form import check
from definitions.text import spoken
from engine.refusal import Invalid, Refusal, Unavailable
from huying.access.viewer import Look, Viewer, viewer
from huying.house.by import By
from huying.house.house import House
from huying.issues.record import no_issue, station_of
from huying.issues.views.issue import IssueView, issue_view
from huying.papers.kind import SEQUENCE, PaperKind
from huying.papers.material import Material, answers_in_words, material
from huying.papers.stock import KINDS, StockedKind, stocked, template_of
from huying.papers.store import MadePaper, PaperWish, found_paper, next_sequence, repeated, write_paper, write_void
from huying.papers.word import fill
from huying.rights.refusal import Unentitled
from huying.rights.right import may_everywhere

MAKE = "make papers"
#: So many others may take the next number of the same series at the same moment.
_TRIES = 60
_LONGEST_REASON = 500
#: What stands in the place of a number that is not given yet.
_PENDING = "＿＿"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A paper that can be made: everything but its number."""

    stock: StockedKind
    template: bytes
    about: Material
    answers: Mapping[str, Any]
    look: Look

    def number(self, sequence: int | str) -> str:
        """Its number, were it the ``sequence``-th."""
        pattern = words_of(self.stock.kind.number.say, self.look.language)
        return str(pattern.render({**self.about.names, SEQUENCE: sequence})).strip()[:80]

    def document(self, number: str) -> bytes:
        """The paper under a number."""
        kind, names = self.stock.kind, self.about.names
        values = {name: self.about.told(expression) for name, expression in kind.values.items()}
        shown = {name: names[name] for name in ("issue", "data", "office", "station", "organ", "maker", "date", "year")}
        return fill(self.template, {**shown, "values": values, "asked": dict(self.answers), "number": number})


def words_of(several: Mapping[str, Any], language: str) -> Any:
    """What is said in this language, else in the first one that there is."""
    return several.get(spoken(language)) or next(iter(several.values()))


def offered(house: House, issue_id: int, look: Look) -> list[StockedKind]:
    """The papers that somebody may make about an issue as it stands now; none from outside of it, ``NotFound`` if they may not see it."""
    seen = issue_view(house, issue_id, look)
    if not seen.inside:
        return []
    with house.database.reading() as connection:
        known = viewer(connection, look.person)
        kinds = [stocked(connection, key, spoken(look.language)) for key in KINDS]
    stage = next((one.key for one in seen.standing.stages if one.place == "now"), "")
    return [
        one
        for one in kinds
        if _may(house, one.kind, issue_id, seen, known, look)
        and one.kind.offered_at(seen.definition_key, stage, seen.standing.steps)
    ]


def asked(house: House, wish: PaperWish, by: By) -> tuple[StockedKind, dict[str, str]]:
    """The kind of a paper, and with what its form begins; errors as of ``make``."""
    stock, about, _ = _begun(house, wish, by)
    return stock, {name: about.told(expression) for name, expression in stock.kind.suggest.items()}


def preview(house: House, wish: PaperWish, by: By) -> bytes:
    """The paper as it would be, without a number; nothing is kept. Errors as of ``make``."""
    ready = _ready(house, wish, by)
    return ready.document(ready.number(_PENDING))


def make(house: House, wish: PaperWish, by: By) -> MadePaper:
    """Make a paper and keep it; a repeated request gives the one that was made.

    ``Unentitled`` or ``NotFound`` for whoever may not, ``Invalid`` by field, ``UnfitTemplate`` if the template does not fit.
    """
    if (done := repeated(house, by)) is not None:
        return done
    ready = _ready(house, wish, by)
    kind = ready.stock.kind
    for _ in range(_TRIES):
        with house.database.reading() as connection:
            sequence = next_sequence(connection, kind.number.series, ready.about.day.year)
        number = ready.number(sequence)
        document = ready.document(number)
        digest = hashlib.sha256(document).hexdigest()
        # the bytes are on the disk before anything says so
        house.store.put(digest, document)
        row = _row(ready, wish, by, (sequence, number, digest, len(document)))
        try:
            with house.database.writing() as connection:
                return write_paper(connection, row, wish, by)
        except IntegrityError:
            # somebody else took this number, or this request came twice: look again
            if (done := repeated(house, by)) is not None:
                return done
    raise Unavailable("同时出文的人太多，请稍后再试。", "Too many others make papers just now; please try again.")


def void(house: House, paper: int, reason: str, by: By) -> None:
    """Void a paper: it stays, its number too, and why; ``AlreadyDone`` if it is void, ``Invalid`` without a reason."""
    if not reason.strip():
        raise Invalid({"reason": {"zh": "请写明作废的原因。", "en": "Please say why it is void."}})
    with house.database.writing() as connection:
        row = found_paper(connection, paper)
        person = viewer(connection, by.somebody)
        _assure_staff(house, row.issue_id, person, by)
        _assure_own(row, person, by)
        write_void(connection, row, reason.strip()[:_LONGEST_REASON], by)


def _begun(house: House, wish: PaperWish, by: By) -> tuple[StockedKind, Material, Look]:
    look = Look(by.somebody, wish.language, by.now)
    with house.database.reading() as connection:
        person = viewer(connection, by.somebody)
        stock = stocked(connection, wish.kind, spoken(wish.language))
    if wish.issue_id is None:
        if stock.kind.about == "issue":
            raise Refusal("这种文书要从事项里出。", "This paper is made from an issue.")
        _assure_staff(house, None, person, by)
        if wish.replaces is not None:
            with house.database.reading() as connection:
                _assure_own(found_paper(connection, wish.replaces), person, by)
    elif not _may(house, stock.kind, wish.issue_id, issue_view(house, wish.issue_id, look), person, look):
        raise Unentitled(MAKE)
    return stock, material(house, stock.kind, wish.issue_id, person, look), look


def _ready(house: House, wish: PaperWish, by: By) -> _Ready:
    stock, about, look = _begun(house, wish, by)
    form = check(stock.kind.ask, wish.entered, required=True, known=lambda _: False)
    if form.errors:
        raise Invalid(form.errors)
    answers = answers_in_words(stock.kind.ask, form.values, wish.language)
    return _Ready(stock, template_of(house, stock), about, answers, look)


def _may(house: House, kind: PaperKind, issue_id: int, seen: IssueView, person: Viewer, look: Look) -> bool:
    """Whether somebody makes this about an issue that they see: the staff of its station, or who works on it, where the kind says so."""
    if not seen.inside:
        raise no_issue()
    if "staff" in kind.made_by and person.may(MAKE, look.now, station_of(house, issue_id)):
        return True
    return "holders" in kind.made_by and seen.works and not seen.own


def _assure_staff(house: House, issue_id: int | None, person: Viewer, by: By) -> None:
    if not person.may(MAKE, by.now, None if issue_id is None else station_of(house, issue_id)):
        raise Unentitled(MAKE)


def _assure_own(row: Row[Any], person: Viewer, by: By) -> None:
    """A paper about no issue belongs to no station: ``Unentitled`` for whoever has not made it, and does not make papers of the whole house."""
    own = row.made_by_id == person.participant_id or may_everywhere(MAKE, person.entitlement, by.now)
    if row.issue_id is None and not own:
        raise Unentitled(MAKE)


def _row(ready: _Ready, wish: PaperWish, by: By, made: tuple[int, str, str, int]) -> dict[str, Any]:
    sequence, number, digest, size = made
    kind = ready.stock.kind
    return {
        "issue_id": wish.issue_id,
        "kind": kind.paper,
        "language": ready.stock.language,
        "template": ready.stock.version,
        "series": kind.number.series,
        "year": ready.about.day.year,
        "sequence": sequence,
        "number": number,
        "private": kind.shows_private,
        "file": {"digest": digest, "size": size},
        "replaces_id": wish.replaces,
        "made_by_id": by.somebody,
        "made_at": by.now,
        "request_key": by.request_key and f"paper:{by.request_key}",
        "void_reason": "",
    }


__all__ = ["MAKE", "MadePaper", "PaperWish", "asked", "make", "offered", "preview", "void"]
