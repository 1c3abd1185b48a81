"""One row of the register on a page of its own: entered, changed, ended or taken out by hand, with its log."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from definitions.text import Said
from huying.database.tables import register_changes
from huying.register.checks import needed
from huying.register.entries import (
    ENDS,
    RowDeed,
    RowForm,
    WrongEntry,
    end_row,
    keep_row,
    row_form,
    take_out_row,
)
from huying.register.forms import FORMS
from huying.register.shapes import SHAPES
from huying.register.views.log import log_of
from huying.register.views.options import options
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("keep register")])
_HOME = "/register"


@router.get("/register/row/{of}")
def row(request: Request, at: SignedIn, of: str, key: str = "", back: str = _HOME) -> Response:
    """The form of a row, or of a new one."""
    return _page(at, row_form(at.house, of, key[:200], dict(request.query_params)), _safe(back))


@router.post("/register/row/{of}")
def keep(form: Submitted, at: SignedIn, of: str) -> Response:
    """Write, end, or take out."""
    deed = RowDeed(of, form.entry("key")[:200], _texts(form), form.entry("why")[:1000])
    back = _safe(form.entry("back"))
    doing = {"end": end_row, "out": take_out_row}.get(form.entry("do"), keep_row)
    try:
        doing(at.house, deed, at.somebody, at.now)
    except WrongEntry as wrong:
        known = row_form(at.house, of, deed.key, deed.texts)
        texts = {**known.texts, **{word: text for word, text in deed.texts.items() if word in known.texts}}
        seen = RowForm(of, deed.key, texts, known.fixed, known.values)
        return _page(at, seen, back, wrong.faults, why=deed.why, status=422)
    return at.go(back + ("&" if "?" in back else "?") + "done=true")


def _texts(form: Submission) -> dict[str, str]:
    return {name: text if isinstance(text, str) else "" for name, text in form.fields.items()}


def _page(
    at: Reception,
    form: RowForm,
    back: str,
    faults: Mapping[str, Said] | None = None,
    why: str = "",
    status: int = 200,
) -> Response:
    asked = FORMS[form.of]
    wrong = {word: said.of(at.language) for word, said in (faults or {}).items()}
    mine = register_changes.c.of_table == form.of, register_changes.c.row_key == form.key
    return at.page(
        "register_row.html",
        status,
        form=form,
        title=SHAPES[form.of].title,
        asked=asked,
        options=options(at.house, at.language, asked, form.texts),
        errors=[(f"f-{word}", text) for word, text in wrong.items()],
        wrong=wrong,
        needed=lambda of, word: needed(SHAPES[of], word),
        ends=bool(form.key) and form.of in ENDS,
        log=log_of(at.house, at.language, *mine, most=20) if form.key else (),
        why=why,
        return_to=back,
        back=back,
    )


def _safe(address: str) -> str:
    """A page of ours to go back to, and nothing else."""
    return (
        address if address.startswith("/register") and not address.startswith("//") and "\\" not in address else _HOME
    )
