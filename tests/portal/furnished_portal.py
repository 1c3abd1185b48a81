"""A town with something on each of its pages: issues at every step, late ones, a case made public, a plan, a draft, what is stuck, what is moved."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import insert, select

from huying.access.passphrase import hash_passphrase
from huying.connections.calls import connect
from huying.database import tables as t
from huying.duties.plans.publication import publish_plan
from huying.effects.failure import failed
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.outbox.claims import ATTEMPTS
from huying.privacy.holds import HoldWish, place_hold
from huying.processes.drafts import begin_from
from huying.processes.publication import publish
from huying.webhooks.subscriptions import NewSubscription, subscribe
from tests.huying.planned_city import shipped
from tests.huying.town import DEFINITION, MORNING, PASSPHRASE, administrator
from tests.portal.conftest import PortalTown

#: Subjects as long as people write them.
_LONG = "光明路 8 号到 26 号之间的路灯从上个月起陆续不亮，晚上接送孩子看不清路，住户反映了好几次"


def furnish(town: PortalTown) -> PortalTown:
    """Put the things there; the administrator is ``admin``, the auditor ``auditor``, the privacy officer ``privacy``."""
    _issues(town)
    _people(town)
    _stuck(town)
    _offices(town)
    _officers(town)
    return town


def _issues(town: PortalTown) -> None:
    begin = town.clock.now
    for days in (30, 20, 9, 4, 3, 2, 1, 0):
        town.clock.now = begin - timedelta(days=days)
        town.report(subject=f"{_LONG}（{days} 天前）", kind="lighting" if days % 2 else "roads")
    town.clock.now = begin
    town.act(2, "clerk", "accept")
    town.to_departments(3)
    town.to_confirmation(4)
    town.to_confirmation(5)
    town.people["reporter"] = town.reporter(5)
    town.act(5, "reporter", "satisfied", stars=5)
    town.act(6, "clerk", "accept")


def _people(town: PortalTown) -> None:
    town.people["admin"] = administrator(town.house)
    with town.house.database.writing() as connection:
        station = connection.execute(select(t.stations.c.id).where(t.stations.c.code == "XG")).scalar_one()
        for day in (1, 8, 15):
            duty = {"station_id": station, "participant_id": town.people["deputy"], "day": date(2026, 12, day)}
            duty |= {"starts_at": time(9), "ends_at": time(11, 30), "status": "planned", "announced_at": MORNING}
            connection.execute(insert(t.dated_duties), duty)
        words = {"zh": "光明路的路灯亮了", "en": "Guangming Road is lit again"}
        told = {"zh": "居民反映之后第七天，六盏路灯全部换好。", "en": "Six lamps were replaced within seven days."}
        case = {
            "key": "case-5",
            "issue_id": 5,
            "kind": "case",
            "title": words,
            "text": told,
            "published_at": MORNING,
            "days": 3,
        }
        connection.execute(insert(t.publications), case)


def _stuck(town: PortalTown) -> None:
    """Two messages that could not be written."""
    with town.house.database.reading() as connection:
        effects = connection.execute(select(t.outbox.c.issue_id, t.outbox.c.id).where(t.outbox.c.kind == "tell")).all()
    for effect in list({row.issue_id: row.id for row in effects}.values())[:2]:
        for attempt in range(ATTEMPTS):
            failed(town.house, effect, attempt, "邮件服务器没有应答", town.clock())


def _offices(town: PortalTown) -> None:
    publish_plan(town.house, shipped("reception-rota", for_="XG"), "plan.yaml", by="周主任", now=MORNING)
    new = NewSubscription(name="市民热线", url="https://hotline.example/hooks/one")
    subscribe(town.house, new, by="冯硕", allow_private=True, now=MORNING)
    connect(town.house, "registry", "https://registry.example/v1", None)
    second = DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)
    second = second.replace("  register:\n    title: {zh: 受理登记", "  receive:\n    title: {zh: 登记受理")
    begin_from(town.house, "street-matters", by="冯硕", now=MORNING)
    publish(town.house, second, "second.yaml", Imprint("冯硕", MORNING, "延长研究期限"))


def _officers(town: PortalTown) -> None:
    """Who reads the audit log, and who looks after personal data; one issue is held."""
    row = {"kind": "staff", "language": "zh", "active": True, "created_at": MORNING}
    for login, name in (("auditor", "潘严"), ("privacy", "秦静")):
        with town.house.database.writing() as connection:
            person = {**row, "login": login, "name": name, "passphrase_hash": hash_passphrase(PASSPHRASE)}
            done = connection.execute(insert(t.participants), person).inserted_primary_key
            assert done is not None
            town.people[login] = done[0]
            begun = {"since": date(2026, 1, 1), "made_at": MORNING, "reason": "本机构指定"}
            connection.execute(insert(t.grants), {"participant_id": done[0], "role": login, **begun})
    wish = HoldWish("XG-2026-00003", "suit", "（2026）鹭民初 12 号")
    place_hold(town.house, wish, By(town.people["privacy"], town.clock.now))
