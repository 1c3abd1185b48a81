"""What is held about whoever asks: signed in, or by number and code and a code to their own mail; and the office's page of requests."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO

from sqlalchemy import insert, select

from huying.database import tables as t
from tests.portal.conftest import PortalTown
from tests.portal.test_privacy import grant_privacy
from tests.portal.visitor import Visitor, plain


def _post(visitor: Visitor, page: str, values: dict[str, str]) -> bytes:
    answer = visitor.http.post(page, data={**visitor.hidden(page, page), **values})
    assert answer.status_code == 200, answer.text[:2000]
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    return bytes(answer.content)


def _named(content: bytes) -> str:
    archive = zipfile.ZipFile(BytesIO(content))
    return str(json.loads(archive.read("data.json"))["participant"][0]["name"])


def _code(town: PortalTown) -> str:
    query = select(t.deliveries.c.text).where(t.deliveries.c.occasion == "data-code").order_by(t.deliveries.c.id.desc())
    with town.house.database.reading() as connection:
        text = connection.execute(query).scalars().first()
    found = re.search(r"\b(\d{6})\b", str(text))
    assert found
    return found[1]


def _reported(town: PortalTown, mail: str = "") -> tuple[Visitor, int, str]:
    issue = town.report()
    if mail:
        row = {"participant_id": town.reporter(issue), "channel": "mail", "target": mail}
        with town.house.database.writing() as connection:
            connection.execute(insert(t.addresses), row)
    number, code = town.number_and_code(issue)
    visitor = town.visitor()
    visitor.see(f"/issues/{number}?code={code}")
    return visitor, issue, f"/issues/{issue}/data"


def test_somebody_signed_in_takes_their_copy(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    assert "我的信息" in plain(clerk.see("/my/data"))
    assert _named(_post(clerk, "/my/data", {"do": "copy"})) == "陈晓"


def test_whoever_shows_number_and_code_needs_the_code_from_their_own_mail_too(town: PortalTown) -> None:
    visitor, _, page = _reported(town, "li@ming.example")
    token = visitor.hidden(page, page)
    assert visitor.http.post(page, data={**token, "do": "copy", "code": "000000"}).status_code == 422
    sent = visitor.send(page, page, {"do": "send"})
    assert "验证码已发往" in plain(sent)
    again = visitor.http.post(page, data={**token, "do": "send"})
    assert again.status_code == 429, "not one mail after another"
    code = _code(town)
    assert _named(_post(visitor, page, {"do": "copy", "code": code})) == "李明"
    assert visitor.http.post(page, data={**token, "do": "copy", "code": code}).status_code == 422, "once"


def test_a_code_is_guessed_five_times_and_lives_ten_minutes(town: PortalTown) -> None:
    visitor, _, page = _reported(town, "li@ming.example")
    visitor.send(page, page, {"do": "send"})
    right, token = _code(town), visitor.hidden(page, page)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert visitor.http.post(page, data={**token, "do": "copy", "code": wrong}).status_code == 422
    assert visitor.http.post(page, data={**token, "do": "copy", "code": right}).status_code == 422
    town.clock.move(minutes=2)
    visitor.send(page, page, {"do": "send"})
    town.clock.move(minutes=11)
    assert visitor.http.post(page, data={**token, "do": "copy", "code": _code(town)}).status_code == 422


def test_whoever_has_no_mail_asks_and_the_office_answers_in_time(town: PortalTown) -> None:
    visitor, issue, page = _reported(town)
    assert "没有登记邮箱" in plain(visitor.see(page))
    noted = visitor.send(page, page, {"do": "ask", "kind": "access", "said": "请给我一份副本"})
    assert "15 个工作日" in plain(noted)
    grant_privacy(town, "office")
    officer = town.visitor("office")
    listed = plain(officer.see("/privacy/requests"))
    assert town.number_and_code(issue)[0] in listed
    one = "/privacy/requests/1"
    assert "请给我一份副本" in plain(officer.see(one))
    assert _named(_post(officer, one, {"do": "copy", "why": "本人持身份证到窗口"})) == "李明"
    assert "请写明" in plain(officer.send(one, one, {"do": "answer", "answer": " "}, status=422))
    officer.send(one, one, {"do": "answer", "answer": "已当面交付副本。"})
    assert "没有待答复的" in plain(officer.see("/privacy/requests"))
    town.clock.move(days=40)


def test_the_office_notes_what_somebody_asks_at_the_counter_and_sees_what_is_late(town: PortalTown) -> None:
    number, _ = town.number_and_code(town.report())
    grant_privacy(town, "office")
    officer = town.visitor("office")
    entered = {"number": number, "kind": "erasure", "said": "不再需要"}
    page = plain(officer.send("/privacy/requests", "/privacy/requests", entered))
    assert "删除" in page
    assert "周主任" in page
    town.clock.move(days=40)
    officer.log_in("office")
    assert "已超期" in plain(officer.see("/privacy/requests"))


def test_what_somebody_asks_to_have_put_right_is_put_right_on_the_page_of_their_request(town: PortalTown) -> None:
    issue = town.report()
    grant_privacy(town, "office")
    officer = town.visitor("office")
    entered = {"number": town.number_and_code(issue)[0], "kind": "correction", "said": "名字是李鸣"}
    officer.send("/privacy/requests", "/privacy/requests", entered)
    one = "/privacy/requests/1"
    assert "姓名 （选填）" in " ".join(plain(officer.see(one)).split()), "of a person, not of a thing"
    assert "李明" not in plain(officer.see(one)), "what stands there is not shown to be put right"
    answered = officer.send(one, one, {"do": "correct", "email": "nowhere"}, status=422)
    assert "nowhere" in answered, "what was entered stands there still"
    assert 'id="email-error"' in answered
    page = plain(officer.send(one, one, {"do": "correct", "name": "李鸣"}))
    assert "已更正：姓名。" in page
    assert "不填的不改" not in page, "it is answered"
    with town.house.database.reading() as connection:
        name = select(t.participants.c.name).where(t.participants.c.id == town.reporter(issue))
        assert connection.execute(name).scalar_one() == "李鸣"


def test_nobody_else_reads_it(town: PortalTown) -> None:
    _, issue, page = _reported(town)
    assert town.visitor("clerk").http.get(page).status_code == 404, "whoever may see the issue is not its reporter"
    assert town.visitor("stranger").http.get(page).status_code == 404
    anybody = town.visitor().http.get(page, follow_redirects=False)
    assert anybody.status_code in (303, 401, 403)
    assert town.visitor("clerk").http.get("/privacy/requests").status_code == 403
    assert issue
