"""Open311 GeoReport v2, spoken to by an independent client, and by hand where that one does not look."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import uvicorn
from georeport import GeoReport
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from definitions.loader import library
from huying.access.api_keys import NewKey, make_key
from huying.database import tables as t
from huying.house.by import By
from huying.house.calendars import publish_shipped
from huying.house.imprint import Imprint
from huying.limits import limits_of
from huying.processes.publication import publish
from huying.rights.scope import HOUSE, at_station
from portal.open311.answer import Format, answer
from tests.huying.town import MORNING
from tests.portal.conftest import PortalTown

_SERVICE = "contact-station"
_REPORT = {
    "service_code": _SERVICE,
    "address_string": "仙港路 12 号门口",
    "address_id": "XG",
    "description": "路灯坏了 & 晚上<看不清>路",
    "last_name": "张",
    "first_name": "小满",
    "phone": "13900000001",
    "attribute[subject]": "路灯不亮",
    "attribute[category]": "lighting",
}


@pytest.fixture
def key(town: PortalTown) -> str:
    """The key of a platform that reports; the town has the shipped process."""
    publish_shipped(town.house.calendars, town.house.database, Imprint("test", MORNING, ""))
    path = next(one for one in library() if one.parent.name == _SERVICE)
    publish(town.house, path.read_bytes(), path.name, Imprint("test", MORNING))
    return _key(town)


def _key(town: PortalTown, station: str | None = None, scopes: tuple[str, ...] = ("issues:act", "issues:read")) -> str:
    scope = HOUSE
    if station:
        with town.house.database.reading() as connection:
            scope = at_station(
                connection.execute(select(t.stations.c.id).where(t.stations.c.code == station)).scalar_one()
            )
    until = town.clock() + timedelta(days=90)
    wish = NewKey("城市平台", "clerk", scopes, scope, until)
    return make_key(town.house, wish, By(town.people["clerk"], town.clock()))


@pytest.fixture
def base(town: PortalTown) -> Iterator[str]:
    """The address at which the portal listens."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(town.app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/open311/v2"
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_independent_client_finds_a_service_reports_and_follows(
    town: PortalTown, key: str, base: str, form: str
) -> None:
    client = GeoReport(base, api_key=key, output_format=form)
    found = client.get_service_list()
    service = found[0] if isinstance(found, list) else found
    assert service["service_code"] == _SERVICE
    assert service["service_name"] == "活动站群众诉求办理"
    said = client.get_service_definition(_SERVICE)
    asked = said["attributes"] if form == "json" else said["attributes"]["attribute"]
    by_code = {one["code"]: one for one in asked}
    assert set(by_code) == {"subject", "category"}, "what all clients send is no attribute"
    values = by_code["category"]["values"]
    listed = values if form == "json" else values["value"]
    assert {"key": "lighting", "name": "路灯照明"} in [dict(one) for one in listed]
    answered = town.visitor().http.post(f"/open311/v2/requests.{form}", data={**_REPORT, "api_key": key})
    assert answered.status_code == 201
    number = _number(answered.text, form)
    assert number.startswith("XG-2026-")
    _publish(town, number)
    request = client.get_service_request(number)
    assert request["status"] == "open"
    assert request["description"] == "修好了路灯\n一条街亮了。"
    assert "张小满" not in str(request)
    assert "13900000001" not in str(request)


def _number(text: str, form: str) -> str:
    if form == "xml":
        return str(ElementTree.fromstring(text).findtext("request/service_request_id"))
    return str(json.loads(text)[0]["service_request_id"])


def _publish(town: PortalTown, number: str) -> None:
    """A reviewed copy of it is public."""
    with town.house.database.writing() as connection:
        issue = connection.execute(select(t.issues.c.id).where(t.issues.c.number == number)).scalar_one()
        row = {"key": f"{issue}.9.0", "issue_id": issue, "kind": "case", "published_at": town.clock()}
        texts = {"title": {"zh": "修好了路灯"}, "text": {"zh": "一条街亮了。"}}
        connection.execute(insert(t.publications), {**row, **texts})


def test_what_was_sent_is_an_issue_of_the_house_with_its_words_in_their_fields(town: PortalTown, key: str) -> None:
    town.visitor().http.post("/open311/v2/requests.json", data={**_REPORT, "api_key": key})
    with town.house.database.reading() as connection:
        row = connection.execute(select(t.issues).order_by(t.issues.c.id.desc())).first()
        assert row is not None
        assert row.channel == "open311"
        reporter = connection.execute(select(t.participants).where(t.participants.c.id == row.reporter_id)).one()
        begun = select(t.history.c.via).where(t.history.c.issue_id == row.id, t.history.c.sequence == 1)
        assert str(connection.execute(begun).scalar_one()).startswith("key:")
    data = row.state.data
    assert data["description"] == "路灯坏了 & 晚上<看不清>路"
    assert data["place"] == "仙港路 12 号门口"
    assert data["subject"] == "路灯不亮"
    assert reporter.name == "张小满"


def test_nobody_reads_what_is_not_public_but_the_key_that_sent_it(town: PortalTown, key: str) -> None:
    http = town.visitor().http
    sent = http.post("/open311/v2/requests.json", data={**_REPORT, "api_key": key}).json()
    number = sent[0]["service_request_id"]
    for path in (f"requests/{number}", f"tokens/{number}"):
        assert http.get(f"/open311/v2/{path}.json").status_code == 404
        assert http.get(f"/open311/v2/{path}.json?api_key={_key(town)}").status_code == 404, "another key"
        assert http.get(f"/open311/v2/{path}.json?api_key={key}").status_code == 200
    assert http.get("/open311/v2/requests.json").json() == []
    own = http.get(f"/open311/v2/requests.json?api_key={key}").json()
    assert [one["service_request_id"] for one in own] == [number]
    assert own[0]["description"] == "", "nothing that somebody wrote"
    updates = http.get(f"/open311/v2/servicerequestupdates.json?api_key={key}").json()
    assert [(one["service_request_id"], one["status"]) for one in updates] == [(number, "OPEN")]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "hy_wrong"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "none"}, 404, "none"),
        ({"jurisdiction_id": "elsewhere.example"}, 404, "elsewhere.example"),
        ({"address_string": "", "address_id": ""}, 400, "address_string"),
        ({"address_id": ""}, 400, "address_id"),
        ({"lat": "north", "long": "1"}, 400, "lat"),
        ({"attribute[subject]": ""}, 400, "subject"),
        ({"attribute[category]": "none"}, 400, "category"),
        ({"address_id": "NONE"}, 404, "NONE"),
    ],
    ids=lambda one: str(one)[:40] if isinstance(one, dict) else str(one),
)
def test_what_is_wrong_is_told_as_the_standard_tells_it(
    town: PortalTown, key: str, change: dict[str, str], status: int, words: str
) -> None:
    sent = {**_REPORT, "api_key": key, **change}
    for form in ("json", "xml"):
        answered = town.visitor().http.post(f"/open311/v2/requests.{form}", data=sent)
        assert answered.status_code == status
        if form == "json":
            assert answered.json()[0]["code"] == status
            assert any(words in one["description"] for one in answered.json())
        else:
            root = ElementTree.fromstring(answered.text)
            assert root.tag == "errors"
            assert root.findtext("error/code") == str(status)


def test_a_key_for_one_station_needs_not_say_which_and_reaches_no_other(town: PortalTown, key: str) -> None:
    http, bounded = town.visitor().http, _key(town, "XG")
    plain = {name: text for name, text in _REPORT.items() if name != "address_id"}
    answered = http.post("/open311/v2/requests.json", data={**plain, "api_key": bounded})
    assert answered.json()[0]["service_request_id"].startswith("XG-")
    assert (
        http.post("/open311/v2/requests.json", data={**_REPORT, "address_id": "YF", "api_key": bounded}).status_code
        == 403
    )
    reads = _key(town, scopes=("issues:read",))
    assert http.post("/open311/v2/requests.json", data={**_REPORT, "api_key": reads}).status_code == 403


def test_whoever_reads_without_a_key_reads_no_more_than_people_do(town: PortalTown, key: str) -> None:
    http = town.visitor().http
    paths = (
        "services",
        f"services/{_SERVICE}",
        "requests",
        "requests/XG-2026-0001",
        "tokens/x",
        "servicerequestupdates",
    )
    for _ in range(41):
        answers = [http.get(f"/open311/v2/{path}.json").status_code for path in paths]
    assert set(answers) == {429}
    assert http.get(f"/open311/v2/requests.json?api_key={key}").status_code == 200
    assert http.get(f"/open311/v2/requests.json?api_key={key}&page=1001").status_code == 400


def test_a_body_is_not_read_for_a_wrong_key_in_the_address(
    town: PortalTown, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(request: object) -> None:
        raise AssertionError("nobody reads this")

    monkeypatch.setattr("portal.open311.requests._read", read)
    answered = town.visitor().http.post("/open311/v2/requests.json?api_key=hy_wrong", data=_REPORT)
    assert answered.status_code == 403


def test_bodies_of_nobodys_key_count_as_a_guests_files_and_those_of_a_key_do_not(
    town: PortalTown, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = limits_of("upload=3/hour; report=1000/hour")
    object.__setattr__(town.app.state.portal.throttle, "limits", few)
    http = town.visitor().http
    for _ in range(5):
        assert http.post("/open311/v2/requests.json", data={**_REPORT, "api_key": key}).status_code == 201
    photo = {"media": ("a.jpg", b"x" * 1000)}
    sent = [http.post("/open311/v2/requests.json", data=_REPORT, files=photo).status_code for _ in range(4)]
    assert sent == [403, 403, 403, 429]
    assert http.post(f"/open311/v2/requests.json?api_key={key}", data=_REPORT).status_code == 201


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_moment_at_the_end_of_time_is_refused_in_words(town: PortalTown, moment: str) -> None:
    for path in ("requests", "servicerequestupdates"):
        for name in ("start_date", "end_date"):
            answered = town.visitor().http.get(f"/open311/v2/{path}.json?{name}={moment}")
            assert answered.status_code == 400
            assert name in answered.json()[0]["description"]


def test_what_happened_in_a_span_is_told_however_much_changed_since(
    town: PortalTown, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = town.visitor().http
    old, new = (
        http.post("/open311/v2/requests.json", data={**_REPORT, "api_key": key}).json()[0]["service_request_id"]
        for _ in range(2)
    )
    with town.house.database.writing() as connection:
        before = {"opened_at": town.clock() - timedelta(days=200), "changed_at": town.clock() - timedelta(hours=1)}
        connection.execute(update(t.issues).where(t.issues.c.number == old).values(**before))
    monkeypatch.setattr("huying.open311.requests.MOST", 1)
    told = http.get(f"/open311/v2/servicerequestupdates.json?api_key={key}").json()
    assert [one["service_request_id"] for one in told] == [new]


def test_no_other_form_than_json_and_xml_is_an_address(town: PortalTown, key: str) -> None:
    http = town.visitor().http
    assert http.get("/open311/v2/services.yaml").status_code == 404
    discovered = ElementTree.fromstring(http.get("/open311/v2/discovery.xml").text)
    assert discovered.findtext("endpoints/endpoint/url") == "http://testserver/open311/v2"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_whatever_somebody_writes_the_xml_can_be_read(text: str) -> None:
    written = answer(Format.XML, "service_requests", [{"description": text}]).body
    ElementTree.fromstring(bytes(written).decode())
