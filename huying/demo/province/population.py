"""The register of the whole city, made by a seed: places, people of four levels, mixed teams, and who is on duty."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import cycle, pairwise
from typing import Any

from pypinyin import lazy_pinyin

from huying.demo.province.plan import Plan
from huying.register.lines import WEEKDAYS

_CITY = "9902"
_CENTRE = "LJ"
#: The code of the station that is settled last.
LAST = "HY5"
Line = dict[str, Any]


def register(plan: Plan, base: Mapping[str, Any]) -> Mapping[str, Any]:
    """The register as a file would say it; code lists, departments and their people are those of the sample city (``base``)."""
    return _Settlement(plan, base).register()


class _Settlement:
    """The city as it grows."""

    def __init__(self, plan: Plan, base: Mapping[str, Any]) -> None:
        self._plan, self._base = plan, base
        self._chance = random.Random(plan.seed)
        self._logins = {login for one in base["organisations"] for kind in _STAFF for login in one.get(kind, ())}
        self.areas: list[Line] = [one for one in base["areas"] if one["level"] == "city"]
        self.people: list[Line] = [one for one in base["people"] if one["login"] in self._logins]
        self.mandates: list[Line] = []
        self.stations: list[Line] = []
        #: Who serves the room of an area, and the stations below it.
        self._staff_of: dict[str, Mapping[str, list[str]]] = {}
        self._turns = {level: cycle([*self._elected(level, many)]) for level, many in plan.deputies.items()}

    def register(self) -> Mapping[str, Any]:
        """All of it."""
        city = self.areas[0]["code"]
        self._room(_CENTRE, "鹭江市代表联系群众活动室", city, self._team(national=4, provincial=6, city=6))
        towns = [
            town for number, of in enumerate(self._plan.districts.items(), 1) for town in self._district(number, *of)
        ]
        self._villages(towns)
        for number, (industry, name) in enumerate(self._plan.industries.items(), 1):
            self._industry(f"HY{number}", industry, name, city)
        organisations = [{**one, "area": city} for one in self._base["organisations"] if one["code"] != "HWCG"]
        return {
            "codes": self._base["codes"],
            "areas": self.areas,
            "people": self.people,
            "mandates": self.mandates,
            "organisations": organisations,
            "stations": self.stations,
        }

    def _district(self, number: int, name: str, towns: Sequence[str]) -> Iterator[tuple[str, str]]:
        code = f"{_CITY}{number:02d}"
        self._area(code, name, "district", self.areas[0]["code"])
        self._room(
            f"Q{number}", f"{name}代表联系群众活动室", code, self._team(national=1, provincial=3, city=5, district=5)
        )
        for count, town in enumerate(towns, 1):
            rural = town.endswith("镇")
            whole = town if rural else f"{town}街道"
            within = f"{code}{count:03d}"
            self._area(within, whole, "town" if rural else "street", code)
            station = f"Q{number}{count:02d}"
            team = self._team(national=int(count == 1), provincial=1, city=2, district=4)
            self._room(station, f"{whole}代表联系群众活动室", within, team)
            yield within, whole

    def _villages(self, towns: Sequence[tuple[str, str]]) -> None:
        names = [f"{begin}{end}" for end in self._plan.endings for begin in self._plan.beginnings]
        self._chance.shuffle(names)
        for number in range(self._plan.stations):
            above, town = towns[number % len(towns)]
            rural = town.endswith("镇")
            whole = f"{names[number]}{'村' if rural else '社区'}"
            code = f"{above}{number // len(towns) + 1:03d}"
            self._area(code, whole, "village" if rural else "neighbourhood", above)
            long = number % self._plan.long_every == self._plan.long_every - 1
            name = f"鹭江市{town}{whole}人大代表联系群众活动站暨选民接待室" if long else f"{whole}代表联系群众活动站"
            staff = self._staff_of[above]
            team = self._team(city=number % 3 == 0, district=2)
            self._station(f"Z{number + 1:03d}", name, code, team, staff)

    def _industry(self, code: str, industry: str, name: str, area: str) -> None:
        team = self._team(national=1, provincial=4, city=10, district=7)
        for one in self.people:
            if one["login"] in team and not one.get("industries"):
                one["industries"] = [industry]
        self._station(code, name, area, team, self._staff(code))
        self.stations[-1] |= {"kind": "industry", "industry": industry}

    def _area(self, code: str, name: str, level: str, parent: str) -> None:
        self.areas.append({"code": code, "name": _both(name, level), "level": level, "parent": parent})

    def _room(self, code: str, name: str, area: str, team: Sequence[str]) -> None:
        staff = self._staff(code)
        self._staff_of[area] = staff
        self._station(code, name, area, team, staff)

    def _station(self, code: str, name: str, area: str, team: Sequence[str], staff: Mapping[str, list[str]]) -> None:
        turns = cycle(team)
        duty = {day: [next(turns)] for day in WEEKDAYS}
        names = {"zh": name, "en": f"Contact station {code}"}
        line = {"code": code, "name": names, "kind": "area", "area": area, "deputies": list(team), "duty": duty}
        self.stations.append({**line, **staff})

    def _staff(self, code: str) -> Mapping[str, list[str]]:
        """A head, a clerk and a liaison officer, who serve a room and the stations below it."""
        made = {}
        for kind, function, begin in (("staff", "heads", "h"), ("staff", "clerks", "c"), ("liaison", "liaison", "l")):
            login = f"{begin}{code.lower()}"
            self._person(login, kind)
            made[function] = [login]
        return made

    def _elected(self, level: str, many: int) -> Iterator[str]:
        for number in range(1, many + 1):
            login = f"{level[0]}{number:03d}"
            self._person(login, "deputy", level=level)
            for first, last in pairwise(self._plan.terms[level]):
                until = last - timedelta(days=1)
                self.mandates.append({"person": login, "level": level, "from": first, "until": until})
            yield login

    def _team(self, **many: int) -> list[str]:
        """So many of each level, in turn."""
        return list(dict.fromkeys(next(self._turns[level]) for level, count in many.items() for _ in range(int(count))))

    def _person(self, login: str, kind: str, **more: str) -> None:
        name = self._chance.choice(self._plan.surnames) + self._chance.choice(self._plan.given)
        self.people.append({"login": login, "name": name, "kind": kind, "mail": f"{login}@lujiang.example", **more})


_STAFF = ("heads", "clerks", "handlers")


def _both(name: str, level: str) -> Mapping[str, str]:
    kinds = {
        "district": "District",
        "street": "Subdistrict",
        "town": "Town",
        "neighbourhood": "Neighbourhood",
        "village": "Village",
    }
    bare = name.removesuffix("街道").removesuffix("社区").removesuffix("村").removesuffix("镇").removesuffix("区")
    return {"zh": name, "en": f"{''.join(lazy_pinyin(bare)).capitalize()} {kinds[level]}"}
