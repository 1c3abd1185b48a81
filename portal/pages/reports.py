"""Reports of months, quarters and years: which there are; one with its corrections; issuing, correcting, recomputing; its files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.responses import Response

from definitions.plans.plan import ReportPlan
from definitions.text import words
from engine.refusal import Invalid
from huying.database.tables import issues
from huying.duties.plans.store import plan_in_force, plans_in_force
from huying.errors import NotFound
from huying.issues.tally_rows import uncounted
from huying.reports.figures import counter_of
from huying.reports.frozen import ReportSource
from huying.reports.issuance import ACTION, again, amend, changed_since, issue, prepare_report
from huying.reports.store import KeptReport
from huying.reports.verification import CheckBusy, check_report
from huying.reports.view import readable, report_list, report_view, revision_lines
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter()
_READS, _ISSUES = [needs("read figures")], [needs(ACTION)]
_KINDS = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "sheet": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: More issues than these take too long to be counted again while somebody waits for a page.
MOST_RECOUNTED = 20_000
#: One recount at a time; whoever comes meanwhile waits so many seconds at most.
_checking, _PATIENCE = Lock(), 1.0


@router.get("/reports", dependencies=_READS)
def reports(at: SignedIn) -> Response:
    """Those that wait and those that were issued."""
    may = at.may(ACTION)
    plans = [one for one in plans_in_force(at.house) if isinstance(one.plan, ReportPlan)] if may else []
    titles = {one.key: words(one.plan.title, at.language) for one in plans}
    found = report_list(at.house, at.language, may_issue=may)
    counting = uncounted(at.house, 1) > 0
    return at.page("reports.html", found=found, may_issue=may, plans=titles, counting=counting)


@router.post("/reports", dependencies=_ISSUES)
def prepare(form: Submitted, at: SignedIn) -> Response:
    """Prepare a report now, of the last period that is over."""
    found = plan_in_force(at.house, form.entry("plan"))
    if not isinstance(found.plan, ReportPlan):
        raise NotFound("这份计划不出报告。", "This plan prepares no reports.")
    source = ReportSource(found.key, found.version, found.digest)
    number = prepare_report(at.house, found.plan, source, at.house.day_of(at.now), at.now)
    return at.go(f"/reports/{number}")


@router.get("/reports/{number}", dependencies=_READS)
def report(at: SignedIn, number: str, said: str = "") -> Response:
    """One report."""
    return _page(at, number)


@router.post("/reports/{number}/issue", dependencies=_ISSUES)
def issued(form: Submitted, at: SignedIn, number: str) -> Response:
    """Issue it: from now on it stands."""
    issue(at.house, number, form.entry("note").strip(), at.by())
    return at.go(f"/reports/{number}")


@router.post("/reports/{number}/again", dependencies=_ISSUES)
def prepared_again(form: Submitted, at: SignedIn, number: str) -> Response:
    """Prepare it anew, as long as nobody has issued it."""
    kept = readable(at.house, number, may_issue=True)
    new = again(at.house, number, counter_of(at.house, kept.frozen.figures_of.key, at.now))
    return at.go(f"/reports/{new}")


@router.get("/reports/{number}/changes", dependencies=_ISSUES)
def changes(at: SignedIn, number: str) -> Response:
    """What is otherwise now, with the form to write a correction."""
    return _page(at, number, changes=True)


@router.post("/reports/{number}/changes", dependencies=_ISSUES)
def corrected(form: Submitted, at: SignedIn, number: str) -> Response:
    """Write a correction."""
    readable(at.house, number, may_issue=True)
    try:
        amend(at.house, number, form.entry("why"), at.by())
    except Invalid as wrong:
        return _page(at, number, changes=True, errors=wrong.errors, status=422)
    return at.go(f"/reports/{number}#corrections")


@router.get("/reports/{number}/check", dependencies=_READS)
def checked(at: SignedIn, number: str) -> Response:
    """Recompute it from the history as of its moment, and compare."""
    return _page(at, number, check=True)


@router.get("/reports/{number}/{kind}", dependencies=_READS)
def file(at: SignedIn, number: str, kind: str) -> Response:
    """The report as it was issued: ``word``, ``sheet``, or ``json`` as it was frozen."""
    kept = readable(at.house, number, may_issue=at.may(ACTION))
    if kind == "json":
        return _download(kept.body.encode(), "application/json", f"{number}.json")
    held = kept.files.get(kind)
    content = at.house.store.get(held.digest) if held is not None else None
    if held is None or content is None or kind not in _KINDS:
        raise NotFound("没有这个文件。", "There is no such file.")
    return _download(content, _KINDS[kind], held.name)


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _page(
    at: Reception, number: str, *, changes: bool = False, check: bool = False, errors: object = None, status: int = 200
) -> Response:
    may = at.may(ACTION)
    kept = readable(at.house, number, may_issue=may)
    found, many = None, _many(at) if check else 0
    if check and many <= MOST_RECOUNTED:
        with _in_turn():
            found = check_report(at.house, kept, at.now)
    return at.page(
        "frozen_report.html",
        status=status,
        view=report_view(at.house, kept, at.language),
        may_issue=may,
        changed=_changed(at, kept) if changes and kept.issued_at else None,
        check=found,
        wrong=revision_lines(kept.frozen, found.wrong, at.language) if found else (),
        too_many=many > MOST_RECOUNTED,
        errors=errors or {},
    )


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _checking.acquire(timeout=_PATIENCE):
        raise CheckBusy
    try:
        yield
    finally:
        _checking.release()


def _changed(at: Reception, kept: KeptReport) -> object:
    return revision_lines(kept.frozen, changed_since(at.house, kept, at.now), at.language)


def _many(at: Reception) -> int:
    with at.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(issues)).scalar_one())
