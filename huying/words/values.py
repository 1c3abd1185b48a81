"""The values of fields in words: what a reader may see of them, each in their language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from definitions.model.field import REFERENCES, Field, code_kind
from definitions.model.reference import Reference, reference, refers_to
from definitions.text import COLON, LISTED, SEMICOLON, words
from huying.locale import translations
from huying.words.moments import date_words

_SIGNS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£"}


@dataclass(frozen=True, slots=True)
class FileValue:
    """A file that a field holds: by its digest, and as it was called."""

    digest: str
    name: str

    @property
    def picture(self) -> bool:
        """Whether it is a picture, by what it is called: a kept file's name agrees with what is in it."""
        return self.name.lower().endswith(_PICTURES)


#: How pictures end that browsers show.
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


@dataclass(frozen=True, slots=True)
class Value:
    """A field that was filled in: its name, its title and its value in words; ``long`` texts have lines.

    A table has its ``columns`` and ``rows`` besides, and the digest of the file in each cell (``kept``: empty where there is none); what holds
    files has its ``files``. A place has its ``point`` (latitude, longitude), where that is known, and ``beside`` what it lies.
    ``masked``: only enough is left of it to know it again.
    """

    name: str
    title: str
    text: str
    private: bool = False
    long: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[FileValue, ...] = ()
    kept: tuple[tuple[str, ...], ...] = ()
    point: tuple[float, float] | None = None
    beside: str = ""
    masked: bool = False


def values_in_words(
    fields: Mapping[str, Field],
    data: Mapping[str, Any],
    names: Mapping[str, str],
    language: str,
    *,
    private: bool,
    shows: Callable[[Field], bool] | None = None,
) -> tuple[Value, ...]:
    """What was filled in, in the order of the fields, as far as this reader may see it.

    ``shows`` tells that of a field; without it, ``private`` tells whether they may see personal data, and what only some roles may see is
    left out. ``names`` are those of parties, places, files, issues and codes by reference.
    """
    may_read = shows or (lambda field: (private or not field.private) and not field.seen_by)
    return tuple(
        _value(name, field, data[name], names, language)
        for name, field in fields.items()
        if data.get(name) not in (None, "", (), []) and may_read(field)
    )


def _value(name: str, field: Field, value: Any, names: Mapping[str, str], language: str) -> Value:
    table = field.type == "table"
    columns = tuple(words(column.title, language, key) for key, column in field.columns.items())
    return Value(
        name=name,
        title=words(field.title, language, name),
        text=value_in_words(field, value, names, language),
        private=field.private or bool(field.seen_by),
        long=field.type == "long text" or table,
        columns=columns if table else (),
        rows=tuple(_cells(field, row, names, language) for row in value) if table else (),
        files=tuple(_files(field, value, names)),
        kept=tuple(_kept(field, row) for row in value) if table else (),
        point=_point(value) if field.type == "place" else None,
    )


def _point(value: Any) -> tuple[float, float] | None:
    """Latitude and longitude of a place, if they are known."""
    latitude, longitude = (
        (value.get(part) for part in ("latitude", "longitude")) if isinstance(value, Mapping) else (None, None)
    )
    return (latitude, longitude) if latitude is not None and longitude is not None else None


def _files(field: Field, value: Any, names: Mapping[str, str]) -> Iterator[FileValue]:
    """The files of a field, and those in the cells of a table."""
    if field.type == "table":
        for row in value:
            for key, column in field.columns.items():
                yield from _files(column, row.get(key), names)
    elif field.type in ("file", "files") and value:
        for named in [value] if isinstance(value, str) else value:
            digest = Reference.parse(named).key
            yield FileValue(digest, names.get(named, digest[:12]))


def _kept(field: Field, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The digests of the files in a row, in the order of the columns."""
    cells = ((column, row.get(key)) for key, column in field.columns.items())
    return tuple(Reference.parse(cell).key if column.type == "file" and cell else "" for column, cell in cells)


def _unnamed(value: Any) -> str:
    """What stands for something of which no name is known: of a file the beginning of its digest."""
    return Reference.parse(value).key[:12] if refers_to(value, "file") else str(value)


def value_in_words(field: Field, value: Any, names: Mapping[str, str], language: str) -> str:
    """One value; what is not filled in is an empty text."""
    if value is None:
        return ""
    if field.type == "table":
        return "\n".join(_row(number, field, row, names, language) for number, row in enumerate(value, 1))
    if isinstance(value, list | tuple):
        separator = LISTED.of(language)
        return separator.join(value_in_words(field, one, names, language) for one in value)
    if field.type in REFERENCES:
        return names.get(value, _unnamed(value))
    match field.type:
        case "choice" | "choices" if field.of is not None:
            return names.get(reference(code_kind(field.of), value), str(value))
        case "choice" | "choices":
            return words(field.options.get(value), language, str(value))
        case "yes/no":
            _ = translations(language).gettext
            return _("Yes") if value else _("No")
        case "date":
            return date_words(date.fromisoformat(value), language)
        case "date-time":
            return f"{date_words(date.fromisoformat(value[:10]), language)} {value[11:]}"
        case "money":
            return money_words(value, field.currency)
        case "integer" | "number":
            return _measured(f"{value:.15g}", field, language)
        case "place":
            return _place(value)
        case _:
            return str(value)


def money_words(amount: float, currency: str) -> str:
    """An amount with its currency's sign, separators of thousands and two decimals."""
    return f"{'-' if amount < 0 else ''}{_SIGNS.get(currency, f'{currency} ')}{abs(amount):,.2f}"


def _measured(number: str, field: Field, language: str) -> str:
    """A number and its unit."""
    return f"{number} {words(field.unit, language)}".rstrip() if field.unit else number


def _place(value: Any) -> str:
    if isinstance(value, str):
        return value
    longitude, latitude = value.get("longitude"), value.get("latitude")
    at = f"{longitude:.6g}, {latitude:.6g}" if longitude is not None and latitude is not None else ""
    return value.get("address") or at


def _row(number: int, field: Field, row: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    colon, comma = COLON.of(language), SEMICOLON.of(language)
    titles = (words(column.title, language, key) for key, column in field.columns.items())
    cells = zip(titles, _cells(field, row, names, language), strict=True)
    return f"{number}. " + comma.join(f"{title}{colon}{cell}" for title, cell in cells if cell)


def _cells(field: Field, row: Mapping[str, Any], names: Mapping[str, str], language: str) -> tuple[str, ...]:
    return tuple(value_in_words(column, row.get(key), names, language) for key, column in field.columns.items())


def references_in(fields: Mapping[str, Field], data: Mapping[str, Any]) -> set[str]:
    """The references of everything that the data names: parties, areas, stations, issues, files, codes."""
    found: set[str] = set()
    for name, field in fields.items():
        value = data.get(name)
        if not value:
            continue
        if field.type == "table":
            found.update(*(references_in(field.columns, row) for row in value))
        elif field.type in REFERENCES:
            found.update([value] if isinstance(value, str) else value)
        elif field.of is not None:
            codes = [value] if isinstance(value, str) else value
            found.update(reference(code_kind(field.of), code) for code in codes)
    return found


#: What tells a row from the others by itself, without the names of parties and places.
_TELLING = frozenset({"text", "choice", "integer", "number", "money", "date", "date-time", "time"})
_LONGEST_ROW = 40


def row_words(table: Field | None, row: Mapping[str, Any] | None, language: str) -> str:
    """What tells a row of a table from the others: its first cell that can be said in few words and that everybody may read, else nothing."""
    for name, column in (table.columns if table and row else {}).items():
        value = (row or {}).get(name)
        if column.type in _TELLING and column.open and value not in (None, ""):
            said = value_in_words(column, value, {}, language)
            return said if len(said) <= _LONGEST_ROW else f"{said[:_LONGEST_ROW]}…"
    return ""
