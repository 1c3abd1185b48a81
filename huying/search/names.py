"""Names of the register that somebody may mean: places, departments and deputies, as the tokens that stand for them in the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, select

from huying.database.tables import areas, organisations, participants, stations
from huying.search.entry import SIGNS
from huying.search.letters import asked_initials, initials, is_han, sounds, split

#: Who means more stations than this means the whole city: it tells nothing.
_MOST_STATIONS = 120
#: Of people with one name, so many are looked for.
_MOST_PEOPLE = 20
#: Of words as long as this, twins are known.
_LONGEST_TWIN = 5
#: How long, in seconds, a process goes on without looking for changes of names.
_FRESH = 5.0


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


class Gazetteer:
    """The names of places and departments, with what is found by them; made anew when one of them changes."""

    def __init__(self, named: tuple[RegisterName, ...], people: tuple[RegisterName, ...] = ()) -> None:
        self.named, self.people = named, people
        self._shorts = frozenset(short for one in named for short in _shorts(one.zh) if len(short) > 1)
        self._heard: dict[tuple[str, ...], dict[str, None]] = {}
        for short in self._shorts:
            said = _sounds(short)
            for begin, size in product(range(len(said) - 1), range(2, _LONGEST_TWIN + 1)):
                if begin + size <= len(said):
                    spelled = short[begin : begin + size]
                    self._heard.setdefault(said[begin : begin + size], {})[spelled] = None

    def meant(self, tokens: tuple[str, ...]) -> Meant:
        """What these tokens of one word mean."""
        word = "".join(tokens)
        if len(word) < 2 or word.isdigit():
            return Meant()
        han = all(is_han(token) for token in tokens)
        found = [one for one in self.named if (word in one.zh if han else _latin(word, one))]
        meant = dict.fromkeys(token for one in found for token in (one.token, *one.means))
        stations_meant = {token for token in meant if token.startswith(SIGNS["station"])}
        if len(stations_meant) > _MOST_STATIONS:
            meant = dict.fromkeys(token for token in meant if token not in stations_meant)
        found_people = self._people(word, han)
        twins = [one for one in self._heard.get(tuple(sounds(tokens)), ()) if one != word] if han and not found else []
        return Meant((*meant, *found_people), tuple(sorted(twins)))

    def _people(self, word: str, han: bool) -> list[str]:
        """The deputies whom a word names, by their names or initials."""
        asked = asked_initials(word)
        named = (one for one in self.people if (word in one.zh if han else asked in _initials(one.zh)))
        return [one.token for one in islice(named, _MOST_PEOPLE)]

    def place_in(self, word: str) -> str | None:
        """The longest name of a place that stands in a longer word."""
        size = len(word)
        inside = (word[at : at + long] for long in range(size - 1, 1, -1) for at in range(size - long + 1))
        return next((one for one in inside if one in self._shorts), None)


class _Gazetteers:
    """The gazetteer of each database, looked at anew every few seconds."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Engine, tuple[float, Gazetteer]] = WeakKeyDictionary()
        self._lock, self._looking = Lock(), Lock()

    def of(self, connection: Connection) -> Gazetteer:
        """The names as they are, or were a few seconds ago; whoever finds them old looks for all others."""
        looked_at, known = self._kept(connection.engine)
        if time.monotonic() - looked_at < _FRESH:
            return known
        # the others go on with what is known, or wait if that is nothing
        if self._looking.acquire(blocking=known is _NOTHING):
            try:
                looked_at, known = self._kept(connection.engine)
                if time.monotonic() - looked_at >= _FRESH:
                    known = self._looked(connection, known)
            finally:
                self._looking.release()
        return known

    def _kept(self, engine: Engine) -> tuple[float, Gazetteer]:
        with self._lock:
            return self._known.get(engine, (float("-inf"), _NOTHING))

    def _looked(self, connection: Connection, known: Gazetteer) -> Gazetteer:
        named, people = tuple(_named(connection)), tuple(_deputies(connection))
        if known is _NOTHING or (named, people) != (known.named, known.people):
            known = Gazetteer(named, people)
        with self._lock:
            self._known[connection.engine] = (time.monotonic(), known)
        return known


_NOTHING = Gazetteer(())
_gazetteers = _Gazetteers()


def gazetteer(connection: Connection) -> Gazetteer:
    """The names of a house's register."""
    return _gazetteers.of(connection)


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


def _deputies(connection: Connection) -> Iterator[RegisterName]:
    query = select(participants.c.id, participants.c.name).where(participants.c.kind == "deputy")
    for row in connection.execute(query.order_by(participants.c.id)):
        yield RegisterName(SIGNS["participant"] + str(row.id), row.name, "")
