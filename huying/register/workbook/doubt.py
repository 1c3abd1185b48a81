"""What somebody should look at before a workbook is written, though nothing forbids it: one phone for two people, deputies whose term is over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import cast

from definitions.forms.address import digits
from definitions.text import Said
from huying.register.nouns import Membership, Organisation, Person, Station
from huying.register.workbook.cell import Unclear
from huying.register.workbook.draft import SheetDraft, Spot, Understanding, every, together
from huying.register.workbook.finding import SheetFinding

#: More places that lack the same are told of together.
_FEW = 20
#: So many of a name are enough to name another one.
_ENOUGH = 2


def doubt(draft: SheetDraft, at_hand: Understanding) -> None:
    """Note all of it."""
    _odd_people(draft, at_hand)
    _empty_places(draft, at_hand)


def _odd_people(draft: SheetDraft, at_hand: Understanding) -> None:
    """Warnings: a phone that two have, two of a name, deputies without a term or after it, new administrators."""
    names, phones = _shared(draft, at_hand)
    terms: dict[str, date] = {}
    for line in together(draft, at_hand, "mandates"):
        login, until = getattr(line, "login", ""), getattr(line, "until", date.max)
        terms[login] = max(terms.get(login, date.min), until)
    people = cast("Sequence[Person]", at_hand.current.get("people", ()))
    ruling = {one.login for one in people if one.kind == "administrator"}
    for placed in every(draft, "people"):
        person = cast(Person, placed.line)
        for key, unclear in _oddities(person, (phones, names), terms, at_hand.today):
            draft.note(placed.spot, key, unclear, person.name)
        if person.kind == "administrator" and person.login not in ruling:
            draft.note(
                placed.spot,
                "kind",
                Unclear(
                    Said(
                        f"{person.name}将成为管理员，能改一切",
                        f"{person.name} becomes an administrator, who may change everything",
                    ),
                    Said("核对是否有意", "make sure that this is meant"),
                ),
                person.name,
            )


def _shared(draft: SheetDraft, at_hand: Understanding) -> tuple[Mapping[str, list[Person]], Mapping[str, list[Person]]]:
    """Those who have a name, and a phone, that others have too."""
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for person in cast("Iterator[Person]", together(draft, at_hand, "people")):
        counts[0][person.name] += 1
        counts[1][digits(person.phone or "")] += 1
    found: tuple[dict[str, list[Person]], dict[str, list[Person]]] = (defaultdict(list), defaultdict(list))
    for person in cast("Iterator[Person]", together(draft, at_hand, "people")):
        for count, lines, word in zip(counts, found, (person.name, digits(person.phone or "")), strict=True):
            if word and count[word] > 1 and len(lines[word]) < _ENOUGH:
                lines[word].append(person)
    return found


def _oddities(
    person: Person,
    others: tuple[Mapping[str, list[Person]], Mapping[str, list[Person]]],
    terms: Mapping[str, date],
    today: date,
) -> Iterator[tuple[str, Unclear]]:
    phones, names = others
    same = (
        [one for one in phones.get(digits(person.phone or ""), ()) if one.login != person.login] if person.phone else []
    )
    if same:
        told = f"{same[0].name}（{same[0].login}）"
        yield (
            "phone",
            Unclear(
                Said(f"与{told}同一个电话", f"{same[0].name} ({same[0].login}) has the same number"),
                Said("核对是不是同一人", "are they the same?"),
            ),
        )
    twins = [one for one in names.get(person.name, ()) if one.login != person.login]
    if twins and not same:
        yield (
            "name",
            Unclear(
                Said(f"与 {twins[0].login} 同名", f"{twins[0].login} has the same name"),
                Said(
                    "是两个人就不用改；任职、值班里请写登录名",
                    "nothing to do if they are two; write logins in the other sheets",
                ),
            ),
        )
    yield from _term(person, terms, today)


def _term(person: Person, terms: Mapping[str, date], today: date) -> Iterator[tuple[str, Unclear]]:
    if person.kind != "deputy" or not person.active:
        return
    if person.login not in terms:
        yield (
            "kind",
            Unclear(
                Said("代表没有写任期", "the deputy has no term"),
                Said("补上代表层级、任期起、任期止", "add level, term from and term until"),
            ),
        )
    elif (ended := terms[person.login]) < today:
        yield (
            "term_until",
            Unclear(
                Said(f"任期已于 {ended} 结束", f"the term ended on {ended}"),
                Said("换届后请写新的任期", "write the new term"),
            ),
        )


def _without_deputies(draft: SheetDraft, found: Sequence[tuple[Spot, str]]) -> None:
    """Each of them, or of so many that nobody would read them: how many."""
    remedy = Said("在任职表里加上", "add them to the memberships")
    if len(found) > _FEW:
        wrong = Said(f"有 {len(found)} 个站还没有代表", f"no deputy serves at {len(found)} stations")
        draft.findings.append(SheetFinding("stations", None, None, "code", "", wrong, remedy, error=False))
        return
    for spot, code in found:
        wrong = Said("这个站还没有代表", "no deputy serves at this station")
        draft.note(spot, "code", Unclear(wrong, remedy), code)


def _empty_places(draft: SheetDraft, at_hand: Understanding) -> None:
    """Warnings: a station without deputies, a department without handlers, an industry's station without the industry."""
    members = cast("Iterator[Membership]", together(draft, at_hand, "memberships"))
    serve = {(line.place, line.function) for line in members if line.until is None or line.until >= at_hand.today}
    stations = ((placed.spot, cast(Station, placed.line)) for placed in every(draft, "stations"))
    lacking = [(spot, one.code) for spot, one in stations if one.active and (one.code, "deputy") not in serve]
    _without_deputies(draft, lacking)
    for placed in every(draft, "stations"):
        station = cast(Station, placed.line)
        if station.kind == "industry" and station.industry is None:
            draft.note(
                placed.spot,
                "industry",
                Unclear(
                    Said("行业站没有写行业", "the industry is missing"), Said("从下拉表里选", "choose it from the list")
                ),
                station.code,
            )
    for placed in every(draft, "organisations"):
        line = cast(Organisation, placed.line)
        if line.active and line.kind == "department" and (line.code, "handler") not in serve:
            draft.note(
                placed.spot,
                "code",
                Unclear(
                    Said("这个单位还没有承办人", "this department has no handler"),
                    Said("在任职表里加上", "add them to the memberships"),
                ),
                line.code,
            )
