"""Who gets through the portal to Prefect's pages, from where, and by which address."""

from __future__ import annotations

import httpx
import pytest

from tests.console.conftest import HERE, Watched
from tests.portal.visitor import plain

PAGE = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}


def test_without_the_password_prefect_itself_tells_nothing(watched: Watched) -> None:
    assert httpx.get(f"{watched.server.url}/health").status_code == 200
    for method, path in (("GET", "/admin/version"), ("POST", "/flow_runs/filter"), ("POST", "/flow_runs/")):
        assert httpx.request(method, f"{watched.server.url}{path}", json={}).status_code == 401
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    preflight = httpx.options(f"{watched.server.url}/flow_runs/filter", headers=asked)
    assert "access-control-allow-origin" not in preflight.headers


def test_whoever_is_not_signed_in_is_led_to_the_log_in_and_back(watched: Watched) -> None:
    guest = watched.visitor()
    answer = guest.http.get("/prefect/runs?tag=x", headers=PAGE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fprefect%2Fruns%3Ftag%3Dx")
    asked = guest.http.post("/prefect/api/flow_runs/filter", json={}, headers=HERE)
    assert (asked.status_code, asked.json()) == (401, {"detail": "请先登录。"})


@pytest.mark.parametrize(
    ("login", "enters"),
    [
        ("office", True),
        ("clerk2", True),
        ("clerk", False),
        ("far-clerk", False),
        ("deputy", False),
        ("lighting", True),
        ("power", False),
        ("stranger", False),
    ],
)
def test_the_office_supervisors_of_the_house_and_administrators_enter_and_nobody_else(
    watched: Watched, login: str, enters: bool
) -> None:
    person = watched.visitor(login)
    page = person.http.get("/prefect/dashboard", headers=PAGE)
    asked = person.http.post("/prefect/api/flow_runs/count", json={}, headers=HERE)
    if enters:
        assert (page.status_code, asked.status_code) == (200, 200)
        assert '<div id="app">' in page.text
        assert login == "lighting" or "Prefect" in plain(person.see("/tasks"))
    else:
        assert (page.status_code, asked.status_code) == (403, 403)
        assert "没有“打开运行控制台”的权限" in plain(page.text)
        assert 'href="/prefect' not in person.see("/tasks")


def test_the_page_is_told_no_password_and_asks_for_none(watched: Watched) -> None:
    told = watched.visitor("office").http.get("/prefect/ui-settings").json()
    assert (told["api_url"], told["auth"], told["available_uis"]) == ("/prefect/api", None, ["v1"])
    kept = watched.visitor("office").http.get("/prefect/api/admin/settings").json()
    assert kept == {"PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": False}


def test_log_out_ends_it_at_once(watched: Watched) -> None:
    person = watched.visitor("office")
    stolen = dict(person.http.cookies)
    assert person.http.get("/prefect/api/admin/version").status_code == 200
    person.send("/tasks", "/logout")
    assert person.http.get("/prefect/api/admin/version").status_code == 401
    person.http.cookies.update(stolen)
    assert person.http.get("/prefect/api/admin/version").status_code == 401, "not even with the cookie of before"


FOREIGN = [
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.elsewhere.example"},
    {"Origin": "http://testserver:8080"},
    {"Referer": "https://elsewhere.example/testserver"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_site_asks_is_refused_and_nothing_is_done(watched: Watched, headers: dict[str, str]) -> None:
    issue = watched.shown()
    person = watched.visitor("office")
    body = {"state": {"type": "CANCELLING", "name": "Cancelling"}, "force": True}
    answer = person.http.post(f"/prefect/api/flow_runs/{watched.run(issue)}/set_state", json=body, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "这个请求来自别的网站，未予办理。"
    assert person.http.post("/prefect/api/flow_runs/filter", json={}, headers=headers).status_code == 403
    assert watched.done(issue) == []


def test_a_link_from_elsewhere_opens_a_page_and_a_script_from_elsewhere_reads_nothing(watched: Watched) -> None:
    person = watched.visitor("office")
    far = {"Sec-Fetch-Site": "cross-site"}
    assert person.http.get("/prefect/dashboard", headers={**PAGE, **far}).status_code == 200
    script = person.http.get("/prefect/api/admin/version", headers={**far, "Sec-Fetch-Mode": "no-cors"})
    assert script.status_code == 403


def test_eval_is_allowed_to_prefects_page_alone_and_it_reaches_nothing_beside_it(watched: Watched) -> None:
    person = watched.visitor("office")
    policy = person.http.get("/prefect/dashboard", headers=PAGE).headers["content-security-policy"]
    said = dict(part.split(" ", 1) for part in policy.split("; "))
    assert said["script-src"] == "http://testserver/prefect/ 'unsafe-eval'"
    assert said["connect-src"] == "http://testserver/prefect/ data: blob:"
    assert (said["form-action"], said["frame-ancestors"]) == ("'none'", "'none'")
    assert "allow-popups" not in said["sandbox"]
    assert "unsafe-eval" not in person.http.get("/tasks").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/prefect/api/%2e%2e/docs",
        "/prefect/api/../docs",
        "/prefect/api//flow_runs/filter",
        "/prefect/api/flow_runs%2ffilter",
        "/prefect/..%5c",
        "/prefect/api/docs",
        "/prefect/api/openapi.json",
        "/prefect/api/csrf-token",
        "/prefect/api/block_documents/filter",
        "/prefect/api/admin/storage",
    ],
)
def test_an_address_that_could_be_read_in_two_ways_or_is_not_needed_leads_nowhere(watched: Watched, path: str) -> None:
    person = watched.visitor("office")
    asked = httpx.URL("http://testserver").copy_with(raw_path=path.encode())
    assert person.http.get(asked, headers=HERE).status_code in (404, 403), path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/flow_runs/{run}"),
        ("PATCH", "/flow_runs/{run}"),
        ("POST", "/flow_runs/"),
        ("POST", "/flow_runs/bulk_set_state"),
        ("POST", "/flow_runs/{run}/input"),
        ("DELETE", "/flow_runs/{run}/input/x"),
        ("POST", "/task_runs/{run}/set_state"),
        ("POST", "/deployments/"),
        ("POST", "/admin/database/clear"),
        ("PUT", "/saved_searches/"),
        ("POST", "/logs/"),
        ("POST", "/automations/"),
        ("POST", "/variables/"),
    ],
)
def test_whatever_else_changes_something_is_refused_in_words(watched: Watched, method: str, path: str) -> None:
    issue = watched.shown()
    before = watched.ask("GET", f"/flow_runs/{watched.run(issue)}")
    for login in ("office", "clerk2"):
        person = watched.visitor(login, "en")
        address = f"/prefect/api{path.format(run=watched.run(issue))}"
        answer = person.http.request(method, address, json={}, headers=HERE)
        assert answer.status_code == 409, address
        assert answer.json()["detail"]
    assert watched.ask("GET", f"/flow_runs/{watched.run(issue)}")["updated"] == before["updated"]
