"""What people do with a task besides acting on it, and staff with an issue outside the rules: on the pages and by the API, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from definitions.loader import LIBRARY
from definitions.trials.scenario import read_scenarios
from huying.connections.calls import signature
from tests.scenarios.play import Play
from tests.scenarios.stage import City, city

STATION = read_scenarios(LIBRARY / "contact-station" / "scenarios.yaml")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with city(tmp_path_factory.mktemp("city")) as made:
        yield made


@pytest.fixture
def play(town: City) -> Play:
    """An issue that its deputy studies."""
    made = Play(town, "contact-station", STATION[2])
    made.open()
    made.deed("clerk", "accept", {"kind": "request"})
    made.carry()
    return made


def item(play: Play, kind: str = "task") -> int:
    return next(one.number for one in play.state.items if not one.done and one.kind == kind)


def happen(play: Play, login: str, kind: str, **body: Any) -> Any:
    answer = play.town.call("POST", f"/issues/{play.issue}/events", play.town.people[login], {"kind": kind, **body})
    play.carry()
    return answer


def party(play: Play, login: str) -> str:
    return f"participant:{play.town.people[login]}"


def page(play: Play, login: str, path: str) -> str:
    cookie = f"huying_session={play.town.token(play.town.people[login])}; huying_language=zh"
    answer = play.town.http.get(path, headers={"cookie": cookie})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_delegate_acts_on_behalf_of_who_stays_responsible(play: Play) -> None:
    number = item(play)
    assert happen(play, "huangmin", "delegate", item=number, to=party(play, "liuaimei")).status_code == 201
    assert "委托" in page(play, "huangmin", f"/tasks/{play.issue}/{number}")
    path = f"/tasks/{play.issue}/{number}/answer"
    answer = play.town.call("POST", path, play.town.people["liuaimei"], {"fields": {"reply": "已答复。"}})
    assert answer.status_code == 200
    assert play.state.answerable == party(play, "huangmin")


def test_a_transfer_waits_for_consent_and_moves_the_responsibility(play: Play) -> None:
    number = item(play)
    assert (
        happen(play, "huangmin", "transfer", item=number, to=party(play, "liuaimei"), reason="出差").status_code == 201
    )
    assert "接办" in page(play, "liuaimei", f"/tasks/{play.issue}/{number}")
    assert happen(play, "liuaimei", "reply", item=number, accept=True).status_code == 201
    assert play.state.roles["deputy"] == (party(play, "liuaimei"),)
    assert happen(play, "huangmin", "delegate", item=number, to=party(play, "xuting")).status_code == 403


def test_a_question_stops_the_clock_and_its_answer_goes_to_who_asked(play: Play) -> None:
    number = item(play)
    asked = happen(
        play, "huangmin", "ask", item=number, of=f"participant:{play.opener}", text="哪一盏？", how="question"
    )
    assert asked.status_code == 201
    question = item(play, "question")
    assert {timer.item for timer in play.state.timers} == {question}, "only the question's own clock runs"
    assert "哪一盏？" in page(play, "zhangxiaoman", f"/tasks/{play.issue}/{question}")
    assert happen(play, "zhangxiaoman", "answer", item=question, text="17 号").status_code == 201
    assert {timer.item for timer in play.state.timers} == {None}
    assert "17 号" in page(play, "huangmin", f"/tasks/{play.issue}/{number}")


def test_a_signature_that_was_asked_for_comes_first(play: Play) -> None:
    number = item(play)
    happen(play, "huangmin", "ask", item=number, of=party(play, "zhaoping"), text="可否这样答复？", how="sign")
    path = f"/tasks/{play.issue}/{number}/answer"
    early = play.town.call("POST", path, play.town.people["huangmin"], {"fields": {"reply": "先答。"}})
    assert early.status_code == 409
    assert happen(play, "zhaoping", "answer", item=item(play, "sign"), text="可以").status_code == 201
    assert play.town.call("POST", path, play.town.people["huangmin"], {"fields": {"reply": "答。"}}).status_code == 200


def test_a_draft_comes_back_to_who_saved_it_and_to_nobody_else(play: Play) -> None:
    number, body = item(play), {"action": "answer", "fields": {"reply": "写到一半的话"}}
    path = f"/tasks/{play.issue}/{number}/draft"
    assert play.town.call("PUT", path, play.town.people["huangmin"], body).status_code == 204
    assert "写到一半的话" in page(play, "huangmin", f"/tasks/{play.issue}/{number}")
    assert play.town.call("PUT", path, play.town.people["caibin"], body).status_code == 403


def test_staff_move_suspend_resume_and_reassign_with_a_reason(play: Play) -> None:
    assert happen(play, "linxiaoyu", "suspend", reason=" ").status_code == 422
    assert happen(play, "linxiaoyu", "suspend", reason="等汛期过去").status_code == 201
    assert "暂停办理" in page(play, "zhangxiaoman", f"/issues/{play.number}")
    refused = play.town.call(
        "POST", f"/tasks/{play.issue}/{item(play)}/answer", play.town.people["huangmin"], {"fields": {"reply": "x"}}
    )
    assert refused.status_code == 423
    assert happen(play, "linxiaoyu", "resume").status_code == 201
    assert (
        happen(
            play, "linxiaoyu", "reassign", item=item(play), parties=[party(play, "liuaimei")], reason="换人"
        ).status_code
        == 201
    )
    assert happen(play, "linxiaoyu", "move", to="registr", reason="x").status_code == 422
    assert happen(play, "linxiaoyu", "move", to="register", reason="内部有不同意见").status_code == 201
    assert [visit.step for visit in play.state.visits] == ["register"]
    assert "内部有不同意见" in page(play, "linxiaoyu", f"/issues/{play.number}")
    assert "内部有不同意见" not in page(play, "zhangxiaoman", f"/issues/{play.number}")


@pytest.mark.parametrize("kind", ["suspend", "cancel", "move", "merge", "reassign", "supervise"])
def test_what_is_for_staff_is_refused_to_others(play: Play, kind: str) -> None:
    more: dict[str, dict[str, Any]] = {
        "move": {"to": "study"},
        "merge": {"into": "issue:1"},
        "reassign": {"parties": [], "item": 1},
        "supervise": {"party": "participant:1"},
    }
    for login in ("zhangxiaoman", "huangmin", "caibin"):
        assert happen(play, login, kind, reason="x", **more.get(kind, {})).status_code in (403, 404)


@pytest.mark.parametrize("kind", ["fire", "result", "absorb", "message", "connect"])
def test_the_systems_own_events_cannot_be_sent(play: Play, kind: str) -> None:
    assert happen(play, "wenruyu", kind, timer=1, visit=1, issue="issue:1", name="x").status_code == 422


def test_whoever_is_merged_follows_the_other_issue(play: Play) -> None:
    other = Play(play.town, "contact-station", STATION[2])
    other.open()
    assert happen(other, "linxiaoyu", "merge", into=play.number, reason="同一盏灯").status_code == 201
    assert other.state.resolution == "merged"
    assert play.state.links[-1].kind == "absorbed"


def test_many_at_once_are_done_or_refused_one_by_one_and_the_counts_add_up(play: Play) -> None:
    others = [Play(play.town, "contact-station", STATION[2]) for _ in range(2)]
    for one in others:
        one.open()
    happen(others[0], "linxiaoyu", "suspend", reason="x")
    body = {
        "issues": [play.issue, *(one.issue for one in others), 999_999],
        "event": {"kind": "suspend", "reason": "台风"},
    }
    answer = play.town.call("POST", "/issues/events", play.town.people["linxiaoyu"], body).json()
    assert answer["asked"] == 4 == len(answer["done"]) + len(answer["refused"])
    assert sorted(answer["done"]) == sorted([play.issue, others[1].issue])


def test_a_part_becomes_an_issue_of_its_own(play: Play) -> None:
    body = {"reason": "两件事", "fields": {"subject": "井盖松动", "category": "roads", "place": "望海路"}}
    answer = play.town.call("POST", f"/issues/{play.issue}/split", play.town.people["linxiaoyu"], body)
    assert answer.status_code == 201
    assert f"issue:{answer.json()['issue_id']}" in {link.issue for link in play.state.links}


def test_the_reporter_urges_once_a_day_and_may_withdraw(play: Play) -> None:
    assert happen(play, "zhangxiaoman", "urge", text="请快一点").status_code == 201
    assert happen(play, "zhangxiaoman", "urge", text="再快一点").status_code == 429
    play.town.clock.now += timedelta(days=2)
    assert happen(play, "zhangxiaoman", "urge").status_code == 201
    assert happen(play, "huangmin", "withdraw", reason="x").status_code == 403
    assert happen(play, "zhangxiaoman", "withdraw", reason="好了").status_code == 201
    assert play.state.resolution == "withdrawn"


def test_a_message_of_another_system_needs_its_signature(town: City) -> None:
    body = orjson.dumps({"id": "1", "number": "X", "name": "news", "values": {}})
    moment = town.clock.now.isoformat(timespec="seconds")
    good = {"huying-moment": moment, "huying-signature": signature("s", moment, body)}
    old = (town.clock.now - timedelta(hours=1)).isoformat(timespec="seconds")
    for headers, status in (
        ({}, 403),
        ({**good, "huying-signature": "0" * 64}, 403),
        ({"huying-moment": old, "huying-signature": signature("s", old, body)}, 403),
        (good, 404),
    ):
        assert town.http.post("/api/v1/messages/telephone", content=body, headers=headers).status_code == status
    assert town.http.post("/api/v1/messages/unknown", content=body, headers=good).status_code == 403


def test_what_was_published_is_public_until_the_office_takes_it_back(town: City) -> None:
    story = next(
        s for s in read_scenarios(LIBRARY / "case-follow-up" / "scenarios.yaml") if "published" in s.title["en"]
    )
    Play(town, "case-follow-up", story).run()
    assert "一盏灯照亮一条路" in town.http.get("/cases?lang=zh").text
    text = town.http.get("/cases/1?lang=zh").text
    assert "一处路灯亮了" in text
    assert "张小满" not in text


def test_staff_stop_several_from_the_list_and_read_what_became_of_each(play: Play) -> None:
    listed = page(play, "linxiaoyu", "/issues")
    token = re.search(r'name="form_token" value="([^"]+)"', listed)
    assert token is not None
    cookie = f"huying_session={play.town.token(play.town.people['linxiaoyu'])}; huying_language=zh"
    form = {"form_token": token[1], "field.issue": [str(play.issue), "999999"], "kind": "suspend", "reason": "台风"}
    answer = play.town.http.post("/issues/bulk", data=form, headers={"cookie": cookie})
    assert answer.status_code == 200
    assert "共 2 件，已处理 1 件" in answer.text
    assert play.state.suspended


def test_staff_merge_several_from_the_list_into_one_of_them_and_that_one_goes_on(play: Play) -> None:
    other = Play(play.town, "contact-station", STATION[2])
    other.open()
    token = re.search(r'name="form_token" value="([^"]+)"', page(play, "linxiaoyu", "/issues"))
    assert token is not None
    cookie = f"huying_session={play.town.token(play.town.people['linxiaoyu'])}; huying_language=zh"
    form = {"form_token": token[1], "field.issue": [str(play.issue), str(other.issue)], "kind": "merge"}
    form |= {"reason": "同一盏灯", "into": play.number}
    answer = play.town.http.post("/issues/bulk", data=form, headers={"cookie": cookie})
    assert "共 2 件，已处理 1 件" in answer.text
    assert "这就是要并入的那一件" in answer.text
    assert (play.state.status, other.state.status) == ("open", "closed")


def test_a_standing_option_is_on_the_page_of_whom_it_is_for_and_of_nobody_else(town: City) -> None:
    hotline = Play(town, "hotline-1085", read_scenarios(LIBRARY / "hotline-1085" / "scenarios.yaml")[-1])
    hotline.open()
    operator = next(login for login, number in town.people.items() if number == hotline.opener)
    shown = page(hotline, operator, f"/issues/{hotline.number}")
    token = re.search(r'name="form_token" value="([^"]+)"', shown)
    assert token is not None
    assert 'value="13800000001"' in shown
    cookie = f"huying_session={town.token(hotline.opener)}; huying_language=zh"
    form = {"form_token": token[1], "option": "correct-phone", "field.phone": "13800000009"}
    sent = town.http.post(f"/issues/{hotline.issue}/events/option", data=form, headers={"cookie": cookie})
    assert sent.status_code in (200, 303)
    assert hotline.state.data["phone"] == "13800000009"
    assert "更正来电人电话" in page(hotline, operator, f"/issues/{hotline.number}")
    refused = happen(hotline, "huangmin", "take-option", option="correct-phone", values={"phone": "13800000003"})
    assert refused.status_code == 403
