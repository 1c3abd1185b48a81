"""Every route is public on purpose, or asks who is there. A new route has to be put on one of the lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from portal.api import caller
from portal.console.entrant import entrant
from portal.frame import door, reader, submission
from portal.pages import feed, health
from tests.portal.conftest import PortalTown

PUBLIC = {
    "/",
    "/stations",
    "/language",
    "/display",
    "/design",
    "/report",
    "/login",
    "/logout",
    # they ask for what was begun with name and passphrase, and lead there without it
    "/login/code",
    "/login/enrolment",
    "/login/code/challenge",
    "/login/code/passkey",
    "/login/enrolment/challenge",
    "/login/enrolment/passkey",
    # whoever comes in there is said by a passkey
    "/login/passkey",
    "/login/passkey/challenge",
    # whoever comes in there is said by the provider
    "/login/provider",
    "/login/provider/back",
    # the address is the right to set one person's passphrase, once
    "/account/set/{token}",
    "/report/{key}",
    "/report/{key}/alike",
    "/report/{key}/follow/{issue_id}",
    "/report/{key}/look",
    "/report/{key}/near",
    "/follow",
    # leads to pages of the portal alone
    "/s/{code}",
    "/cases",
    "/cases/{number}",
    "/cases/{number}/photos/{place}",
    "/cases.atom",
    "/robots.txt",
    "/open",
    "/open/deputies/{number}",
    "/open/{key}.csv",
    "/open/{key}.json",
    "/open/{key}.atom",
    "/open/{key}",
    "/heads",
    "/heads.json",
    "/heads.xml",
    "/duty",
    "/duty/{code}",
    "/definitions",
    "/definitions/{key}",
    "/definitions/{key}/chart",
    "/definitions/{key}/chart.bpmn",
    "/definitions/{key}/chart.mmd",
    "/calendars",
    "/calendars/{key}",
    "/outbox",
    "/outbox/{key}",
    "/logo",
    "/help",
    "/help/{key}",
    "/help/pictures/{name}",
    "/healthz",
    "/livez",
    "/readyz",
    "/api/v1/definitions",
    "/api/v1/definitions/{key}",
    "/api/v1/definitions/{key}/diagram.svg",
    "/api/v1/stations",
    "/api/v1/departments",
    "/open311/v2/discovery.{form}",
    "/open311/v2/services.{form}",
    "/open311/v2/services/{code}.{form}",
    # what is public of them, and to a key what it sent itself
    "/open311/v2/requests.{form}",
    "/open311/v2/requests/{number:path}.{form}",
    "/open311/v2/tokens/{token:path}.{form}",
    "/open311/v2/servicerequestupdates.{form}",
}
#: Public to call, since they ask for a passphrase, a code, or nothing but a report.
GUARDED_INSIDE = {
    ("POST", "/hooks/{sender}/{secret}"),
    ("POST", "/api/v1/messages/{connection_key}"),
    ("POST", "/api/v1/calls/{connection_key}"),
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/issues"),
    ("GET", "/api/v1/issues/{number:path}"),
}
GUARDS: set[Callable[..., object]] = {
    reader.signed_in,
    door.issue_door,
    door.number_door,
    door.link_door,
    door.voice_door,
    # the address is the right to read it
    feed.feed_door,
    health.metrics_door,
    caller.caller,
    caller.issue_door,
    door.any_link_door,
    entrant,
}
#: Calls of programs: they carry a token of their own, or (Prefect's page) say from which page they come.
CALLS = ("/api/", "/open311/", "/prefect/", "/hooks/")


def routes_of(app: FastAPI) -> Iterator[tuple[str, str, APIRoute]]:
    """Every route as (method, path, route)."""
    yield from _walked(app.routes, "")


def _walked(routes: Iterable[object], prefix: str) -> Iterator[tuple[str, str, APIRoute]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield from ((method, prefix + route.path, route) for method in route.methods or ())
        elif isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from _walked(route.app.routes, prefix + route.path)
        elif isinstance(route, Mount):
            assert isinstance(route.app, StaticFiles)
        elif hasattr(route, "original_router"):
            yield from _walked(route.original_router.routes, prefix)
        else:
            # FastAPI's own description of the API
            assert getattr(route, "path", None) == "/openapi.json"


def _calls(dependant: Dependant) -> Iterator[Callable[..., object]]:
    for one in dependant.dependencies:
        if one.call:
            yield one.call
        yield from _calls(one)


def test_every_route_is_public_on_purpose_or_asks_who_is_there(town: PortalTown) -> None:
    found = list(routes_of(town.app))
    assert len(found) > 40
    for method, path, route in found:
        guarded = not GUARDS.isdisjoint(_calls(route.dependant))
        allowed = path in PUBLIC or (method, path) in GUARDED_INSIDE
        assert guarded != allowed, f"{method} {path}: guarded {guarded}, listed as public {allowed}"


def test_every_page_that_changes_something_asks_for_the_form_token(town: PortalTown) -> None:
    for method, path, route in routes_of(town.app):
        if method == "POST" and not path.startswith(CALLS):
            assert submission.submitted in set(_calls(route.dependant)), path


def test_no_page_changes_anything_on_get(town: PortalTown) -> None:
    methods = {method for method, path, _ in routes_of(town.app) if not path.startswith(CALLS)}
    assert methods == {"GET", "POST"}


@pytest.mark.parametrize(
    "address",
    [
        "/tasks",
        "/tasks/1/2",
        "/issues",
        "/issues/XG-2026-00001",
        "/files",
        "/files/4/2026",
        "/reported/1",
        "/attachments/1/1",
        "/my/duties",
        "/plans",
        "/plans/new",
        "/assessment",
        "/assessment/tables",
        "/assessment/people/1/2026",
        "/my/assessment",
        "/subscriptions",
        "/subscriptions/1",
        "/my/calendar",
        "/board",
        "/board/circular",
    ],
)
def test_without_a_log_in_such_pages_lead_to_it(town: PortalTown, address: str) -> None:
    town.report()
    answer = town.visitor().http.get(address, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/tasks"),
        ("GET", "/tasks/1/2"),
        ("POST", "/tasks/1/2/accept"),
        ("PUT", "/tasks/1/2/claim"),
        ("GET", "/issues"),
        ("GET", "/issues/XG-2026-00001"),
        ("POST", "/issues/1/comments"),
        ("GET", "/files/4/2026"),
        ("GET", "/board"),
        ("DELETE", "/sessions"),
    ],
)
def test_without_a_token_the_api_says_401(town: PortalTown, method: str, address: str) -> None:
    town.report()
    answer = town.visitor().http.request(method, f"/api/v1{address}", json={} if method == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
