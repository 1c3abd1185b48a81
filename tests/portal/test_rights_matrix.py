"""The matrix of rights is what the routes say, and what they do: a request for each route by each role, at its own station and at another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from huying.access.passphrase import hash_passphrase
from huying.database import tables as t
from huying.database.day import HOUSE_ZONE
from huying.rights.action import ACTIONS
from huying.rights.grants import NewGrant, give
from huying.rights.matrix import COLUMNS, mark
from huying.rights.role import ROLES
from huying.rights.scope import HOUSE, Scope, at_station
from portal.app import create_app
from portal.frame.config import PortalConfig
from portal.frame.reader import SESSION
from portal.frame.right import asked_by, routes
from portal.matrix import FILE, rendered
from tests.huying.town import MORNING, PASSPHRASE, sqlite_town
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor

#: Whoever has no right to anything but what is their own.
_NOBODY = ("stranger", "deputy", "lighting")
_WAYS = {"own": "XG", "foreign": "YF"}
_VALUES: Mapping[str, str] = {
    "number": "1",
    "key": "street-matters",
    "code": "XG",
    "do": "retry",
    "person": "999999",
    "incident": "999999",
    "item": "2",
    "kind": "suspend",
}


@dataclass
class MatrixTown:
    """A town with somebody of each role, each signed in on pages and with a token of the API."""

    town: PortalTown
    visitors: dict[str, Visitor] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    issue: int = 0

    def ask(self, who: str, method: str, path: str) -> httpx.Response:
        """A request by somebody; nobody is called ''."""
        address = re.sub(r"\{(\w+)(?::path)?\}", lambda found: _VALUES.get(found[1], "1"), path)
        visitor = self.visitors[who]
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
            # a token alone, as programs have it
            visitor = self.visitors[""]
            body: Any = None if method == "GET" else {}
            headers["Idempotency-Key"] = "k" * 20
            sent: httpx.Response = visitor.http.request(method, address, headers=headers, json=body)
            return sent
        seed = visitor.http.cookies.get(SESSION) or ""
        token = hashlib.sha256(f"form:{seed}".encode()).hexdigest()
        data = {"form_token": token} if method == "POST" else None
        answer: httpx.Response = visitor.http.request(method, address, data=data, follow_redirects=False)
        return answer


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MatrixTown]:
    """One town for all requests: none of them changes what another asks about."""
    folder = tmp_path_factory.mktemp("matrix")
    made = sqlite_town(folder)
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api")
    app = create_app(made.house, config, made.clock)
    town = PortalTown(made.house, made.clock, made.people, made.departments, app, folder)
    found = MatrixTown(town)
    with made.house.database.writing() as connection:
        stations = {row.code: row.id for row in connection.execute(select(t.stations.c.code, t.stations.c.id))}
        for role in ROLES.values():
            _hire(connection, town, role.key, role.key, HOUSE)
            for way, code in _WAYS.items() if role.bounded else ():
                _hire(connection, town, f"{role.key}-{way}", role.key, at_station(stations[code]))
    found.issue = town.report()
    found.visitors[""] = town.visitor()
    for login in town.people:
        found.visitors[login] = town.visitor(login)
        said = {"login": login, "passphrase": PASSPHRASE}
        found.tokens[login] = found.visitors[""].http.post("/api/v1/sessions", json=said).json()["token"]
    yield found
    made.house.database.close()


def _hire(connection: Any, town: PortalTown, login: str, role: str, scope: Scope) -> None:
    row = {"name": login, "login": login, "kind": "staff", "language": "zh", "active": True, "created_at": MORNING}
    made = insert(t.participants).returning(t.participants.c.id)
    person = connection.execute(made, {**row, "passphrase_hash": _HASHED}).scalar_one()
    town.people[login] = person
    give(connection, NewGrant(person, role, scope, MORNING.astimezone(HOUSE_ZONE).date(), None, "试"), MORNING, None)


_HASHED = hash_passphrase(PASSPHRASE)


def _asked(matrix: MatrixTown) -> Iterator[tuple[str, str, str]]:
    for method, path, route in routes(matrix.town.app.routes):
        yield method, path, asked_by(route.dependant)[0]


def _is_refused(answer: httpx.Response, action: str) -> bool:
    """Whether it is refused for want of the right, and not for anything else."""
    return answer.status_code == 403 and f"没有“{ACTIONS[action].title.zh}”的权限" in answer.text


def _may(login: str, action: str) -> bool:
    column = {"clerk": "staff", "clerk2": "staff", "far-clerk": "staff"}.get(login, login.partition("-")[0])
    known = next((one for one in COLUMNS if one.key == column), None)
    said = mark(action, known) if known else "no"
    return said in ("station", "scope") or (said == "yes" and "-" not in login)


def test_the_page_of_the_reference_says_what_the_routes_say(matrix: MatrixTown) -> None:
    assert FILE.read_text("utf-8") == rendered(matrix.town.app), "renew it: .venv/bin/python -m portal.matrix"


def test_each_route_lets_in_exactly_those_who_have_the_right(matrix: MatrixTown) -> None:
    wrong = []
    for method, path, action in _asked(matrix):
        # HEAD is answered as GET, and says nothing
        if action in ("public", "own") or method == "HEAD":
            continue
        for login in matrix.town.people:
            answer = matrix.ask(login, method, path)
            # here Prefect is away
            failed = answer.status_code >= 500 and not path.startswith("/prefect/")
            refused, may = _is_refused(answer, action), _may(login, action)
            # who is bounded may be refused inside: the request names nothing that lies in their scope
            wrong_way = refused if may and "-" not in login else not (refused or may)
            if wrong_way or failed:
                wrong.append(f"{login}: {method} {path} ({action}): {answer.status_code}")
    assert wrong == []


def test_nobody_who_is_not_signed_in_gets_further_than_to_the_log_in(matrix: MatrixTown) -> None:
    for method, path, action in _asked(matrix):
        answer = matrix.ask("", method, path)
        if action not in ("public", "own"):
            program = path.startswith(("/api/", "/prefect/"))
            assert answer.status_code == (401 if program else 303), path
        if action == "public":
            assert answer.status_code != 401, path
            assert "/login?next" not in answer.headers.get("location", ""), path


def test_whoever_may_sees_the_page(matrix: MatrixTown) -> None:
    """What has no part of its own to be named answers 200 to each who may, not only something else than 403."""
    for method, path, action in _asked(matrix):
        if method != "GET" or "{" in path or path.startswith("/api/") or action in ("public", "own"):
            continue
        if path in ("/migrations/new", "/joins/new", "/posters/sheet.pdf"):
            # between two versions or two people, or of codes, that it has to be told
            continue
        for login in matrix.town.people:
            # who is bounded may be refused inside, where what is asked for is of the whole house
            if "-" not in login and _may(login, action):
                assert matrix.ask(login, method, path).status_code in (200, 303, 422), f"{login}: {path}"


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        ("clerk", True),
        ("far-clerk", False),
        ("office", True),
        ("supervisor", True),
        ("supervisor-own", True),
        ("supervisor-foreign", False),
        *((role, False) for role in ROLES if role != "supervisor"),
        *((login, False) for login in _NOBODY if login != "deputy"),
    ],
)
def test_an_issue_is_for_its_own_station_and_whoever_supervises_it(matrix: MatrixTown, login: str, sees: bool) -> None:
    number, _ = matrix.town.number_and_code(matrix.issue)
    for address in (f"/issues/{number}", f"/api/v1/issues/{number}", f"/api/v1/issues/{matrix.issue}/possible"):
        answer = matrix.ask(login, "GET", address)
        assert (answer.status_code == 200) == sees, f"{address}: {answer.status_code}"
        assert answer.status_code in (200, 404), f"{address}: {answer.status_code}"


def test_every_route_of_an_issue_keeps_out_whom_it_does_not_concern(matrix: MatrixTown) -> None:
    let_in = []
    for method, path, action in _asked(matrix):
        if action != "own" or "{issue_id}" not in path:
            continue
        for login in ("far-clerk", "supervisor-foreign", "system", "auditor", "stranger"):
            answer = matrix.ask(login, method, path)
            if answer.status_code not in (400, 403, 404, 422):
                let_in.append(f"{login}: {method} {path}: {answer.status_code}")
    assert "\n".join(let_in) == ""


@pytest.mark.parametrize(
    ("login", "may"),
    [("clerk", True), ("far-clerk", False), ("registrar-own", True), ("registrar-foreign", False), ("registrar", True)],
)
def test_the_rota_is_changed_at_ones_own_station_and_in_the_scope(matrix: MatrixTown, login: str, may: bool) -> None:
    assert ("/duty/XG/enter" in matrix.ask(login, "GET", "/duty/XG").text) == may


def test_the_file_of_the_matrix_stands_beside_the_other_references() -> None:
    assert Path(__file__).resolve().parents[2] / "docs" / "reference" / "rights.md" == FILE
