"""Industries: the deputies of each as a group, its stations above and below each other, and what they did together this year."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.register.permission import may_keep_all, readable
from huying.stations.industry import industry_group, industry_names
from portal.frame.reception import SignedIn
from portal.frame.right import needs

router = APIRouter(dependencies=[needs("read register")])


@router.get("/register/industries")
def industries(at: SignedIn) -> Response:
    """The first industry; without any, what to do about that."""
    names = industry_names(at.house, at.language)
    if names:
        return industry(at, next(iter(names)))
    return at.page(
        "industry.html",
        names=names,
        found=None,
        keeps=at.somebody.may("keep register", at.now),
        whole=may_keep_all(at.somebody, at.now),
    )


@router.get("/register/industries/{code}")
def industry(at: SignedIn, code: str) -> Response:
    """The group of one industry."""
    today, allowed = at.house.day_of(at.now), readable(at.somebody, at.now)
    return at.page(
        "industry.html",
        names=industry_names(at.house, at.language),
        found=industry_group(at.house, code[:60], at.language, today, allowed),
        keeps=at.somebody.may("keep register", at.now),
        whole=may_keep_all(at.somebody, at.now),
        year=today.year,
    )
