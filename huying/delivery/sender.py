"""Sending messages: claimed in batches under a lease, delivered on a pool of threads, each outcome recorded.

A message is never lost: one whose sender died is claimed again when the lease has run out, and carries the same key.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any, NamedTuple, get_args

from sqlalchemy import Connection, Row, bindparam, select, update

from huying.access.credential_links import link_in_message, page_of
from huying.access.links import make_link
from huying.database.tables import addresses, deliveries
from huying.database.turns import Turns
from huying.house.house import House
from huying.house.office import OfficeProfile
from huying.incidents.opening import OCCASION, Failed, open_incident
from huying.messages.digests import is_ripe, merge
from huying.messages.invitations import OCCASIONS
from huying.messages.phone_list import lay_aside, without_address
from huying.messages.second_factor import FactorChange
from huying.telemetry import figures, tracing
from notifications import (
    LINK,
    DeliveryResult,
    MailAddress,
    Mailbox,
    OutgoingMessage,
    Transports,
    WebhookAddress,
    deliver_batch,
    fill_links,
    fill_office,
    link_to,
    links_in,
    next_attempt,
)

LEASE = timedelta(minutes=1)
#: What is said of a message while somebody holds it: by this a lease is told from a message that waits for an office to open.
SENDING = "正在发送。 It is being sent."

_turns = Turns(deliveries, select(deliveries))
_lease = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of_id"))
    .values(available_at=bindparam("until"), reason=SENDING)
)
_record = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of_id"), deliveries.c.status == "pending")
    .values(
        status=bindparam("new_status"),
        attempts=bindparam("tried"),
        available_at=bindparam("again_at"),
        ended_at=bindparam("over_at"),
        reason=bindparam("because"),
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
    """Whether a message waits to be sent, and may be."""
    if house.offices.now().held:
        return False
    with house.database.reading() as connection:
        return _turns.are_any(connection, now) or is_ripe(connection, now)


def send_pending(house: House, transports: Transports, portal_url: str, now: datetime, limit: int = 200) -> Sent:
    """Send one batch; what was gathered and is ripe goes out with it. That somebody has no address is no failure."""
    if house.offices.now().held:
        return Sent(0, ())
    merge(house, now)
    rows, tokens = _claim(house, now, limit, reaches_all=isinstance(transports.mail, Mailbox))
    messages = [
        (
            _message(row, {place: f"{portal_url}/{at}" for place, at in pages.items()}, house.offices.now()),
            _address(row, secret),
        )
        for (row, secret), pages in zip(rows, tokens, strict=True)
    ]
    begun = tracing.moment()
    results = deliver_batch(messages, transports)
    _write(house, [row for row, _ in rows], results, now)
    _watch([row for row, _ in rows], results, begun)
    failures = tuple(
        Undelivered(row.target, row.subject, result.reason)
        for (row, _), result in zip(rows, results, strict=True)
        if result.status != "accepted"
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
) -> tuple[list[tuple[Row[Any], str | None]], list[dict[str, str]]]:
    """The rows with their webhooks' secrets, and for each the pages that its links lead to, by placeholder.

    Unless the local mailbox takes everything (``reaches_all``), what is for somebody without an address is left to be told by phone.
    """
    with house.database.writing() as connection:
        found = _turns.take(connection, now, limit)
        if not reaches_all:
            lay_aside(connection, [row.id for row in found if without_address(row.target)], now)
            found = [row for row in found if not without_address(row.target)]
        if found:
            connection.execute(_lease, [{"of_id": row.id, "until": now + LEASE} for row in found])
        tokens = [_links(connection, row, now) for row in found]
        hooks = {row.target for row in found if row.channel == "webhook"}
        query = select(addresses.c.target, addresses.c.secret).where(addresses.c.target_index.in_(hooks))
        secrets = {row[0]: row[1] for row in connection.execute(query)} if hooks else {}
    return [(row, secrets.get(row.target)) for row in found], tokens


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
    key = f"{row.key}{office.epoch(row.created_at)}"
    return OutgoingMessage(key=key, subject=row.subject, text=text, html=html, written_at=row.created_at)


def signature(office: OfficeProfile, language: str) -> str:
    """Who writes, at the foot of a message: the office and where it is; that it is a sample, where it is one."""
    product, sample = _SIGNATURES["en"] if language.startswith("en") else _SIGNATURES["zh"]
    said = [office.called(language) or product, office.address, sample if office.sample else ""]
    return " · ".join(one for one in said if one)


def _address(row: Row[Any], secret: str | None) -> MailAddress | WebhookAddress:
    return WebhookAddress(row.target, secret) if row.channel == "webhook" else MailAddress(row.target)


def _write(house: House, rows: Sequence[Row[Any]], results: Sequence[DeliveryResult], now: datetime) -> None:
    with house.database.writing() as connection:
        if rows:
            outcomes = [_outcome(*pair, now) for pair in zip(rows, results, strict=True)]
            connection.execute(_record, outcomes)
            for row, outcome in zip(rows, outcomes, strict=True):
                # that nobody could be told of an incident is no further one
                if outcome["new_status"] == "failed" and row.occasion != OCCASION:
                    open_incident(connection, _given_up(row, outcome), now)


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
    attempts = row.attempts + 1
    again = next_attempt(attempts, now, random.random()) if result.status == "temporary" else None
    over = result.status == "accepted" or again is None
    status = "accepted" if result.status == "accepted" else "failed" if over else "pending"
    return {
        "of_id": row.id,
        "new_status": status,
        "tried": attempts,
        "again_at": again or now,
        "over_at": now if over else None,
        "because": result.reason or None,
    }
