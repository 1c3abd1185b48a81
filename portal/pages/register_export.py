"""The register taken out as a workbook: phones and mail addresses go along only for whoever has the right to that."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said
from huying.register.workbook.imports import assure_may_import, full_book
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs

router = APIRouter()
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/register/export.xlsx", dependencies=[needs("import register")])
def export(at: SignedIn) -> Response:
    """The register without phones and mail addresses of people."""
    assure_may_import(at.somebody, at.now)
    return _register(at, private=False)


@router.get("/register/export-private.xlsx", dependencies=[needs("export private register")])
def export_private(at: SignedIn) -> Response:
    """All of the register."""
    return _register(at, private=True)


def _register(at: Reception, *, private: bool) -> Response:
    name = Said("名册（含联系方式）", "register-with-phones") if private else Said("名册", "register")
    return workbook_answer(full_book(at.house, at.by(), private=private), "register.xlsx", name, at)


def workbook_answer(content: bytes, plain: str, name: Said, at: Reception) -> Response:
    """A workbook to be kept, under a plain name and under one in the reader's language with the day."""
    zone = at.house.zone
    spoken = quote(f"{name.of(at.language)}-{at.now.astimezone(zone):%Y-%m-%d}.xlsx")
    head = {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{spoken}"}
    return Response(content, media_type=_SHEET, headers={**head, "cache-control": "no-store"})
