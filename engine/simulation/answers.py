"""What people of a simulation enter in forms: something of the right type for every field, by weight where weights are assumed."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from definitions.forms.credentials import CREDENTIALS
from definitions.forms.rules import out_of_order
from definitions.model.field import Field, Likeness
from definitions.model.order import TODAY, is_day
from definitions.model.pattern import pattern
from definitions.model.reference import reference
from definitions.trials.assumptions import Weights

_DAYS = 20
#: So often something else is tried where an answer is not taken.
_TRIES = 40
#: So many signs are changed to make another text that looks like one.
_CHANGES = 12
_SORTS = (string.digits, string.ascii_uppercase, string.ascii_lowercase)


class DrawnAnswers:
    """Draws answers; the same seed draws the same."""

    def __init__(self, chance: random.Random, values: Mapping[str, Weights], departments: Sequence[str]) -> None:
        self._chance = chance
        self._values = values
        self._departments = departments

    def form(self, fields: Mapping[str, Field], today: datetime) -> dict[str, Any]:
        """An answer to each field that is not computed; ``today`` is local."""
        drawn = {name: self._field(name, field, today) for name, field in fields.items() if not field.derived}
        return _in_order(fields, drawn, today)

    def right(
        self, fields: Mapping[str, Field], today: datetime, wrong: Callable[[Mapping[str, Any]], Iterable[str]]
    ) -> dict[str, Any]:
        """Answers in which nothing is ``wrong`` (fields, or cells such as ``items.2.amount``), as far as trying finds some."""
        values = self.form(fields, today)
        for _ in range(_TRIES):
            names = {name.partition(".")[0] for name in wrong(values)}
            again = {name: field for name, field in fields.items() if name in names and not field.derived}
            if not again:
                break
            values |= {name: self._wider(name, field, today) for name, field in again.items()}
        return values

    def _wider(self, name: str, field: Field, today: datetime) -> Any:
        """Another answer, further from what people would usually say: a rule of the field may ask for it."""
        chance = self._chance
        match field.type:
            case "date" | "date-time":
                day = today + timedelta(days=chance.choice([0, 1, -1, chance.randint(-400, 400)]))
                return day.date().isoformat() if field.type == "date" else self._clock(day)
            case "text" | "long text" if field.pattern is not None:
                return self._like(field)
            case "text" | "long text":
                return "".join(chance.choices("0123456789", k=min(field.longest or 18, chance.choice([4, 6, 11, 18]))))
            case _:
                return self._field(name, field, today)

    def _like(self, field: Field) -> str:
        """Another text that looks as the field asks for, as far as changing single signs of one that does makes one."""
        chance, text = self._chance, _text(field)
        for _ in range(_CHANGES):
            # the last sign may be a check digit of those before it
            place = chance.randrange(max(1, len(text) - 1))
            changed = text[:place] + _another(text[place], chance) + text[place + 1 :]
            text = next((one for one in (changed, *_ended(changed)) if _fits(field, one)), text)
        return text

    def weighted(self, weights: Weights, among: Sequence[str]) -> str:
        """One of several, by weight; those of which nothing is said have the weight 1 if nothing is said of any."""
        said = [weights.get(one, 0.0 if any(other in weights for other in among) else 1.0) for one in among]
        return self._chance.choices(among, said if any(said) else None)[0]

    def _field(self, name: str, field: Field, today: datetime) -> Any:
        chance, weights = self._chance, self._values.get(name, {})
        match field.type:
            case "integer" | "number" | "money":
                return self._number(field, weights)
            case "date":
                return (today + timedelta(days=chance.randint(1, _DAYS))).date().isoformat()
            case "date-time":
                return self._clock(today + timedelta(days=chance.randint(1, _DAYS)))
            case "yes/no":
                return self.weighted(weights, ("true", "false")) == "true"
            case "choice" | "choices":
                one = self._option(field, weights)
                return [one] if field.type == "choices" else one
            case "department":
                return chance.choice(self._departments)
            case "departments":
                most = min(len(self._departments), 2)
                return chance.sample(self._departments, chance.randint(1 if field.required else 0, most))
            case "table":
                rows = range(max(1, int(field.at_least or 0)))
                return [self.form(field.asked_columns, today) for _ in rows]
            case "text" | "long text":
                return self.weighted(weights, tuple(weights)) if weights else _text(field)
            case _:
                return _FIXED.get(field.type, "x")

    def _clock(self, day: datetime) -> str:
        """A moment of a day, in office hours."""
        return day.strftime(f"%Y-%m-%dT{self._chance.randint(9, 16):02}:{self._chance.randint(0, 59):02}")

    def _number(self, field: Field, weights: Weights) -> Any:
        if weights:
            return int(float(self.weighted(weights, tuple(weights))))
        low = int(field.at_least) if field.at_least is not None else 1
        return self._chance.randint(low, int(field.at_most) if field.at_most is not None else low + 4)

    def _option(self, field: Field, weights: Weights) -> str:
        if field.of is not None:
            return self.weighted(weights, tuple(weights) or ("general",))
        return self.weighted(weights, tuple(field.options))


#: A file that nobody has uploaded; its content is asked of nobody here.
_FILE = reference("file", "0" * 64)


def _text(field: Field) -> str:
    """A text that looks as the field asks for."""
    if isinstance(field.pattern, Likeness):
        return pattern(field.pattern.like).example
    return CREDENTIALS[field.pattern].example if field.pattern else "x"


def _fits(field: Field, text: str) -> bool:
    """Whether a text looks as the field asks for."""
    if isinstance(field.pattern, Likeness):
        return pattern(field.pattern.like).fits(text)
    credential = CREDENTIALS[field.pattern or ""]
    return pattern(credential.like).fits(text) and credential.right(text)


def _another(sign: str, chance: random.Random) -> str:
    """Another sign of the same sort; what is neither a digit nor a letter of A to Z stays."""
    sort = next((signs for signs in _SORTS if sign in signs), sign)
    return chance.choice(sort)


def _ended(text: str) -> Iterator[str]:
    """The same with another last sign."""
    yield from (text[:-1] + last for signs in _SORTS for last in signs)


def _in_order(fields: Mapping[str, Field], drawn: dict[str, Any], today: datetime) -> dict[str, Any]:
    """The answers with days that keep the order which their fields ask for; what can never be kept stays as it was drawn."""
    said = {TODAY: today.date().isoformat()}
    for _ in fields:
        for name, field in fields.items():
            for bound in field.bounds:
                other = {**drawn, **said}.get(bound.other, bound.other if is_day(bound.other) else None)
                if (
                    isinstance(other, str)
                    and isinstance(drawn.get(name), str)
                    and out_of_order(drawn[name], other, bound)
                ):
                    drawn[name] = other[:10] + drawn[name][10:] if field.type != "time" else other
    return drawn


#: Types of which any value will do.
_FIXED: Mapping[str, Any] = {
    "time": "09:00",
    "phone": "13800000000",
    "email": "somebody@example.org",
    "person": "participant:1",
    "people": ["participant:1"],
    "area": "area:1",
    "station": "station:1",
    "issue": "issue:2",
    "file": _FILE,
    "files": [_FILE],
    "place": {"address": "x", "longitude": 118.1, "latitude": 24.5},
}
