"""Everybody signed out at once: when a session may have fallen into wrong hands and nobody knows whose, for whoever keeps the house."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from engine.refusal import Invalid
from huying.access.second_factor import has_authenticator
from huying.access.sessions import sign_out_everybody, signed_in_now
from portal.frame.confirmation import confirmed
from portal.frame.entry import left
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("keep house")])
Errors = Mapping[str, Mapping[str, str]]
_WRONG: Errors = {
    "present": {
        "zh": "口令或验证码不对，谁也没有退出。",
        "en": "This is neither your passphrase nor the code shown now; nobody was signed out.",
    }
}


@router.get("/accounts/sessions")
def sessions(at: SignedIn) -> Response:
    """How many are signed in, and what becomes of it."""
    return _page(at)


@router.post("/accounts/sessions/end")
async def end(form: Submitted, at: SignedIn) -> Response:
    """Sign everybody out, here too, once the passphrase was shown."""
    if not await confirmed(at, form.entries.get("present", "")):
        return await run_in_threadpool(_page, at, _WRONG, form.entry("reason"))
    return await run_in_threadpool(_ended, at, form)


def _ended(at: Reception, form: Submission) -> Response:
    try:
        sign_out_everybody(at.house, form.entry("reason"), at.by())
    except Invalid as wrong:
        return _page(at, wrong.errors, form.entry("reason"))
    return left(at, "/login")


def _page(at: Reception, errors: Errors | None = None, reason: str = "") -> Response:
    with at.house.database.reading() as connection:
        codes = has_authenticator(connection, at.somebody.participant_id)
    return at.page(
        "account_sessions.html",
        422 if errors else 200,
        people=signed_in_now(at.house, at.now),
        authenticator=codes,
        errors=errors or {},
        reason=reason,
        back="/accounts/sessions",
    )
