"""The audit log on pages, and the routes that leave a line in it: a new one has to say whether it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select, update

from huying.audit.record import AuditNote, note_at_once, settle
from huying.database.tables import audit, calls, deliveries, history, inbound_messages, stations
from huying.delivery.sender import send_pending
from huying.effects.carriers import carry
from huying.house.by import By
from huying.issues.attachments import attach
from huying.outbox.claims import claim_effects
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from huying.search.upkeep import every_portion
from notifications import Transports, mail_server
from tests.huying.town import MORNING, PIXEL, administrator
from tests.portal.conftest import PortalTown
from tests.portal.test_routes import routes_of
from tests.portal.visitor import Visitor

#: A mail server that nobody is to be asked for.
NO_SERVER = Transports(mail=mail_server("smtp+plain://127.0.0.1:9", "house@example.org"))


def _granted(town: PortalTown, login: str, role: str) -> None:
    with town.house.database.writing() as connection:
        give(connection, NewGrant(town.people[login], role, HOUSE, MORNING.date(), None, "试用"), MORNING, None)


def _lines(town: PortalTown) -> list[tuple[str, int | None]]:
    settle()
    with town.house.database.reading() as connection:
        return [(row.what, row.by_id) for row in connection.execute(select(audit).order_by(audit.c.seq))]


@pytest.fixture
def auditor(town: PortalTown) -> Visitor:
    """Somebody who reads the log and does nothing else."""
    town.people["admin"] = administrator(town.house)
    _granted(town, "stranger", "auditor")
    return town.visitor("stranger")


def test_the_log_is_read_by_whoever_may_and_by_nobody_else(town: PortalTown, auditor: Visitor) -> None:
    page = auditor.see("/audit")
    assert "登录" in page
    assert "审计日志" in page
    for login in ("clerk", "deputy", "admin"):
        assert town.visitor(login).http.get("/audit").status_code == 403
    assert town.visitor().http.get("/audit", follow_redirects=False).status_code == 303


def test_it_is_narrowed_and_taken_out_as_a_sheet_which_is_noted(town: PortalTown, auditor: Visitor) -> None:
    told = AuditNote(what="private-shown", object="issue:XG-2026-00007", by=town.people["clerk"], reason="=1+1")
    note_at_once(town.house.database.engine, told)
    page = auditor.see("/audit?person=clerk&what=private-shown&object=XG-2026-00007")
    assert "XG-2026-00007" in page
    assert "没有这样的记录" in auditor.see("/audit?object=XG-2026-00008")
    assert "XG-2026-00007" in auditor.see("/audit?since=yesterday")
    answer = auditor.http.get("/audit/sheet?what=private-shown")
    cells = [cell for row in load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
    assert ("audit-exported", town.people["stranger"]) in _lines(town)


def test_who_looked_how_often_is_told(town: PortalTown, auditor: Visitor) -> None:
    assert "最近没有人查看" in auditor.see("/audit/lookers")
    note_at_once(town.house.database.engine, AuditNote(what="private-shown", by=town.people["clerk"], at=MORNING))
    assert "查看个人信息 1" in auditor.see("/audit/lookers")


def test_where_somebody_comes_from_and_by_which_log_in_stands_in_their_lines(
    town: PortalTown, auditor: Visitor
) -> None:
    visitor = Visitor(town.app, address="203.0.113.9")
    visitor.log_in("clerk")
    visitor.http.post("/logout", data=visitor.hidden("/tasks", "/logout"))
    settle()
    with town.house.database.reading() as connection:
        rows = connection.execute(select(audit).where(audit.c.by_id == town.people["clerk"])).all()
    assert {row.what for row in rows} == {"signed-in", "signed-out"}
    assert {row.address for row in rows} == {"203.0.113.9"}
    assert all(row.agent for row in rows)
    assert next(row.session for row in rows if row.what == "signed-out")


@dataclass(frozen=True)
class Looks:
    """Who opens a route, at which address, and what that leaves in the log."""

    login: str
    address: Callable[[PortalTown], str]
    what: str


def _plain(path: str) -> Callable[[PortalTown], str]:
    return lambda town: path


def _file(before: str) -> Callable[[PortalTown], str]:
    def address(town: PortalTown) -> str:
        issue = town.report()
        attach(town.house, issue, "灯.png", PIXEL, By(town.reporter(issue), town.clock(), "a file"))
        with town.house.database.reading() as connection:
            at = select(history.c.sequence).where(history.c.issue_id == issue, history.c.kind == "attach")
            return f"{before}/{issue}/{connection.execute(at).scalar_one()}"

    return address


def _called(town: PortalTown) -> str:
    town.report()
    for errand in claim_effects(town.house, town.clock.now):
        carry(town.house, errand, town.clock.now)
    send_pending(town.house, NO_SERVER, "http://portal", town.clock.now)
    return "/phone-list"


def _lost(town: PortalTown) -> str:
    _called(town)
    with town.house.database.writing() as connection:
        connection.execute(update(deliveries).values(status="failed"))
    return "/undelivered"


def _rung(address: str) -> Callable[[PortalTown], str]:
    def asked(town: PortalTown) -> str:
        with town.house.database.writing() as connection:
            row = {"connection": "hotline", "call_id": "c1", "number": "13812345678", "number_index": "13812345678"}
            connection.execute(insert(calls).values(**row, agent="", told_at=town.clock.now))
        return address

    return asked


def _came(town: PortalTown) -> str:
    with town.house.database.writing() as connection:
        row = {"channel": "mail", "key": "k", "state": "tray", "at": town.clock.now, "available_at": town.clock.now}
        place = connection.execute(select(stations.c.id).where(stations.c.code == "XG")).scalar_one()
        message = insert(inbound_messages).returning(inbound_messages.c.id)
        number = connection.execute(message, {**row, "station_id": place, "subject": "路灯"}).scalar_one()
    return f"/tray/{number}"


def _searched(address: str) -> Callable[[PortalTown], str]:
    def asked(town: PortalTown) -> str:
        town.act(town.report(), "clerk", "accept")
        for _ in every_portion(town.house):
            pass
        return f"{address}李明"

    return asked


#: Routes that show or hand out what is private, and the line that each leaves.
AUDITED: dict[str, Looks] = {
    "/issues/sheet": Looks("clerk", _plain("/issues/sheet"), "list-exported"),
    "/issues/print": Looks("clerk", _plain("/issues/print"), "list-exported"),
    "/rights/sheet": Looks("stranger", _plain("/rights/sheet"), "list-exported"),
    "/audit/sheet": Looks("stranger", _plain("/audit/sheet"), "audit-exported"),
    "/register/export.xlsx": Looks("admin", _plain("/register/export.xlsx"), "register-exported"),
    "/register/export-private.xlsx": Looks("power", _plain("/register/export-private.xlsx"), "register-exported"),
    "/attachments/{issue_id}/{sequence}": Looks("office", _file("/attachments"), "attachment-opened"),
    "/files/{participant_id}/{year}": Looks("clerk", _plain("/files/4/2026"), "file-read"),
    "/files/{participant_id}/term": Looks("clerk", _plain("/files/4/term"), "file-read"),
    "/files/{participant_id}/{year}/sheet.xlsx": Looks("clerk", _plain("/files/4/2026/sheet.xlsx"), "file-exported"),
    "/files/{participant_id}/{year}/paper.docx": Looks("clerk", _plain("/files/4/2026/paper.docx"), "file-exported"),
    "/files/all/{year}/sheet.xlsx": Looks("clerk", _plain("/files/all/2026/sheet.xlsx"), "list-exported"),
    "/phone-list": Looks("clerk", _called, "contact-shown"),
    "/undelivered": Looks("clerk", _lost, "contact-shown"),
    "/calls": Looks("clerk", _rung("/calls"), "contact-shown"),
    "/tray/{message}": Looks("clerk", _came, "message-read"),
    "/issues": Looks("deputy", _searched("/issues?q="), "private-searched"),
}
#: Answered by the same functions as one above.
ALIKE = {
    # noted by the page, asked in ``test_joins.py``
    "/joins/new",
    # asked in ``test_tray.py``
    "/tray/{message}/files/{number}",
    "/tray/{message}/raw",
    "/intake/letters/{message}",
    # what rings at one's own desk; the recording lies elsewhere, and is asked in ``test_calls.py``
    "/calls/ringing",
    "/calls/{call}/recording",
    # noted by ``huying/papers/view.py``, asked in ``test_papers.py``
    "/papers/{number}/word",
    "/papers/{number}/pdf",
    "/files/{participant_id}/{year}/evidence/{key}",
    "/files/{participant_id}/{year}/paper.pdf",
    "/attachments/{issue_id}/kept/{digest}",
    "/t/{token}/files/{sequence}",
    "/t/{token}/kept/{digest}",
    "/api/v1/issues/{issue_id}/attachments/{sequence}",
    "/api/v1/search",
    "/search",
}
#: Routes that show no private data but what is one's own, or what somebody works on just now.
PLAIN = {
    # subjects and senders of what lies before whoever decides on it; each message leaves its own line
    "/tray",
    # nothing but public copies, and words of the house
    "/open311/v2/discovery.{form}",
    "/open311/v2/services.{form}",
    "/open311/v2/services/{code}.{form}",
    "/open311/v2/requests.{form}",
    "/open311/v2/requests/{number:path}.{form}",
    "/open311/v2/tokens/{token:path}.{form}",
    "/open311/v2/servicerequestupdates.{form}",
    "/posters",
    "/posters/new",
    "/posters/sheet.pdf",
    "/s/{code}",
    "/papers",
    "/papers/new/{kind}",
    "/papers/templates",
    "/papers/templates/{kind}/{language}",
    "/papers/templates/{kind}/{language}/word",
    "/papers/{number}",
    # their copies are handed out by POST, in ``huying/privacy/requests.py``, which notes it
    # counts, and lists of issues as they stand everywhere
    "/figures",
    "/figures/sheet",
    "/figures/issues",
    "/reports",
    "/reports/{number}",
    "/reports/{number}/check",
    "/reports/{number}/changes",
    "/reports/{number}/{kind}",
    "/my/data",
    "/issues/{issue_id}/data",
    "/issues/{issue_id}/messages",
    "/privacy/requests",
    "/privacy/erasures",
    "/privacy/erasures/{number}",
    "/privacy/requests/{number}",
    "/privacy",
    "/privacy/due",
    "/",
    "/account",
    "/account/authenticator",
    "/account/keys",
    "/account/links",
    "/account/messages",
    "/account/passkeys",
    "/account/provider",
    "/account/set/{token}",
    "/accounts",
    "/accounts/sessions",
    "/api/v1/board",
    "/api/v1/definitions",
    "/api/v1/definitions/{key}",
    "/api/v1/definitions/{key}/diagram.svg",
    "/api/v1/departments",
    "/api/v1/files/{participant_id}/{year}",
    "/api/v1/incidents",
    "/api/v1/issues",
    "/api/v1/issues/{issue_id}/possible",
    "/api/v1/issues/{number:path}",
    "/api/v1/links/{token}",
    "/api/v1/links/{token}/issue",
    "/api/v1/stations",
    "/api/v1/tasks",
    "/api/v1/tasks/{issue_id}/{item}",
    "/audit",
    "/assessment",
    "/assessment/circular",
    "/assessment/circular.xlsx",
    "/assessment/people/{person}/{year}",
    "/assessment/results/{number}",
    "/assessment/rooms",
    "/assessment/stations/{code}/{year}",
    "/assessment/tables",
    "/assessment/tables/new",
    "/assessment/tables/{key}",
    "/audit/lookers",
    "/backups",
    "/board",
    "/board/circular",
    "/calendars",
    "/calendars/{key}",
    "/cases",
    "/cases/{number}",
    "/cases/{number}/article",
    "/cases/{number}/photos/{place}",
    "/cases.atom",
    "/robots.txt",
    "/open",
    "/open/deputies/{number}",
    "/open/{key}.csv",
    "/open/{key}.json",
    "/open/{key}.atom",
    "/open/{key}",
    "/tasks/{issue_id}/{item}/review/{action}",
    # reasons, no contact data
    "/joins",
    "/channels",
    "/channels/new",
    "/channels/{key}",
    "/connections",
    "/connections/{key}/calls",
    "/senders",
    "/senders/{key}/templates",
    "/messages/defaults",
    "/definitions/{key}/messages",
    "/definitions",
    "/definitions/{key}",
    "/definitions/{key}/chart",
    "/definitions/{key}/chart.bpmn",
    "/definitions/{key}/chart.mmd",
    "/definitions/{key}/versions",
    "/definitions/{key}/versions/{number}",
    "/definitions/{key}/versions/{number}/report",
    "/design",
    "/display",
    "/duty",
    "/duty/{code}",
    "/editor",
    "/editor/{number}",
    "/editor/{number}/form",
    "/editor/{number}/publication",
    "/editor/{number}/publication/trial",
    "/editor/{number}/scenarios",
    "/editor/{number}/trial",
    "/feed/{token}.ics",
    "/files",
    "/files/all/{year}",
    "/follow",
    "/healthz",
    "/heads",
    "/heads.json",
    "/heads.xml",
    "/help",
    "/help/pictures/{name}",
    "/help/{key}",
    "/incidents",
    "/incidents/{incident}",
    "/intake",
    "/intake/{issue_id}",
    "/issues/fresh",
    "/issues/{number:path}",
    "/keys",
    "/language",
    "/livez",
    "/login",
    "/login/code",
    "/login/enrolment",
    "/login/provider",
    "/login/provider/back",
    "/logo",
    "/metrics",
    "/migrations",
    "/migrations/new",
    "/migrations/{number}",
    "/my/assessment",
    "/my/calendar",
    "/my/duties",
    "/my/rights",
    "/outbox",
    "/outbox/{key}",
    "/plans",
    "/plans/new",
    "/plans/{key}",
    "/proposals",
    "/proposals/{number}",
    "/readyz",
    "/records/import",
    "/records/import/{number}",
    "/records/import/{number}/undo",
    "/register",
    "/register/codes",
    "/register/coverage",
    "/register/coverage.xlsx",
    "/register/departments",
    "/register/departments/{code}",
    "/register/haves",
    "/register/import",
    "/register/import/{number}",
    "/register/import/{number}/invite",
    "/register/import/{number}/remarks.xlsx",
    "/register/import/{number}/undo",
    "/register/log",
    "/register/log/{number}",
    "/register/people",
    "/register/people/{number}",
    "/register/people/{number}/leave",
    "/register/row/{of}",
    "/register/standard",
    "/register/industries",
    "/register/industries/{code}",
    "/register/stations/{code}",
    "/register/stations/{code}/close",
    "/register/stations/{code}/haves/{have}",
    "/register/stations/{code}/haves/{have}/files/{key}",
    "/register/template.xlsx",
    "/register/term",
    "/report",
    "/report/{key}",
    "/report/{key}/near",
    "/reported/{issue_id}",
    "/rights",
    "/rights/actions/{key}",
    "/rights/addresses",
    "/rights/issues/{number:path}",
    "/rights/people/{person}",
    "/rights/stations",
    "/rights/stations/{code}",
    "/said/{way}/{issue_id}",
    "/said/{way}/{issue_id}/{item}",
    "/stations",
    "/subscriptions",
    "/subscriptions/{number}",
    "/t/{token}",
    "/t/{token}/{rest:path}",
    "/tasks",
    "/tasks/round",
    "/tasks/{issue_id}/{item}",
    "/welcome",
}


def test_every_route_that_is_looked_at_says_whether_it_leaves_a_line(town: PortalTown) -> None:
    found = {path for method, path, _ in routes_of(town.app) if method == "GET" and not path.startswith("/prefect")}
    said = (set(AUDITED), ALIKE, PLAIN)
    assert found == set().union(*said)
    assert sum(map(len, said)) == len(found)


@pytest.mark.parametrize("route", sorted(AUDITED))
def test_a_route_that_shows_private_data_or_hands_it_out_leaves_a_line(
    town: PortalTown, auditor: Visitor, route: str
) -> None:
    _granted(town, "power", "privacy")
    looks = AUDITED[route]
    address = looks.address(town)
    visitor = town.visitor(looks.login)
    assert looks.what not in [what for what, _ in _lines(town)]
    assert visitor.http.get(address).status_code == 200
    assert (looks.what, town.people[looks.login]) in _lines(town)


def test_no_private_number_goes_out_with_a_list(town: PortalTown) -> None:
    town.report(subject="路灯不亮，请打 13812345678")
    clerk = town.visitor("clerk")
    cells = [
        str(cell.value)
        for row in load_workbook(BytesIO(clerk.http.get("/issues/sheet").content)).worksheets[0].iter_rows()
        for cell in row
    ]
    assert any("138****78" in cell for cell in cells)
    assert "13812345678" not in str(cells)
    paper = clerk.see("/issues/print")
    assert "138****78" in paper
    assert "13812345678" not in paper
