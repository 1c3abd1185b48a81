"""Receipts lead to the same end in whatever order and however often they come, and forward only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from huying.delivery.receipts import advanced, late_receipts, take_receipts
from notifications import ProviderReceipt
from tests.huying.delivery.desk import address, change, count, messages, tell
from tests.huying.town import Town

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
_MEANS = st.sampled_from(["delivered", "undelivered", "read", "noted"])
_RECEIPT = st.builds(
    lambda means, minutes: ProviderReceipt(
        reference="r", code=f"{means}{minutes}", means=means, at=MORNING + timedelta(minutes=minutes)
    ),
    _MEANS,
    st.integers(0, 5),
)


def _ended(status: str, found: list[ProviderReceipt]) -> dict[str, Any]:
    row: dict[str, Any] = {"status": status, "received_at": None, "read_at": None}
    for one in found:
        row |= {
            name: value
            for name, value in advanced(row["status"], row["received_at"], row["read_at"], one, MORNING).items()
            if name in row
        }
    return row


@given(st.sampled_from(["accepted", "unknown", "failed"]), st.lists(_RECEIPT, max_size=6), st.randoms())
def test_any_order_and_any_repeat_ends_the_same(status: str, found: list[ProviderReceipt], random: Any) -> None:
    mixed = [*found, *found[:3]]
    random.shuffle(mixed)
    assert _ended(status, found) == _ended(status, mixed)
    if status == "failed":
        assert _ended(status, mixed) == {"status": "failed", "received_at": None, "read_at": None}


def test_it_never_goes_back(town: Town) -> None:
    order = {"unknown": 0, "accepted": 0, "undelivered": 1, "delivered": 2}
    for means in permutations(["delivered", "undelivered", "read"]):
        status = "accepted"
        for one in means:
            said = ProviderReceipt(reference="r", code=one, means=one, at=MORNING)  # type: ignore[arg-type]
            after = advanced(status, None, None, said, MORNING).get("status", status)
            assert order[after] >= order[status]
            status = after


def _one(town: Town) -> int:
    address(town, "clerk", "first@example.org", rank=1)
    address(town, "clerk", "other@example.org", rank=2)
    town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    change(town, told.id, status="accepted", sender_key="gate", reference="r-1")
    return int(told.id)


def test_a_receipt_counts_once_and_one_of_nobody_s_message_is_kept(town: Town) -> None:
    _one(town)
    lost = ProviderReceipt(reference="r-1", code="UNDELIV", means="undelivered")
    stray = ProviderReceipt(reference="r-9", code="DELIVRD", means="delivered")
    for new in (2, 0):
        with town.house.database.writing() as connection:
            assert take_receipts(connection, "gate", [lost, stray], town.clock.now) == new
    assert [(row.status, row.rung) for row in messages(town, "clerk")] == [("undelivered", 0), ("pending", 1)]
    late = ProviderReceipt(reference="r-1", code="DELIVRD", means="delivered")
    with town.house.database.writing() as connection:
        take_receipts(connection, "gate", [late], town.clock.now)
    assert messages(town, "clerk")[0].status == "delivered"
    assert count(town, "receipts") == 3


def test_a_receipt_that_comes_before_its_number_is_known_counts_when_it_is(town: Town) -> None:
    address(town, "clerk", "first@example.org")
    town.report()
    tell(town)
    (told,) = messages(town, "clerk")
    early = ProviderReceipt(reference="r-2", code="READ", means="read")
    with town.house.database.writing() as connection:
        take_receipts(connection, "gate", [early], town.clock.now)
    change(town, told.id, status="accepted", sender_key="gate", reference="r-2")
    with town.house.database.writing() as connection:
        late_receipts(connection, "gate", "r-2", town.clock.now)
    (told,) = messages(town, "clerk")
    assert (told.status, told.read_at is not None) == ("delivered", True)


def test_a_message_whose_answer_was_lost_is_known_by_our_own_number(town: Town) -> None:
    """Whether its receipt comes before or after it was noted that the answer was lost."""
    for early in (False, True):
        address(town, "clerk", f"at-{early}@example.org")
        town.report(subject=f"第 {early} 件")
        tell(town)
        told = messages(town, "clerk")[-1]
        said = ProviderReceipt(reference=f"biz-{early}", number=f"ours-{early}", code="DELIVERED", means="delivered")
        for step in (True, False):
            if step is early:
                with town.house.database.writing() as connection:
                    take_receipts(connection, "gate", [said, said], town.clock.now)
            else:
                change(town, told.id, status="unknown", sender_key="gate", reference=f"ours-{early}")
                with town.house.database.writing() as connection:
                    late_receipts(connection, "gate", f"ours-{early}", town.clock.now)
        assert messages(town, "clerk")[-1].status == "delivered"
