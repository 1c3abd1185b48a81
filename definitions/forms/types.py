"""Which cleaner a type has; a table's rows are ``definitions.form_table``'s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.forms.address import clean_email, clean_phone
from definitions.forms.characters import narrow, seen
from definitions.forms.credentials import clean_credential
from definitions.forms.numbers import clean_money, clean_number
from definitions.forms.references import clean_choice, clean_place, clean_reference, several
from definitions.forms.values import (
    Cleaner,
    Lookup,
    Wrong,
    clean_date,
    clean_date_time,
    clean_text,
    clean_time,
    clean_yes_no,
)
from definitions.model.field import Field, Likeness
from definitions.text import words

CLEANERS: Mapping[str, Cleaner] = {
    "text": clean_text,
    "long text": clean_text,
    "phone": clean_phone,
    "email": clean_email,
    "integer": clean_number,
    "number": clean_number,
    "money": clean_money,
    "date": clean_date,
    "date-time": clean_date_time,
    "time": clean_time,
    "yes/no": clean_yes_no,
    "choice": clean_choice,
    "choices": several(clean_choice),
    "department": clean_reference,
    "departments": several(clean_reference),
    "person": clean_reference,
    "people": several(clean_reference),
    "area": clean_reference,
    "station": clean_reference,
    "place": clean_place,
    "file": clean_reference,
    "files": several(clean_reference),
    "issue": clean_reference,
}


def clean(field: Field, value: Any, register: Lookup) -> Any:
    """One value as it is kept; what is empty, or shows nothing, is blank. ``Wrong`` if it cannot be taken."""
    if is_empty(value) or (isinstance(value, str) and not seen(value).strip()):
        return field.blank
    cleaned = CLEANERS[field.type](field, value, register)
    if field.pattern is not None and isinstance(cleaned, str) and cleaned:
        cleaned = _like(field.pattern, cleaned)
    return None if cleaned == "" else cleaned


def _like(pattern: Likeness | str, text: str) -> str:
    """The text as the pattern has it; full-width signs stand for the narrow ones that it asks for."""
    if isinstance(pattern, str):
        return clean_credential(pattern, text)
    for written in (text, narrow(text)):
        if pattern.fits(written):
            return written
    raise Wrong(words(pattern.say, "zh"), words(pattern.say, "en"))


def is_empty(value: Any) -> bool:
    """Whether nothing is filled in; zero and no are something."""
    return value is None or (not value and isinstance(value, str | list | tuple | dict))
