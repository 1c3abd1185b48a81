"""An office edits the templates of its papers: taken away, changed, uploaded, checked, looked at filled, and published."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from huying.database.tables import paper_templates
from huying.house.by import By
from huying.papers.stock import shipped_template
from huying.rights.four_eyes import keep_rule
from tests.huying.papers.written import template, words
from tests.huying.town import MORNING, administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Files, Visitor, plain

PAGE = "/papers/templates/handover/zh"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def upload(*lines: str) -> Files:
    """A template as a browser sends it."""
    return [("template", ("交办单.docx", template(*lines), WORD))]


@pytest.fixture
def keeper(town: PortalTown) -> Visitor:
    """Somebody who keeps the templates."""
    town.people["admin"] = administrator(town.house)
    return town.visitor("admin")


def source(visitor: Visitor) -> str:
    """What the kind says, as it stands on its page."""
    found = re.search(r"<textarea[^>]*name=\"source\".*?>(.*?)</textarea>", visitor.see(PAGE), re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_templates_are_kept_by_whoever_may_and_by_nobody_else(town: PortalTown, keeper: Visitor) -> None:
    assert "征询意见表" in keeper.see("/papers/templates")
    for login in ("clerk", "deputy", "office", "lighting"):
        town.visitor(login).see("/papers/templates", 403)
        town.visitor(login).see(PAGE, 403)


def test_a_template_is_taken_away_as_word(keeper: Visitor) -> None:
    assert keeper.http.get(f"{PAGE}/word").content == shipped_template("handover", "zh")
    keeper.see("/papers/templates/nothing/zh", 404)


def test_faults_are_told_and_nothing_is_published(town: PortalTown, keeper: Visitor) -> None:
    said = {"source": source(keeper), "do": "publish"}
    page = plain(keeper.send(PAGE, PAGE, said, upload("{{ isue.subject }}"), 422))
    assert "没有“isue.subject”这个字段" in page
    assert "是不是“issue.subject”" in page
    page = plain(keeper.send(PAGE, PAGE, said, [("template", ("x.docx", b"%PDF-1.4", WORD))], 422))
    assert "不收" in page or "docx" in page
    page = plain(keeper.send(PAGE, PAGE, {**said, "source": "paper: handover\nto: nobody"}, upload("x"), 422))
    assert "还不能发布" in page
    with town.house.database.reading() as connection:
        assert connection.execute(select(paper_templates.c.id)).all() == []


def test_it_is_checked_looked_at_and_published_without_uploading_again(
    town: PortalTown, keeper: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    issue = town.report()
    number, _ = town.number_and_code(issue)
    said = {"source": source(keeper), "do": "check"}
    page = keeper.send(PAGE, PAGE, said, upload("思明区{{ organ }}：{{ issue.subject }}"))
    assert "检查没有问题" in page
    kept = page.split('name="kept" value="')[1][:64]
    entries = {**keeper.hidden(PAGE, PAGE), **said, "kept": kept}
    shown = keeper.http.post(PAGE, data={**entries, "do": "preview", "number": number})
    assert shown.status_code in (200, 404)
    shown = keeper.http.post(PAGE, data={**entries, "do": "preview"})
    assert words(shown.content)[0].startswith("思明区市人大常委会办公室：关于解决老旧小区 <路灯不亮>")
    keeper.http.post(PAGE, data={**entries, "do": "publish", "note": "加区名"})
    assert "加区名" in plain(keeper.see(PAGE))
    assert words(keeper.http.get(f"{PAGE}/word").content) == ["思明区{{ organ }}：{{ issue.subject }}"]
    assert keeper.http.get(f"{PAGE}/word?version=1").status_code == 200


def test_where_the_house_asks_for_two_a_second_one_approves(town: PortalTown, keeper: Visitor) -> None:
    town.people["second"] = administrator(town.house, "温如玉", "second")
    with town.house.database.writing() as connection:
        keep_rule(connection, "on", By(town.people["admin"], MORNING))
    said = {"source": source(keeper), "do": "publish", "note": "加区名"}
    keeper.send(PAGE, PAGE, said, upload("思明区{{ organ }}"))
    proposal = keeper.path
    assert proposal.startswith("/proposals/")
    assert "系统自带" in plain(keeper.see("/papers/templates"))
    second = town.visitor("second")
    second.send(proposal, proposal, {"do": "approve", "said": "可以"})
    assert "冯硕" in plain(keeper.see("/papers/templates"))
