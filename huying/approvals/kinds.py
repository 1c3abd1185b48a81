"""All that takes two where the office says so: one line each, with what carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection

from definitions.text import Said
from huying.approvals.kind import ProposalKind, Signed
from huying.assessment.tables import TABLE_FILE, publishing_table
from huying.connections.calls import connecting, disconnecting
from huying.database.connections import Writing
from huying.files.closure import closing
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.migrations.batches import found, note_begin, note_revert
from huying.migrations.plans import Prepared, plain, restored
from huying.papers.publication import PaperEdition
from huying.papers.publication import publishing as publishing_paper
from huying.privacy.erasures import approving
from huying.processes.examination import DEFINITION
from huying.processes.overrides import overriding, recheck
from huying.processes.publication import Edition, publishing, rolling_back, withdrawing
from huying.rights.four_eyes import FourEyesRule, keep_rule
from huying.rights.grants import NewGrant, end, give
from huying.rights.scope import HOUSE, read_scope
from huying.webhooks.subscriptions import NewSubscription, subscribing


def _publish(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    begins = datetime.fromisoformat(body["from"]) if body["from"] else None
    edition = Edition(body["source"], DEFINITION, begins, body["report"])
    return publishing(house, edition, Imprint(signed.names, signed.by.now, body["note"]), body["newest"])


def _published(house: House, body: Mapping[str, Any]) -> None:
    # what does not fit is also found when an issue is opened; this only says it sooner
    recheck(house, house.processes.newest(body["key"]))


def _withdraw(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    return withdrawing(house, body["key"], body["number"], Imprint(signed.names, signed.by.now, body["reason"]))


def _back(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    imprint = Imprint(signed.names, signed.by.now, body["reason"])
    return rolling_back(house, body["key"], body["number"], imprint, body["newest"])


def _connect(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    return connecting(house, body["key"], body["url"], body["secret"], body["seconds"])


def _disconnect(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    return disconnecting(house, body["key"])


def _subscribe(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    wish = NewSubscription(
        name=body["name"],
        url=body["url"],
        definitions=tuple(body["definitions"]),
        happenings=tuple(body["happenings"]),
        station=body["station"],
        secret=body["secret"],
    )
    return subscribing(house, wish, by=signed.names, allow_private=body["private"], now=signed.by.now)


def _subscribed(house: House, body: Mapping[str, Any]) -> None:
    # every process looks for itself within a second; this one at once
    house.subscriptions.forget()


def _grant(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    wish = grant_wish(body)
    # nobody held it before it was approved
    wish = replace(wish, since=max(wish.since, house.day_of(signed.by.now)))

    def write(connection: Connection) -> None:
        give(connection, wish, signed.by.now, signed.proposer, signed.by.somebody)

    return write


def _end(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    def write(connection: Connection) -> None:
        end(connection, body["grant"], body["reason"], signed.by.now, signed.proposer)

    return write


def _override(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    imprint = Imprint(signed.names, signed.by.now, body["note"])
    return overriding(house, body["source"], body["name"], imprint, body["newest"])


def _migrate(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    version = house.processes.version
    leaving, entering = version(body["key"], body["leaving"]), version(body["key"], body["entering"])
    prepared = Prepared(leaving, entering, restored(body["plan"]), ())
    imprint = Imprint(signed.names, signed.by.now, body["reason"])

    def write(connection: Connection) -> None:
        note_begin(connection, prepared, imprint, signed.proposer)

    return write


def _revert(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    done = found(house, body["migration"])
    imprint = Imprint(signed.names, signed.by.now, body["reason"])

    def write(connection: Connection) -> None:
        note_revert(connection, done, imprint, signed.proposer)

    return write


def migrate_body(prepared: Prepared, reason: str) -> dict[str, Any]:
    """A migration as a proposal holds it."""
    versions = {"leaving": prepared.leaving.version, "entering": prepared.entering.version}
    return {"key": prepared.leaving.key, **versions, "plan": plain(prepared.plan), "reason": reason}


def _rule(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    return lambda connection: keep_rule(connection, cast(FourEyesRule, body["rule"]), signed.by)


def _close_file(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    return closing(house, body["person"], body["year"], signed.by)


def _score(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    imprint = Imprint(signed.names, signed.by.now, body["note"])
    return publishing_table(house, body["source"], TABLE_FILE, imprint, body["newest"])


def _erase(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    return approving(house, body["erasure"], signed.names, signed.by.now)


def _paper(house: House, body: Mapping[str, Any], signed: Signed) -> Writing:
    return publishing_paper(house, paper_edition(body), Imprint(signed.names, signed.by.now, body["note"]))


def paper_body(edition: PaperEdition, note: str) -> dict[str, Any]:
    """The template of a paper as a proposal holds it."""
    said = {"kind": edition.kind, "language": edition.language, "source": edition.source, "digest": edition.digest}
    return {**said, "newest": edition.newest, "note": note}


def paper_edition(body: Mapping[str, Any]) -> PaperEdition:
    """The template that a proposal asks for."""
    return PaperEdition(body["kind"], body["language"], body["source"], body["digest"], body["newest"])


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
    ProposalKind("publish", Said("发布流程", "publish a process"), "publish processes", _publish, True, _published),
    ProposalKind("withdraw", Said("撤回流程版本", "withdraw a version"), "publish processes", _withdraw, alone=True),
    ProposalKind(
        "back", Said("退回到以前的版本", "go back to a version"), "publish processes", _back, True, _published
    ),
    ProposalKind(
        "override", Said("发布站点或区域的覆盖", "publish an override"), "publish processes", _override, alone=True
    ),
    ProposalKind("migrate", Said("迁移在办事项", "move running issues"), "move issues", _migrate),
    ProposalKind("revert", Said("在办事项转回原版", "let issues go back"), "move issues", _revert, alone=True),
    ProposalKind("connect", Said("改外部系统的地址", "connect another system"), "keep connections", _connect),
    ProposalKind("disconnect", Said("停用外部系统", "disconnect another system"), "keep connections", _disconnect),
    ProposalKind(
        "subscribe", Said("新增对外推送", "tell another system"), "keep subscriptions", _subscribe, after=_subscribed
    ),
    ProposalKind("grant", Said("授予权限", "grant a role"), "give guarded grants", _grant),
    ProposalKind("end", Said("收回权限", "end a grant"), "give guarded grants", _end, alone=True, concerns="person"),
    ProposalKind("erase", Said("删除个人信息", "erase personal data"), "keep privacy", _erase),
    ProposalKind(
        "close-file", Said("一人一册封账", "close a deputy's file"), "keep files", _close_file, concerns="person"
    ),
    ProposalKind("score", Said("启用计分表", "adopt a scoring table"), "adopt scores", _score),
    ProposalKind("paper", Said("发布文书模板", "publish the template of a paper"), "keep papers", _paper, alone=True),
    ProposalKind("rule", Said("放宽两人规则", "loosen the rule of two"), "keep house", _rule),
)
KINDS: dict[str, ProposalKind] = {kind.key: kind for kind in _ALL}
