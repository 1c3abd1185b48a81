"""Help: the guides of docs in the reader's language, their own first, and searched. Open to all; nothing private stands in them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from huying.errors import NotFound
from huying.guides.guide import guide
from huying.guides.search import find
from huying.guides.shelf import PICTURES, file_of, role_of, shelves_for
from portal.frame.reception import Received
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])

_A_DAY = "public, max-age=86400"


@router.get("/help")
def guides(at: Received, q: str = "") -> Response:
    """The guides by role, or what is found in them."""
    role = role_of(at.person)
    shelves = [
        (shelf, [guide(key, at.language) for key in shelf.keys if file_of(key, at.language)])
        for shelf in shelves_for(role)
    ]
    return at.page("help.html", shelves=shelves, sought=q.strip()[:200], found=find(q, at.language, role))


@router.get("/help/pictures/{name}")
def picture(name: str) -> Response:
    """A picture of a guide."""
    known = {path.name: path for path in PICTURES.iterdir() if path.suffix in (".png", ".webp")}
    if name not in known:
        raise NotFound("没有这张图。", "There is no such picture.")
    return FileResponse(known[name], headers={"Cache-Control": _A_DAY})


@router.get("/help/{key}")
def one(at: Received, key: str) -> Response:
    """One guide."""
    return at.page("guide.html", guide=guide(key, at.language))
