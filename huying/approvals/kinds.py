"""All that takes two where the office says so: one line each, with what carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from definitions.text import Said
from huying.approvals.kind import ProposalKind, Signed
from huying.connections.calls import connect, disconnect
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.examination import DEFINITION
from huying.processes.overrides import recheck
from huying.processes.publication import publish, roll_back, withdraw
from huying.rights.four_eyes import FourEyesRule, keep_rule
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE, read_scope
from huying.webhooks.subscriptions import NewSubscription, subscribe


def _publish(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    imprint = Imprint(signed.names, signed.by.now, body["note"])
    begins = datetime.fromisoformat(body["from"]) if body["from"] else None
    version, _ = publish(house, body["source"], DEFINITION, imprint, in_force_from=begins, report=body["report"])
    recheck(house, version)


def _withdraw(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    withdraw(house, body["key"], body["number"], by=signed.names, reason=body["reason"], now=signed.by.now)


def _back(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    roll_back(house, body["key"], body["number"], Imprint(signed.names, signed.by.now, body["reason"]))


def _connect(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    connect(house, body["key"], body["url"], body["secret"], body["seconds"])


def _disconnect(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    disconnect(house, body["key"])


def _subscribe(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    wish = NewSubscription(
        name=body["name"],
        url=body["url"],
        definitions=tuple(body["definitions"]),
        happenings=tuple(body["happenings"]),
        station=body["station"],
        secret=body["secret"],
    )
    subscribe(house, wish, by=signed.names, allow_private=body["private"], now=signed.by.now)


def _grant(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    with house.database.writing() as connection:
        give(connection, grant_wish(body), signed.by.now, signed.proposer, signed.by.somebody)


def _rule(house: House, body: Mapping[str, Any], signed: Signed) -> None:
    with house.database.writing() as connection:
        keep_rule(connection, cast(FourEyesRule, body["rule"]), signed.by)


def grant_body(wish: NewGrant) -> dict[str, Any]:
    """A grant as a proposal holds it."""
    until = wish.until.isoformat() if wish.until else None
    return {
        "person": wish.person,
        "role": wish.role,
        "scope": str(wish.scope),
        "since": wish.since.isoformat(),
        "until": until,
        "reason": wish.reason,
    }


def grant_wish(body: Mapping[str, Any]) -> NewGrant:
    """The grant that a proposal asks for."""
    until = date.fromisoformat(body["until"]) if body["until"] else None
    scope = read_scope(body["scope"]) or HOUSE
    return NewGrant(body["person"], body["role"], scope, date.fromisoformat(body["since"]), until, body["reason"])


_ALL = (
    ProposalKind("publish", Said("发布流程", "publish a process"), "publish processes", _publish, alone=True),
    ProposalKind("withdraw", Said("撤回流程版本", "withdraw a version"), "publish processes", _withdraw, alone=True),
    ProposalKind("back", Said("退回到以前的版本", "go back to a version"), "publish processes", _back, alone=True),
    ProposalKind("connect", Said("改外部系统的地址", "connect another system"), "keep connections", _connect),
    ProposalKind("disconnect", Said("停用外部系统", "disconnect another system"), "keep connections", _disconnect),
    ProposalKind("subscribe", Said("新增对外推送", "tell another system"), "keep subscriptions", _subscribe),
    ProposalKind("grant", Said("授予权限", "grant a role"), "give guarded grants", _grant),
    ProposalKind("rule", Said("放宽两人规则", "loosen the rule of two"), "keep house", _rule),
)
KINDS: dict[str, ProposalKind] = {kind.key: kind for kind in _ALL}
