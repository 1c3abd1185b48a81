"""Sending messages: claimed in batches under a lease, delivered on a pool of threads, each outcome recorded.

A message is never lost: one whose sender died is claimed again when the lease has run out, and carries the same key.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any, NamedTuple, get_args

from sqlalchemy import Connection, Row, bindparam, select, update

from huying.access.credential_links import link_in_message, page_of
from huying.access.links import make_link
from huying.database.statement import Statement
from huying.database.tables import deliveries
from huying.delivery.claim import AGAIN, LEASE, SENDING, ClaimedMessage, claim, turns
from huying.delivery.receipts import late_receipts
from huying.delivery.rungs import fall_back, next_rung, waits_over
from huying.house.house import House
from huying.house.office import OfficeProfile
from huying.incidents.opening import OCCASION, Failed, open_incident
from huying.messages.addresses import failed_at, reached
from huying.messages.digests import is_ripe, merge
from huying.messages.invitations import OCCASIONS
from huying.messages.reply_address import ABOVE_THIS, invite, reply_address
from huying.messages.second_factor import FactorChange
from huying.messages.senders import failing, works_again
from huying.telemetry import figures, tracing
from notifications import (
    LINK,
    NOWHERE,
    DeliveryResult,
    Mailbox,
    OutgoingMessage,
    Transports,
    deliver_batch,
    fill_links,
    fill_office,
    link_to,
    links_in,
    next_attempt,
)

__all__ = ["LEASE", "SENDING", "Sent", "Undelivered", "has_pending", "send_pending", "signature"]
_d = deliveries.c
_record = Statement(
    update(deliveries)
    .where(_d.id == bindparam("of_id"), _d.status == "pending")
    .values(
        status=bindparam("new_status"),
        attempts=bindparam("tried"),
        available_at=bindparam("again_at", type_=_d.available_at.type),
        ended_at=bindparam("over_at", type_=_d.ended_at.type),
        reason=bindparam("because", type_=_d.reason.type),
        reference=bindparam("numbered"),
    )
)


class Undelivered(NamedTuple):
    """A message that was not accepted: whom it was for, what about, and why not."""

    to: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a batch."""

    accepted: int
    failures: tuple[Undelivered, ...]


def has_pending(house: House, now: datetime) -> bool:
    """Whether a message waits to be sent, and may be, or has stayed unread past its time."""
    if house.offices.now().held:
        return False
    with house.database.reading() as connection:
        return turns.are_any(connection, now) or is_ripe(connection, now) or waits_over(connection, now)


def send_pending(house: House, transports: Transports, portal_url: str, now: datetime, limit: int = 200) -> Sent:
    """Send one batch; what was gathered and is ripe goes out with it. That somebody has no address is no failure."""
    if house.offices.now().held:
        return Sent(0, ())
    merge(house, now)
    found, tokens = _claim(house, now, limit, reaches_all=isinstance(transports.mail, Mailbox))
    messages = [
        (
            _answerable(
                house,
                one.row,
                _message(one.row, {place: f"{portal_url}/{at}" for place, at in pages.items()}, house.offices.now()),
                transports.answered_at,
            ),
            one.address,
        )
        for one, pages in zip(found, tokens, strict=True)
    ]
    begun = tracing.moment()
    results = deliver_batch(messages, transports)
    _write(house, found, results, now)
    _watch([one.row for one in found], results, begun)
    failures = tuple(
        Undelivered(one.row.target, one.row.subject, result.reason)
        for one, result in zip(found, results, strict=True)
        if result.status not in ("accepted", "unknown")
    )
    return Sent(accepted=len(results) - len(failures), failures=failures)


def _watch(rows: Sequence[Row[Any]], results: Sequence[DeliveryResult], begun: int) -> None:
    """Count the attempts, and note each in the trace of the action that it tells of."""
    for row, result in zip(rows, results, strict=True):
        figures.MESSAGES.labels(row.channel, result.status).inc()
        said = {"huying__channel": row.channel, "huying__occasion": row.occasion, "huying__outcome": result.status}
        tracing.took_place(row.trace, "message", begun, **said)


def _claim(
    house: House, now: datetime, limit: int, *, reaches_all: bool = True
) -> tuple[list[ClaimedMessage], list[dict[str, str]]]:
    """What is sent now, and for each the pages that its links lead to, by placeholder."""
    with house.database.writing() as connection:
        fall_back(connection, now)
        found = claim(connection, now, limit, reaches_all=reaches_all)
        return found, [_links(connection, one.row, now) for one in found]


def _links(connection: Connection, row: Row[Any], now: datetime) -> dict[str, str]:
    """Where a message's links lead: to its issue; of a digest, to each that it tells of; of a notice about no issue, to one's own duties
    or to where one sets a passphrase."""
    if row.issue_id is not None:
        return {LINK: _page(make_link(connection, row.participant_id, row.issue_id, row.item, now))}
    if row.occasion in _INVITATIONS:
        token = link_in_message(connection, row.participant_id, now)
        return {LINK: page_of(token) if token else "login"}
    told = select(deliveries.c.id, deliveries.c.issue_id, deliveries.c.item).where(deliveries.c.digest_id == row.id)
    wanted = links_in(row.text)
    links = {
        link_to(one.id): _page(make_link(connection, row.participant_id, one.issue_id, one.item, now))
        for one in connection.execute(told).all()
        if link_to(one.id) in wanted
    }
    return links or {LINK: _PAGES.get(row.occasion, _OWN_DUTIES)}


_INVITATIONS = frozenset(OCCASIONS.values())
#: For which one logs in.
_OWN_DUTIES = "my/duties"
_PAGES = {
    "webhook-stopped": "subscriptions",
    OCCASION: "incidents",
    "guessed": "login",
    **dict.fromkeys(get_args(FactorChange), "account"),
    "data-code": "follow",
    "address-code": "account/messages",
    "erasure-proposed": "privacy/erasures",
    "backup-missing": "backups",
    "grant-ends": "my/rights",
    **dict.fromkeys(("have-checked", "have-expires"), "register/haves"),
    "station-dormant": "register",
    **dict.fromkeys(("proposal-made", "proposal-decided", "done-alone"), "proposals"),
}


def _page(token: str) -> str:
    return f"t/{token}"


_SIGNATURES = {"zh": ("呼应", "示例城市，内容均为虚构"), "en": ("Huying", "Sample city, all of it made up")}


def _message(row: Row[Any], urls: Mapping[str, str], office: OfficeProfile) -> OutgoingMessage:
    sign = signature(office, row.language)
    text = fill_office(fill_links(row.text, urls), sign)
    html = fill_office(fill_links(row.html, urls), escape(sign))
    return OutgoingMessage(
        key=f"{row.key}{office.epoch(row.created_at)}",
        subject=row.subject,
        text=text,
        html=html,
        written_at=row.created_at,
        fields=row.fields or {},
        occasion=row.occasion,
        language=row.language,
        link=urls.get(LINK, ""),
    )


def _answerable(house: House, row: Row[Any], message: OutgoingMessage, answered_at: str) -> OutgoingMessage:
    """A mail with the addresses at which it is answered, if it is about one issue, and comes back, where the house takes mail."""
    ring = house.database.ring
    if row.channel != "mail" or not answered_at or ring is None or row.target.endswith(f"@{NOWHERE}"):
        return message
    own = "@" not in answered_at
    if own:
        message = replace(message, return_path=reply_address(ring, "bounce", row.id, row.key, answered_at))
    if row.issue_id is None:
        return message
    reply_to = reply_address(ring, "reply", row.id, row.key, answered_at) if own else answered_at
    text, html = invite(message.text, row.language), invite(message.html, row.language)
    return replace(message, text=text, html=html, reply_to=reply_to, reply_line=ABOVE_THIS.of(row.language))


def signature(office: OfficeProfile, language: str) -> str:
    """Who writes, at the foot of a message: the office and where it is; that it is a sample, where it is one."""
    product, sample = _SIGNATURES["en"] if language.startswith("en") else _SIGNATURES["zh"]
    said = [office.called(language) or product, office.address, sample if office.sample else ""]
    return " · ".join(one for one in said if one)


def _write(house: House, found: Sequence[ClaimedMessage], results: Sequence[DeliveryResult], now: datetime) -> None:
    if not found:
        return
    with house.database.writing() as connection:
        outcomes = [_outcome(one.row, result, now) for one, result in zip(found, results, strict=True)]
        _record.put_many(connection, outcomes)
        good = [one.row for one, result in zip(found, results, strict=True) if result.status == "accepted"]
        reached(connection, [row.address_id for row in good if row.address_id], now)
        pairs = zip(found, results, strict=True)
        works_again(connection, {one.sender for one, result in pairs if one.sender and result.status == "accepted"})
        for one, result, outcome in zip(found, results, outcomes, strict=True):
            _after(connection, one, result, outcome, now)


def _after(
    connection: Connection, one: ClaimedMessage, result: DeliveryResult, outcome: Mapping[str, Any], now: datetime
) -> None:
    """What follows of an attempt for its sender, its address, and whoever is still to be told."""
    if one.sender is not None:
        if result.fault == "account":
            failing(connection, one.sender, result.reason, now)
        if result.reference:
            late_receipts(connection, one.sender, result.reference, now)
    if outcome["new_status"] != "failed":
        return
    if result.fault == "address" and one.row.address_id:
        failed_at(connection, one.row.address_id, result.reason, now, hard=True)
    # that nobody could be told of an incident is no further one
    if not next_rung(connection, one.row, now) and one.row.occasion != OCCASION:
        open_incident(connection, _given_up(one.row, outcome), now)


def _given_up(row: Row[Any], outcome: Mapping[str, Any]) -> Failed:
    return Failed(
        what="delivery",
        what_id=row.id,
        kind="message",
        reason=outcome["because"] or "",
        attempts=outcome["tried"],
        issue_id=row.issue_id,
    )


def _outcome(row: Row[Any], result: DeliveryResult, now: datetime) -> dict[str, Any]:
    # that the office's own account is not in order, or was too quick, is no fault of the message
    waits = result.status == "temporary" and result.fault in ("account", "pace")
    attempts = row.attempts if waits else row.attempts + 1
    if waits:
        again: datetime | None = now + AGAIN
    else:
        again = next_attempt(attempts, now, random.random()) if result.status == "temporary" else None
    sent = result.status in ("accepted", "unknown")
    over = sent or again is None
    return {
        "of_id": row.id,
        "new_status": result.status if sent else "failed" if over else "pending",
        "tried": attempts,
        "again_at": again or now,
        "over_at": now if over else None,
        "because": result.reason or None,
        "numbered": result.reference[:200] or None,
    }
