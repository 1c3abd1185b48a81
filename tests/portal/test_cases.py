"""A closed issue becomes a public case: a copy that somebody has looked through, with the reporter's consent and a second person's approval."""

from __future__ import annotations

import random
import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image
from sqlalchemy import select

from definitions.loader import LIBRARY
from engine.refusal import Invalid
from huying.database import tables as t
from huying.effects.carriers import carry
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.house.kept import keep
from huying.issues.attachments import attach
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.outbox.claims import claim_effects
from huying.privacy.erasure import erase_issue
from huying.processes.publication import publish
from huying.publicity.spots import spots
from tests.huying.town import MORNING
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

#: What nobody may ever read of the reporter of ``private_matter``.
_PLANTED = (
    "李明",
    "13800000000",
    "138 0000 0000",
    "光明路 8 号",
    "光明路8号",
    "闽D12345",
    "3号楼2单元501",
    "0592-2288123",
)
_TELLING = "我叫李明，住光明路8号3号楼2单元501室，电话 138 0000 0000 或 0592-2288123。门口的路灯不亮，我的车闽D12345被刮了。邻居王秀芳也看见了。"


def photo(colour: str = "red") -> bytes:
    made = BytesIO()
    Image.new("RGB", (320, 240), colour).save(made, "JPEG")
    return made.getvalue()


def settled(town: PortalTown, **more: str) -> int:
    """A closed issue full of private data, with a picture."""
    issue = town.report(subject="路灯不亮", details=_TELLING, **more)
    attach(town.house, issue, "灯.jpg", photo(), By(town.reporter(issue), town.clock.now, "photo"))
    town.to_confirmation(issue)
    reporter = f"participant:{town.reporter(issue)}"
    item = town.item(issue, reporter)
    act(town.house, issue, item, "satisfied", {"stars": 5}, By(town.reporter(issue), town.clock.now))
    return issue


def carried(town: PortalTown) -> None:
    """All effects carried out."""
    while found := claim_effects(town.house, town.clock.now, 500):
        for errand in found:
            carry(town.house, errand, town.clock.now)


@pytest.fixture
def publicity(town: PortalTown) -> PortalTown:
    source = (LIBRARY / "case-follow-up" / "definition.yaml").read_text("utf-8")
    publish(town.house, source, "case-follow-up.yaml", Imprint("test", MORNING))
    return town


def number(town: PortalTown, issue: int) -> str:
    return town.number_and_code(issue)[0]


def newest(town: PortalTown) -> int:
    with town.house.database.reading() as connection:
        return int(connection.execute(select(t.issues.c.id).order_by(t.issues.c.id.desc()).limit(1)).scalar_one())


def begun(town: PortalTown, clerk: Visitor, issue: int) -> tuple[int, str]:
    """The issue by which a closed one is made public, and where it is looked through."""
    clerk.send(f"/issues/{number(town, issue)}", f"/issues/{issue}/cases")
    follow_up = newest(town)
    item = town.item(follow_up, town.party("clerk"))
    return follow_up, f"/tasks/{follow_up}/{item}/review/ready"


def form(page: str) -> dict[str, str]:
    """What stands in the form of the page."""
    entries = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    ticked = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked', page)
    kept = {k: v for k, v in entries.items() if not k.startswith(("square.", "stays.", "use."))}
    text = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert text
    return {**kept, **dict(ticked), "text": text[1]}


def to_consent(town: PortalTown, issue: int, **choices: str) -> int:
    """The copy looked through, with all proposals accepted."""
    clerk = town.visitor("clerk")
    follow_up, address = begun(town, clerk, issue)
    page = clerk.see(address)
    replaced = clerk.http.post(address, data={**form(page), "do": "replace"}).text
    clerk_sends(clerk, address, {**form(replaced), **choices})
    return follow_up


def clerk_sends(clerk: Visitor, address: str, entries: dict[str, str], status: int = 200) -> str:
    answer = clerk.http.post(address, data={**entries, "do": "send"})
    assert answer.status_code == status, plain(answer.text)[:2000]
    return str(answer.text)


def consented(town: PortalTown, follow_up: int, action: str = "agree") -> None:
    with town.house.database.reading() as connection:
        query = select(t.candidates.c.item, t.candidates.c.party).where(t.candidates.c.issue_id == follow_up)
        item, party = connection.execute(query).one()
    person = int(party.split(":")[1])
    act(town.house, follow_up, item, action, {}, By(person, town.clock.now))


def made_public(town: PortalTown, issue: int, **choices: str) -> int:
    """The number of the public case."""
    follow_up = to_consent(town, issue, **choices)
    consented(town, follow_up)
    town.act(follow_up, "office", "approve")
    carried(town)
    with town.house.database.reading() as connection:
        found = select(t.publications.c.id).where(t.publications.c.issue_id == follow_up)
        return int(connection.execute(found).scalar_one())


def test_a_closed_issue_becomes_a_public_case_and_nothing_private_of_it_is_seen(publicity: PortalTown) -> None:
    issue = settled(publicity)
    case = made_public(publicity, issue, **{"use.1": "use"})
    guest = publicity.visitor()
    page = guest.see(f"/cases/{case}")
    assert all(words in page for words in ("路灯不亮", "照明", "星光站"))
    shown = plain(page)
    assert all(name in shown for name in ("王芳 代表", "城市管理局")), "deputies and departments are credited"
    assert "陈晓" not in shown, "no clerk by name"
    for address in (f"/cases/{case}", "/cases", "/cases.atom", "/", f"/cases/{case}?lang=en"):
        text = guest.see(address)
        for private in (*_PLANTED, "王秀芳"):
            assert private not in text, f"{private} at {address}"
    answer = guest.http.get(f"/cases/{case}/photos/1")
    assert answer.headers["content-type"] == "image/jpeg"
    assert guest.http.get(f"/cases/{case}/photos/2").status_code == 404


def test_the_text_is_a_copy_and_the_issue_itself_stays_as_it_was(publicity: PortalTown) -> None:
    issue = settled(publicity)
    made_public(publicity, issue)
    assert "13" in publicity.visitor("clerk").see(f"/issues/{number(publicity, issue)}")
    with publicity.house.database.reading() as connection:
        row = connection.execute(select(t.publications)).one()
    assert row.about_id == issue != row.issue_id


def test_each_mark_is_replaced_or_said_to_stay_before_it_goes_on(publicity: PortalTown) -> None:
    issue = settled(publicity)
    clerk = publicity.visitor("clerk")
    _, address = begun(publicity, clerk, issue)
    page = clerk.see(address)
    marked = re.findall(r'<mark id="spot-\d+">([^<]+)<', page)
    for private in ("李明", "138 0000 0000", "0592-2288123", "闽D12345", "王秀芳"):
        assert private in marked
    told = clerk_sends(clerk, address, form(page), 422)
    assert "没处理的地方" in told
    entries = form(clerk.http.post(address, data={**form(page), "do": "replace"}).text)
    assert "王某" in entries["text"]
    assert "王秀芳" not in entries["text"]
    clerk_sends(clerk, address, entries)


def test_what_may_stay_stays_because_somebody_said_so(publicity: PortalTown) -> None:
    issue = settled(publicity)
    clerk = publicity.visitor("clerk")
    follow_up, address = begun(publicity, clerk, issue)
    entries = form(clerk.see(address)) | {"text": "3号楼的灯亮了。", "title": "灯亮了"}
    again = clerk_sends(clerk, address, entries, 422)
    spot = re.search(r'name="spot\.(\d+)" value="3号楼"', again)
    assert spot
    clerk_sends(clerk, address, form(again) | {f"stays.{spot[1]}": "yes"})
    assert "3号楼的灯亮了" in publicity.visitor("clerk").see(f"/issues/{number(publicity, follow_up)}")


def test_no_picture_is_public_unless_chosen_and_what_is_blacked_out_is_gone(publicity: PortalTown) -> None:
    issue = settled(publicity)
    clerk = publicity.visitor("clerk")
    follow_up, address = begun(publicity, clerk, issue)
    page = clerk.http.post(address, data={**form(clerk.see(address)), "do": "replace"}).text
    shaded = clerk.http.post(address, data={**form(page), "square.1.0": "1", "do": "shade.1"}).text
    entries = form(shaded)
    assert entries["use.1"] == "use"
    clerk_sends(clerk, address, entries)
    consented(publicity, follow_up)
    publicity.act(follow_up, "office", "approve")
    carried(publicity)
    content = publicity.visitor().http.get("/cases/1/photos/1").content
    picture = Image.open(BytesIO(content)).convert("RGB")
    black, red = picture.getpixel((5, 5)), picture.getpixel((300, 200))
    assert isinstance(black, tuple)
    assert isinstance(red, tuple)
    assert max(black) < 40
    assert red[0] > 200


def test_the_key_of_another_file_shows_nothing(publicity: PortalTown) -> None:
    other = keep(publicity.house.store, "secret.jpg", photo("blue"), publicity.people["office"]).digest
    issue = settled(publicity)
    clerk = publicity.visitor("clerk")
    _, address = begun(publicity, clerk, issue)
    entries = form(clerk.see(address)) | {"made.1": other, "do": "replace"}
    assert clerk.http.post(address, data=entries).status_code == 403


def test_without_consent_nothing_becomes_public(publicity: PortalTown) -> None:
    consented(publicity, to_consent(publicity, settled(publicity)), "refuse")
    carried(publicity)
    assert "路灯不亮" not in publicity.visitor().see("/cases")


def test_silence_is_no_consent(publicity: PortalTown) -> None:
    follow_up = to_consent(publicity, settled(publicity))
    carried(publicity)
    assert "路灯不亮" not in publicity.visitor().see("/cases")
    with pytest.raises(Exception, match="one"):
        publicity.act(follow_up, "office", "approve")


def test_who_prepared_a_copy_does_not_approve_it(publicity: PortalTown) -> None:
    follow_up = to_consent(publicity, settled(publicity))
    consented(publicity, follow_up)
    with pytest.raises(Exception, match="one"):
        publicity.act(follow_up, "clerk", "approve")


def test_whose_consent_it_is_nobody_chooses(publicity: PortalTown) -> None:
    issue = settled(publicity)
    values = {"subject": "灯", "case": number(publicity, issue), "citizen": publicity.party("stranger")}
    report = Report(definition="case-follow-up", station="XG", reporter=publicity.people["clerk"], values=values)
    receipt = open_issue(publicity.house, report, request_id="x", now=publicity.clock.now)
    with publicity.house.database.reading() as connection:
        state = connection.execute(select(t.issues.c.state).where(t.issues.c.id == receipt.issue_id)).scalar_one()
    assert state.data["citizen"] == f"participant:{publicity.reporter(issue)}"


def test_an_open_issue_cannot_be_made_public(publicity: PortalTown) -> None:
    issue = publicity.report()
    clerk = publicity.visitor("clerk")
    assert f"/issues/{issue}/cases" not in clerk.see(f"/issues/{number(publicity, issue)}")
    values = {"subject": "灯", "case": number(publicity, issue)}
    report = Report(definition="case-follow-up", station="XG", reporter=publicity.people["clerk"], values=values)
    with pytest.raises(Invalid, match="errors"):
        open_issue(publicity.house, report, request_id="x", now=publicity.clock.now)


def test_the_office_withdraws_with_a_reason_and_it_is_gone_everywhere(publicity: PortalTown) -> None:
    case = made_public(publicity, settled(publicity), **{"use.1": "use"})
    office = publicity.visitor("office")
    office.send(f"/cases/{case}", f"/cases/{case}/withdraw", {"why": " "}, status=422)
    office.send(f"/cases/{case}", f"/cases/{case}/withdraw", {"why": "当事人来电"})
    gone(publicity, case)
    with publicity.house.database.reading() as connection:
        told = connection.execute(select(t.audit.c.reason).where(t.audit.c.what == "case-withdrawn")).scalar_one()
    assert told == "当事人来电"


def test_the_reporter_takes_back_their_consent_and_nobody_asks_why(publicity: PortalTown) -> None:
    issue = settled(publicity)
    case = made_public(publicity, issue)
    resident = publicity.visitor()
    told = dict(zip(("number", "code"), publicity.number_and_code(issue), strict=True))
    resident.send("/follow", "/follow", told)
    resident.send(f"/issues/{told['number']}", f"/issues/{issue}/cases/withdraw")
    gone(publicity, case)


def test_nobody_else_takes_it_back(publicity: PortalTown) -> None:
    issue = settled(publicity)
    case = made_public(publicity, issue)
    clerk = publicity.visitor("clerk")
    assert f"/cases/{case}/withdraw" not in clerk.see(f"/cases/{case}")
    hidden = clerk.hidden(f"/issues/{number(publicity, issue)}", f"/issues/{issue}/comments")
    assert clerk.http.post(f"/issues/{issue}/cases/withdraw", data=hidden).status_code == 404
    assert clerk.http.post(f"/cases/{case}/withdraw", data={**hidden, "why": "x"}).status_code == 403
    assert clerk.http.get(f"/cases/{case}/article").status_code == 403
    publicity.visitor().see(f"/cases/{case}")


def test_who_is_erased_is_not_told_of_any_more(publicity: PortalTown) -> None:
    issue = settled(publicity)
    case = made_public(publicity, issue)
    with publicity.house.database.writing() as connection:
        erase_issue(publicity.house, connection, issue, "personal", publicity.clock.now)
    gone(publicity, case)


def gone(town: PortalTown, case: int) -> None:
    """Withdrawn: 410, and out of lists, feed, search and the first page."""
    guest = town.visitor()
    guest.see(f"/cases/{case}", 410)
    guest.see(f"/cases/{case}/photos/1", 410)
    for address in ("/cases", "/cases.atom", "/cases?q=路灯", "/"):
        assert f"/cases/{case}" not in guest.see(address)


def test_cases_are_found_by_words_area_kind_and_year(publicity: PortalTown) -> None:
    case = made_public(publicity, settled(publicity))
    guest = publicity.visitor()
    link = f'href="/cases/{case}"'
    for found in ("q=路灯", "area=350203", "matter=照明", "year=2026", "q=路灯&area=350203&year=2026"):
        assert link in guest.see(f"/cases?{found}"), found
    for missed in ("q=井盖", "q=%25", "area=999", "matter=道路", "year=2025"):
        assert link not in guest.see(f"/cases?{missed}"), missed


@pytest.mark.parametrize("year", ["0000020240", "9" * 5000, "٢٠٢٤", "²⁰²⁴", "20240", "-2024", "1800"])
def test_what_is_no_year_seeks_every_year(town: PortalTown, year: str) -> None:
    for address in ("/cases", "/cases.atom"):
        town.visitor().see(f"{address}?year={year}")


def test_the_feed_is_atom_and_kept_by_caches(publicity: PortalTown) -> None:
    case = made_public(publicity, settled(publicity))
    guest = publicity.visitor()
    answer = guest.http.get("/cases.atom")
    root = ElementTree.fromstring(answer.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in root.findall("a:entry/a:id", space)] == [f"http://testserver/cases/{case}"]
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in answer.headers
    again = guest.http.get("/cases.atom", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    page = guest.http.get(f"/cases/{case}")
    assert page.headers["cache-control"].startswith("public")
    assert publicity.visitor("clerk").http.get(f"/cases/{case}").headers["cache-control"] == "no-store"


def test_nobody_takes_all_public_pages_at_once(publicity: PortalTown) -> None:
    guest = publicity.visitor()
    answers = [guest.http.get("/cases.atom").status_code for _ in range(245)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_the_office_copies_an_article(publicity: PortalTown) -> None:
    case = made_public(publicity, settled(publicity), **{"use.1": "use"})
    page = publicity.visitor("office").see(f"/cases/{case}/article")
    assert all(words in page for words in ("readonly", "王芳", f"/cases/{case}/photos/1"))


_NAMES = ("赵铁柱", "欧阳小梅", "陈建军", "林美丽", "吴小燕")
_FORMS = ("我叫{name}，", "居民{name}反映，", "联系人：{name}，", "{name}阿姨说，", "业主{name}，")


@pytest.mark.parametrize("seed", range(40), ids=lambda seed: f"seed{seed}")
def test_planted_names_phones_plates_and_addresses_are_all_found(seed: int) -> None:
    """Whatever is planted is marked, wherever it stands among harmless words."""
    draw = random.Random(seed)
    digits = "".join(draw.choice("0123456789") for _ in range(8))
    planted = {
        draw.choice(_FORMS).format(name=(name := draw.choice(_NAMES))): name,
        f"电话1{draw.choice('3578')}{digits}{draw.randint(0, 9)}，": f"{digits[:4]}",
        f"车牌{draw.choice('闽京沪粤')}{draw.choice('ABCD')}{digits[:5]}，": digits[:5],
        f"住{draw.choice('幸福海光')}路{draw.randint(1, 99)}号{draw.randint(1, 9)}号楼{draw.randint(1, 9)}单元{draw.randint(101, 999)}室，": "号楼",
        f"邮箱u{digits}@mail.cn，": f"u{digits}",
    }
    harmless = ["路灯不亮，", "已经三天了，", "请2026年3月5日前来看，", "12345热线没有回音，"]
    parts = [*planted, *harmless]
    draw.shuffle(parts)
    text = "".join(parts)
    left = text
    for spot in reversed(spots(text)):
        left = left[: spot.start] + spot.instead + left[spot.end :]
    for private in planted.values():
        assert private not in left, f"{private} is left in {left}"
    for words in ("路灯不亮", "已经三天了", "2026年3月5日", "12345热线"):
        assert words in left
