"""A template that an office has changed is checked before it is published: each fault with its place, and what to write instead."""

from __future__ import annotations

import pytest

from definitions.text import Said
from engine.refusal import Unavailable
from huying.access.viewer import Look
from huying.errors import WrongFile
from huying.house import kept
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.papers.checks import TemplateFault, examine_template
from huying.papers.fields import offerings
from huying.papers.issuance import PaperWish, make
from huying.papers.publication import PaperEdition, UnsoundPaper, newest_version, publish_paper
from huying.papers.sample import tried
from huying.papers.stock import KINDS, LANGUAGES, shipped_source, shipped_template, stocked, template_of, versions
from huying.papers.view import paper
from tests.huying.papers.test_issuance import HANDOVER
from tests.huying.papers.written import template, words
from tests.huying.town import MORNING, Town


def faults(town: Town, *lines: str, kind: str = "handover", rows: tuple[str, ...] = ()) -> list[TemplateFault]:
    """What is wrong with a template of these lines."""
    with town.house.database.reading() as connection:
        found = stocked(connection, kind, "zh").kind
    return examine_template(town.house, found, template(*lines, rows=rows), MORNING)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KINDS)
def test_every_shipped_template_passes(town: Town, key: str, language: str) -> None:
    with town.house.database.reading() as connection:
        found = stocked(connection, key, language)
    assert examine_template(town.house, found.kind, shipped_template(key, language), MORNING) == []


def test_an_unknown_field_is_told_with_its_place_and_what_was_meant(town: Town) -> None:
    (fault,) = faults(town, "一切正常 {{ number }}", "事项：{{ issue.subjekt }}，期限{{ issue.due }}")
    assert fault.where.zh == "正文“事项：{{ issue.subjekt }}，期限{{ issue.due }}”"
    assert fault.said.zh == "没有“issue.subjekt”这个字段。"
    assert fault.remedy.zh == "是不是“issue.subject”？"


def test_what_there_is_instead_is_told_where_nothing_is_near(town: Town) -> None:
    (fault,) = faults(town, "{{ issue.xyzzyxyzzy }}")
    assert "issue.number" in fault.remedy.zh


def test_a_private_field_is_refused_where_the_paper_goes_to_others(town: Town) -> None:
    (fault,) = faults(town, "{{ data.address }}")
    assert "个人信息" in fault.said.zh
    assert faults(town, "{{ data.address }}", kind="acceptance") == []
    assert faults(town, "{{ data.details }}") == []


@pytest.mark.parametrize("text", ["｛｛ number ｝｝", "{ { number } }", "{{ number ｝｝"])
def test_braces_of_another_width_or_apart_are_found(town: Town, text: str) -> None:
    (told,) = _told(town, text)
    assert "花括号" in told.zh


def _told(town: Town, text: str) -> list[Said]:
    """What is said of a text, whether it is found in it, or the file is not taken at all."""
    try:
        return [one.said for one in faults(town, text)]
    except WrongFile as refused:
        return [Said(refused.message["zh"], refused.message["en"])]


def test_a_list_is_gone_through_and_its_columns_are_known(town: Town) -> None:
    assert [one.remedy.zh for one in faults(town, "{{ asked.tasks }}", kind="minutes")] == [
        "在表格里写 {%tr for row in asked.tasks %} 和 {%tr endfor %}。"
    ]
    assert faults(town, "{%p for row in asked.tasks %}", "{{ row.task }}", "{%p endfor %}", kind="minutes") == []
    (fault,) = faults(town, "{%p for row in asked.tasks %}", "{{ row.tusk }}", "{%p endfor %}", kind="minutes")
    assert fault.said.zh == "没有“asked.tasks[].tusk”这个字段。"


def test_what_a_paper_may_not_do_is_told_with_its_place(town: Town) -> None:
    (fault,) = faults(town, "{{ number }}", "{{ issue.number.upper() }}")
    assert "upper" in fault.where.zh
    (fault,) = faults(town, "{% if number %}", "{{ number }}")
    assert "读不懂" in fault.said.zh


def edition(town: Town, content: bytes, newest: int = 0, **changed: str) -> PaperEdition:
    """A hand-over as the office would have it."""
    source = shipped_source("handover")
    for old, new in changed.items():
        source = source.replace(old, new)
    return PaperEdition("handover", "zh", source, kept.put(town.house.store, "x.docx", content).digest, newest)


def test_a_new_version_holds_from_now_and_made_papers_stay(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    wish, by = PaperWish("handover", "zh", issue, HANDOVER), By(town.people["clerk"], town.clock.now)
    old = make(town.house, wish, by)
    own = edition(town, template("思明区{{ organ }}", "{{ number }}"), 交办="思交办")
    publish_paper(town.house, own, Imprint("冯硕", MORNING, "加区名"))
    new = make(town.house, wish, by)
    look = Look(town.people["clerk"], "zh", town.clock.now)
    assert words(kept.read(town.house.store, new.digest)) == ["思明区人大常委会办公室", "思交办〔2026〕2号"]
    assert paper(town.house, old.id, look).number == "交办〔2026〕1号"
    assert len(words(kept.read(town.house.store, old.digest))) > 5
    with town.house.database.reading() as connection:
        assert [one.version for one in versions(connection, "handover", "zh")] == [1, 0]
        assert stocked(connection, "handover", "zh").published_by == "冯硕"
        assert stocked(connection, "handover", "en").version == 0
        assert template_of(town.house, stocked(connection, "handover", "zh", 0)) == shipped_template("handover", "zh")


def test_a_template_with_faults_is_not_published(town: Town) -> None:
    with pytest.raises(UnsoundPaper) as refused:
        publish_paper(town.house, edition(town, template("{{ nothing }}")), Imprint("冯硕", MORNING))
    assert refused.value.told.faults
    with pytest.raises(UnsoundPaper) as refused:
        publish_paper(town.house, edition(town, template("x"), sequence="sequense"), Imprint("冯硕", MORNING))
    assert "sequence" in refused.value.told.findings[0].remedy["zh"]
    with town.house.database.reading() as connection:
        assert newest_version(connection, "handover", "zh") == 0


def test_whoever_saw_an_older_version_does_not_overwrite_a_newer_one(town: Town) -> None:
    publish_paper(town.house, edition(town, template("{{ number }}")), Imprint("冯硕", MORNING))
    with pytest.raises(Unavailable):
        publish_paper(town.house, edition(town, template("{{ organ }}")), Imprint("别人", MORNING))


def test_it_is_looked_at_with_invented_values_and_with_an_issue_masked(town: Town) -> None:
    issue = town.report()
    with town.house.database.reading() as connection:
        kind = stocked(connection, "acceptance", "zh").kind
    content = template("{{ issue.subject }}", "{{ issue.reporter }}", "{{ data.address }}")
    look = Look(town.people["clerk"], "zh", town.clock.now)
    assert words(tried(town.house, kind, content, None, look))[0].startswith("关于解决老旧小区 <路灯不亮> & ")
    assert words(tried(town.house, kind, content, issue, look)) == ["路灯不亮", "李**", "光**"]
    assert "data.address" in offerings(town.house, kind, MORNING).private
