"""Names of the register that somebody may mean: places, departments and deputies, as the tokens that stand for them in the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Connection, Row, select

from huying.database.tables import areas, organisations, participants, stations
from huying.search.entry import SIGNS
from huying.search.letters import asked_initials, initials, is_han, sounds, split

#: Who means more stations than this means the whole city: it tells nothing.
_MOST_STATIONS = 120
#: Of people with one name, so many are looked for.
_MOST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class RegisterName:
    """Something of the register: its token, and how it is called."""

    token: str
    zh: str
    en: str
    #: The tokens of what stands for it besides: of an area its stations.
    means: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """What a word means in the register: tokens, and names that sound like it but are written otherwise."""

    tokens: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegisterNames:
    """The places and departments of a house, read once for a question."""

    connection: Connection
    named: tuple[RegisterName, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", tuple(_named(self.connection)))

    def meant(self, tokens: tuple[str, ...]) -> Meant:
        """What these tokens of one word mean."""
        word = "".join(tokens)
        if len(word) < 2 or word.isdigit():
            return Meant()
        han = all(is_han(token) for token in tokens)
        found = [one for one in self.named if (word in one.zh if han else _latin(word, one))]
        meant = dict.fromkeys(token for one in found for token in (one.token, *one.means))
        stations_meant = [token for token in meant if token.startswith(SIGNS["station"])]
        if len(stations_meant) > _MOST_STATIONS:
            meant = dict.fromkeys(token for token in meant if token not in set(stations_meant))
        people = (SIGNS["participant"] + str(one) for one in self._people(word, han))
        twins = dict.fromkeys(self._twins(tokens, word)) if han and not found else {}
        return Meant((*meant, *people), tuple(twins))

    def cuts(self, word: str) -> Iterator[str]:
        """The names of places of two and more characters that stand in a word, longest first."""
        shorts = {short for one in self.named for short in _shorts(one.zh) if short in word}
        yield from sorted(shorts, key=len, reverse=True)

    def _people(self, word: str, han: bool) -> Iterable[int]:
        query = select(participants.c.id, participants.c.name).where(participants.c.kind == "deputy")
        if han:
            named = query.where(participants.c.name.contains(word, autoescape=True)).limit(_MOST_PEOPLE)
            return [row.id for row in self.connection.execute(named)]
        if not 2 <= len(word) <= 20 or not word.isalpha():
            return ()
        asked = asked_initials(word)
        return [row.id for row in self.connection.execute(query) if asked in _initials(row.name)][:_MOST_PEOPLE]

    def _twins(self, tokens: tuple[str, ...], word: str) -> Iterator[str]:
        heard = tuple(sounds(tokens))
        for one in self.named:
            said = _sounds(one.zh)
            for at in range(len(said) - len(heard) + 1):
                spelled = one.zh[at : at + len(heard)]
                if said[at : at + len(heard)] == heard and spelled != word:
                    yield spelled


def _latin(word: str, named: RegisterName) -> bool:
    return word in named.en.lower().split() or asked_initials(word) in _initials(named.zh)


@lru_cache(maxsize=20_000)
def _initials(name: str) -> frozenset[str]:
    """Initials of a name, and of it without the ending that says what kind of place it is."""
    return frozenset(one for short in (name, *_shorts(name)) for one in initials(short))


@lru_cache(maxsize=20_000)
def _sounds(name: str) -> tuple[str, ...]:
    return tuple(sounds(split(name))) if all(map(is_han, name)) else ()


_ENDINGS = ("人大代表联络站", "代表联络站", "联络站", "活动室", "街道", "社区", "镇", "村", "区", "站")


def _shorts(name: str) -> Iterator[str]:
    """A name of a place without its endings, one after the other: 厦港街道, 厦港."""
    yield name
    rest = name
    for _ in range(3):
        ending = next((one for one in _ENDINGS if rest.endswith(one) and len(rest) - len(one) >= 2), None)
        if ending is None:
            return
        rest = rest.removesuffix(ending)
        yield rest


def _named(connection: Connection) -> Iterator[RegisterName]:
    columns = ("id", "name_zh", "name_en")
    known = connection.execute(select(*(areas.c[name] for name in (*columns, "parent_id")))).all()
    places = connection.execute(select(*(stations.c[name] for name in (*columns, "area_id")))).all()
    below = _below(known)
    inside: dict[int, list[str]] = {}
    for row in places:
        inside.setdefault(row.area_id, []).append(SIGNS["station"] + str(row.id))
        yield RegisterName(SIGNS["station"] + str(row.id), row.name_zh, row.name_en)
    for row in known:
        means = tuple(token for area in below(row.id) for token in inside.get(area, ()))
        yield RegisterName(SIGNS["area"] + str(row.id), row.name_zh, row.name_en, means)
    query = select(*(organisations.c[name] for name in columns)).where(organisations.c.kind == "department")
    for row in connection.execute(query):
        yield RegisterName(SIGNS["organisation"] + str(row.id), row.name_zh, row.name_en)


def _below(known: Iterable[Row[tuple[int, str, str, int | None]]]) -> Callable[[int], Iterator[int]]:
    """Of an area, it and all areas in it; a circle that somebody made by hand is walked once."""
    children: dict[int | None, list[int]] = {}
    for row in known:
        children.setdefault(row.parent_id, []).append(row.id)

    def walk(area: int) -> Iterator[int]:
        seen, waiting = {area}, [area]
        while waiting:
            here = waiting.pop()
            yield here
            more = [one for one in children.get(here, ()) if one not in seen]
            seen.update(more)
            waiting += more

    return walk
