"""That whoever sits there is still the person who is signed in: their passphrase, or a code of their authenticator, before something that matters."""

from __future__ import annotations

import re
import unicodedata
from functools import partial

from starlette.concurrency import run_in_threadpool

from huying.access.accounts import person_row
from huying.access.passphrase import check
from huying.access.second_factor import WrongCode, has_authenticator, passed
from portal.frame.reception import Reception

_CODE = re.compile(r"\d{6}")


async def confirmed(at: Reception, shown: str) -> bool:
    """Whether what was typed is right; ``TooOften`` after too many that were not, for whoever has got hold of the screen may try as well."""
    account = tries_of(at)
    await run_in_threadpool(at.here.throttle.check, "second-factor", account)
    if await run_in_threadpool(_is_code, at, shown):
        return True
    known = await run_in_threadpool(_kept, at)
    checked = await at.here.passphrases.run(partial(check, shown, known))
    if not checked.right:
        await run_in_threadpool(at.here.throttle.count, "second-factor", account)
    return checked.right


def tries_of(at: Reception) -> str:
    """By what the tries of whoever sits there are counted: apart from those of the log-in, so that they keep nobody out."""
    return f"confirm {at.somebody.participant_id}"


def _kept(at: Reception) -> str | None:
    with at.house.database.reading() as connection:
        known: str | None = person_row(connection, at.somebody.participant_id).passphrase_hash
    return known


def _is_code(at: Reception, shown: str) -> bool:
    digits = "".join(unicodedata.normalize("NFKC", shown[:40]).split())
    if not _CODE.fullmatch(digits):
        return False
    with at.house.database.writing() as connection:
        if not has_authenticator(connection, at.somebody.participant_id):
            return False
        try:
            passed(connection, at.somebody.participant_id, digits, at.now)
        except WrongCode:
            return False
    return True
