"""What other systems are told: in the transaction of the change, signed, in order, as often as it takes, and nothing private."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.refusal import Invalid, Refusal
from huying.chores.expiry import housekeep
from huying.database.tables import deliveries, event_deliveries, event_subscriptions
from huying.delivery.sender import send_pending
from huying.timers.sweep import fire_due
from huying.webhooks import post as posting
from huying.webhooks.happenings import KINDS
from huying.webhooks.patience import STOPPED_AFTER, WAITS
from huying.webhooks.subscriptions import (
    go_on,
    rotate,
    send_again,
    stop,
    subscription,
    subscription_list,
    told,
    try_out,
)
from notifications import Mailbox, Transports
from tests.huying.town import MORNING, Town, administrator
from tests.huying.webhooks.conftest import tell
from tests.notifications.conftest import WebSink

PORTAL = "https://huying.example"


def post_all(town: Town) -> list[posting.Posted]:
    """Send until nothing is ready."""
    batches = []
    while posting.has_waiting(town.house, town.clock.now):
        batches.append(posting.post_waiting(town.house, PORTAL, town.clock.now, allow_private=True))
    return batches


def said(receiver: WebSink) -> list[dict[str, Any]]:
    """What the receiver was told, each once, by issue and sequence as it should sort them."""
    bodies = {post.headers["webhook-id"]: post.json for post in receiver.posts}
    return sorted(
        bodies.values(), key=lambda body: (body["data"]["number"], body["data"]["sequence"], body["data"]["position"])
    )


def test_a_whole_issue_is_told_of_in_order_with_nothing_private(town: Town, receiver: WebSink) -> None:
    tell(town, receiver.url())
    issue = town.report(subject="李明家的灯", details="电话 13800000000")
    town.to_confirmation(issue)
    post_all(town)
    number, _ = town.number_and_code(issue)
    bodies = said(receiver)
    assert [(body["type"], body["data"].get("step")) for body in bodies] == [
        ("issue.opened", None),
        ("issue.entered", "register"),
        ("issue.item-done", "register"),
        ("issue.entered", "study"),
        ("issue.item-done", "study"),
        ("issue.entered", "handle"),
        ("issue.item-done", "handle"),
        ("issue.item-done", "handle"),
        ("issue.entered", "confirm"),
    ]
    order = [(body["data"]["sequence"], body["data"]["position"]) for body in bodies]
    assert order == sorted(set(order)), "they sort by sequence and position, without two alike"
    assert bodies[2] == {
        "type": "issue.item-done",
        "timestamp": MORNING.isoformat(),
        "data": {
            "number": number,
            "definition": "street-matters",
            "title": {"zh": "街道诉求办理", "en": "Street matters"},
            "station": "XG",
            "status": "open",
            "stage": "intake",
            "step": "register",
            "step_title": {"zh": "受理登记", "en": "Registration"},
            "action": "accept",
            "sequence": 2,
            "position": 0,
            "link": f"{PORTAL}/issues/{number}",
        },
    }
    everything = b"".join(post.body + json.dumps(post.headers).encode() for post in receiver.posts).decode()
    for private in ("李明", "13800000000", "光明路", "一周", "灯已更换", "王芳", "陈晓", "participant:"):
        assert private not in everything


def test_an_event_is_written_with_the_change_or_not_at_all(town: Town, receiver: WebSink) -> None:
    tell(town, receiver.url())
    issue = town.report()
    before = _written(town)

    def fail(boundary: str) -> None:
        if boundary == "commit":
            raise RuntimeError("the machine stops before the commit")

    town.house.database.watchers.append(fail)
    with pytest.raises(RuntimeError):
        town.act(issue, "clerk", "accept")
    town.house.database.watchers.remove(fail)
    assert _written(town) == before
    town.act(issue, "clerk", "accept")
    assert _written(town) > before
    with pytest.raises(Refusal):
        town.act(issue, "clerk", "accept", party=town.party("deputy"))


def test_only_what_was_asked_for_is_told(town: Town, receiver: WebSink) -> None:
    tell(town, receiver.url("/closed"), happenings=("closed",))
    tell(town, receiver.url("/other-station"), station="YF")
    tell(
        town,
        receiver.url("/this-one"),
        station="XG",
        definitions=("street-matters",),
        happenings=("opened", "item-done"),
    )
    issue = town.report()
    town.act(issue, "clerk", "decline", reason="不属于本站")
    post_all(town)
    told_to = {
        path: sorted(post.json["type"] for post in receiver.posts if post.path == path)
        for path in ("/closed", "/other-station", "/this-one")
    }
    assert told_to == {
        "/closed": ["issue.closed"],
        "/other-station": [],
        "/this-one": ["issue.item-done", "issue.opened"],
    }
    (closed,) = (post.json for post in receiver.posts if post.path == "/closed")
    assert closed["data"]["resolution"] == "declined"
    assert closed["data"]["resolution_title"] == {"zh": "不予受理", "en": "Declined"}
    assert closed["data"]["status"] == "closed"


def test_the_clock_s_own_events_are_told(town: Town, receiver: WebSink) -> None:
    tell(town, receiver.url(), happenings=("overdue",))
    town.report()
    town.clock.move(days=3)
    assert fire_due(town.house, town.clock.now) >= 1
    post_all(town)
    assert [body["type"] for body in said(receiver)] == ["issue.overdue"]
    assert said(receiver)[0]["data"]["step"] == "register"


def test_each_attempt_is_signed_after_the_convention_with_the_same_key(town: Town, receiver: WebSink) -> None:
    made, secret = tell(town, receiver.url("/status/503"), happenings=("opened",))
    town.report()
    post_all(town)
    town.clock.move(minutes=2)
    post_all(town)
    first, second = receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == f"msg_{made.id}_1_1_0"
    assert first.body == second.body
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 120
    for post in (first, second):
        assert post.headers["webhook-signature"] == _signed(secret, post.headers, post.body)


def test_a_new_secret_signs_beside_the_old_one_for_a_day(town: Town, receiver: WebSink) -> None:
    made, old = tell(town, receiver.url(), happenings=("opened",))
    new = rotate(town.house, made.id, town.clock.now)
    assert new != old
    town.report(subject="甲")
    post_all(town)
    town.clock.move(days=1, minutes=1)
    town.report(subject="乙")
    post_all(town)
    during, after = receiver.posts
    assert during.headers["webhook-signature"].split() == [
        _signed(secret, during.headers, during.body) for secret in (new, old)
    ]
    assert after.headers["webhook-signature"] == _signed(new, after.headers, after.body)


def test_a_receiver_that_is_down_costs_few_attempts_and_loses_nothing(
    town: Town, receiver: WebSink, free_port: int
) -> None:
    made, _ = tell(town, f"http://127.0.0.1:{free_port}/", happenings=("opened",))
    for number in range(30):
        town.report(subject=f"第{number}件")
    attempts = 0
    for _ in range(40):
        attempts += sum(batch.claimed for batch in post_all(town))
        town.clock.move(minutes=10)
    assert 30 < attempts < 60, "the first batch, and then one at a time, ever more seldom"
    _move_to(town, made.id, receiver.url())
    town.clock.move(hours=1)
    post_all(town)
    town.clock.move(days=1)
    post_all(town)
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == len(receiver.posts) == 30
    assert subscription(town.house, made.id).waiting == 0


def test_one_bad_receiver_does_not_keep_the_others_waiting(town: Town, receiver: WebSink, free_port: int) -> None:
    tell(town, f"http://127.0.0.1:{free_port}/")
    tell(town, receiver.url("/status/400"))
    tell(town, receiver.url("/good"))
    for number in range(40):
        town.report(subject=f"第{number}件")
    post_all(town)
    assert len([post for post in receiver.posts if post.path == "/good"]) == 80


def test_what_is_refused_for_good_is_given_up_after_days_and_sent_again_by_hand(town: Town, receiver: WebSink) -> None:
    made, _ = tell(town, receiver.url("/status/422"), happenings=("opened",))
    town.report()
    for _ in range(len(WAITS) + 1):
        _move_to(town, made.id, receiver.url("/status/422"))
        assert [(batch.accepted, len(batch.failures)) for batch in post_all(town)] == [(0, 1)]
        _move_to(town, made.id, receiver.url("/mended"))
        try_out(town.house, made.id, town.clock.now)
        assert [batch.accepted for batch in post_all(town)] == [1], "of others it takes what it is sent"
        town.clock.move(hours=30)
    event = told(town.house, made.id)[-1]
    assert (event.status, event.attempts) == ("failed", len(WAITS) + 1)
    assert event.reason is not None
    assert event.reason.endswith("HTTP 422")
    assert subscription(town.house, made.id).active
    receiver.posts[:] = [post for post in receiver.posts if post.path.startswith("/status")]
    assert send_again(town.house, made.id, town.clock.now) == 1
    assert send_again(town.house, made.id, town.clock.now) == 0, "what waits already is not sent twice"
    post_all(town)
    assert told(town.house, made.id)[-1].status == "accepted"
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert send_again(town.house, made.id, town.clock.now, only=event.id) == 1


def test_after_days_of_failure_it_is_stopped_and_the_administrators_are_told(
    town: Town, receiver: WebSink, tmp_path: Any
) -> None:
    administrator(town.house)
    made, _ = tell(town, receiver.url("/status/500"), happenings=("opened",))
    town.report()
    begun = town.clock.now
    while subscription(town.house, made.id).active:
        post_all(town)
        town.clock.move(hours=6)
        assert town.clock.now - begun < STOPPED_AFTER + timedelta(days=2)
    assert town.clock.now - begun >= STOPPED_AFTER
    seen = subscription(town.house, made.id)
    assert seen.stopped is not None
    assert "连续 5 天" in seen.stopped
    with town.house.database.reading() as connection:
        (notice,) = connection.execute(select(deliveries).where(deliveries.c.occasion == "webhook-stopped")).all()
    assert notice.subject == "【推送已停】市民热线"
    sent = send_pending(town.house, Transports(mail=Mailbox(tmp_path / "box")), PORTAL, town.clock.now)
    assert sent.accepted >= 1
    before = len(receiver.posts)
    town.house.subscriptions.forget()
    town.report(subject="停了之后")
    post_all(town)
    assert len(receiver.posts) == before
    go_on(town.house, made.id)
    town.report(subject="恢复之后")
    post_all(town)
    assert len(receiver.posts) > before


def test_a_receiver_that_says_gone_is_stopped_at_once(town: Town, receiver: WebSink) -> None:
    made, _ = tell(town, receiver.url("/status/410"))
    town.report()
    post_all(town)
    seen = subscription(town.house, made.id)
    assert not seen.active
    assert "410" in (seen.stopped or "")


def test_nothing_leads_into_the_private_network_unless_it_is_allowed(town: Town, receiver: WebSink) -> None:
    made, _ = tell(town, receiver.url(), happenings=("opened",))
    town.report()
    posted = posting.post_waiting(town.house, PORTAL, town.clock.now, allow_private=False)
    assert (posted.accepted, receiver.posts) == (0, [])
    assert "内网" in posted.failures[0][2]
    assert subscription(town.house, made.id).failing_since is not None


@pytest.mark.parametrize(
    ("wishes", "wrong"),
    [
        ({"url": "http://127.0.0.1/x"}, "url"),
        ({"url": "https://localhost/"}, "url"),
        ({"url": "https://[::1]/"}, "url"),
        ({"url": "ftp://office.example"}, "url"),
        ({"url": "https://user:word@office.example"}, "url"),
        ({"name": " "}, "name"),
        ({"definitions": ("nothing",)}, "definitions"),
        ({"happenings": ("burst",)}, "happenings"),
        ({"station": "ZZ"}, "station"),
        ({"secret": "short"}, "secret"),
    ],
)
def test_a_wrong_wish_is_refused_with_the_field_that_is_wrong(town: Town, wishes: dict[str, Any], wrong: str) -> None:
    from huying.webhooks.subscriptions import NewSubscription, subscribe

    new = NewSubscription(**{"name": "热线", "url": "https://office.example/hook", **wishes})
    with pytest.raises(Invalid) as refused:
        subscribe(town.house, new, by="test", allow_private=False, now=town.clock.now)
    assert list(refused.value.errors) == [wrong]
    assert set(refused.value.errors[wrong]) == {"zh", "en"}
    assert subscription_list(town.house) == ()


def test_several_senders_share_the_work_without_sending_twice(town: Town, receiver: WebSink) -> None:
    tell(town, receiver.url(), happenings=("opened",))
    for number in range(60):
        town.report(subject=f"第{number}件")

    def work(_: int) -> None:
        while posting.post_waiting(town.house, PORTAL, town.clock.now, allow_private=True).claimed:
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert len(receiver.posts) == 60
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 60


def test_what_a_sender_held_when_it_died_is_sent_by_another_when_its_lease_is_over(
    town: Town, receiver: WebSink
) -> None:
    tell(town, receiver.url(), happenings=("opened",))
    town.report()
    assert posting._claim(town.house, town.clock.now)
    assert not posting.has_waiting(town.house, town.clock.now)
    town.clock.move(seconds=posting.LEASE.total_seconds() + 1)
    post_all(town)
    assert len(receiver.posts) == 1


def test_a_trial_is_sent_to_one_subscription_and_is_about_no_issue(town: Town, receiver: WebSink) -> None:
    made, _ = tell(town, receiver.url())
    tell(town, receiver.url("/other"))
    try_out(town.house, made.id, town.clock.now)
    post_all(town)
    (post,) = receiver.posts
    assert post.json == {"type": "trial", "timestamp": MORNING.isoformat(), "data": {"subscription": made.id}}


def test_one_stopped_by_hand_is_sent_what_waited_when_it_goes_on(town: Town, receiver: WebSink) -> None:
    made, _ = tell(town, receiver.url(), happenings=("opened",))
    town.report()
    stop(town.house, made.id, "测试")
    assert not posting.has_waiting(town.house, town.clock.now)
    go_on(town.house, made.id)
    post_all(town)
    assert len(receiver.posts) == 1


def test_what_was_told_long_ago_is_tidied_away(town: Town, receiver: WebSink) -> None:
    made, _ = tell(town, receiver.url(), happenings=("opened",))
    town.report()
    post_all(town)
    town.clock.move(days=91)
    town.report(subject="刚才的")
    assert housekeep(town.house, town.clock.now)["events"] == 1
    assert [event.status for event in told(town.house, made.id)] == ["pending"]


def test_every_kind_has_words_in_both_languages() -> None:
    assert all(set(words) == {"zh", "en"} and all(words.values()) for words in KINDS.values())


def _written(town: Town) -> int:
    with town.house.database.reading() as connection:
        return len(connection.execute(select(event_deliveries.c.id)).all())


def _move_to(town: Town, number: int, url: str) -> None:
    with town.house.database.writing() as connection:
        connection.execute(update(event_subscriptions).where(event_subscriptions.c.id == number).values(url=url))


def _signed(secret: str, headers: dict[str, str], body: bytes) -> str:
    """The signature as the convention has it, reckoned here anew."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
