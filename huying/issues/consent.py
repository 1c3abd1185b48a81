"""Consent: which notice stood at the form, and whether whoever filled it in agreed to what is sensitive, apart from everything else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.dialects import postgresql, sqlite

from definitions.model.definition import Definition
from huying.database.tables import collection_notices, consents

_SEPARATE = {
    "zh": "您填写了敏感个人信息，须单独同意：请勾选同意，或把这些内容删去。",
    "en": "You have entered sensitive data, to which you agree separately: please tick that you do, or leave it out.",
}
_GUARDIAN = {
    "zh": "不满 14 周岁的，须由监护人同意：请填写监护人姓名。",
    "en": "For somebody under fourteen a guardian agrees: please enter the guardian's name.",
}


@dataclass(frozen=True, slots=True)
class Consent:
    """The ``notice`` as it was shown, in one language (empty where nobody was shown one).

    ``agreed``: to the sensitive fields, separately; ``minor``: it is about somebody under fourteen, for whom the ``guardian`` agrees.
    """

    notice: str
    language: str
    agreed: bool = False
    minor: bool = False
    guardian: str = ""


def sensitive_of(definition: Definition, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The sensitive fields that were filled in."""
    return tuple(
        name
        for name, field in definition.entered.items()
        if (field.sensitive or any(column.sensitive for column in field.columns.values()))
        and values.get(name) not in (None, "", (), [])
    )


def digest_of(notice: str) -> str:
    """By which a notice is kept once."""
    return hashlib.sha256(notice.encode()).hexdigest()


def lacking(consent: Consent, definition: Definition, values: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What is missing of the consent to what was entered, by entry."""
    errors: dict[str, Mapping[str, str]] = {}
    if sensitive_of(definition, values) and not consent.agreed:
        errors["agreed"] = _SEPARATE
    if consent.minor and not consent.guardian.strip():
        errors["guardian"] = _GUARDIAN
    return errors


def keep_consent(
    connection: Connection, issue: int, consent: Consent, sensitive: tuple[str, ...], now: datetime
) -> None:
    """Keep with an issue what was told and agreed to, if anything was told; the same text is kept once."""
    if not consent.notice:
        return
    digest = digest_of(consent.notice)
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    told = {"digest": digest, "language": consent.language, "text": consent.notice, "made_at": now}
    connection.execute(make(collection_notices).values(**told).on_conflict_do_nothing(index_elements=["digest"]))
    given = {
        "issue_id": issue,
        "notice": digest,
        "sensitive": list(sensitive),
        "minor": consent.minor,
        "guardian": consent.guardian.strip()[:100] if consent.minor else "",
        "given_at": now,
    }
    connection.execute(insert(consents), given)
