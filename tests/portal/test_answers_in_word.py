"""A department's answer in Word or PDF is taken in: the file is the answer where the definition says so, and no text is asked for then."""

from __future__ import annotations

import pytest

from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.papers.written import template
from tests.huying.town import DEFINITION, MORNING
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain

REPLY = "ask: {reply: {type: long text, title: {zh: 办理结果, en: Result}}}"
LETTER = """ask:
          letter: {type: file, title: {zh: 答复函（Word 或 PDF）, en: Reply in Word or PDF}, required: false}
          reply: {type: long text, title: {zh: 办理结果, en: Result}, required: letter is empty}"""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def task(town: PortalTown) -> str:
    """The task of a department that may answer by a letter."""
    assert REPLY in DEFINITION
    publish(town.house, DEFINITION.replace(REPLY, LETTER), "street-matters.yaml", Imprint("test", MORNING))
    issue = town.report()
    town.to_departments(issue)
    return f"/tasks/{issue}/{town.item(issue, town.departments['cg'])}"


def test_the_letter_is_the_answer_and_is_kept_with_the_issue(town: PortalTown, task: str) -> None:
    department = town.visitor("lighting")
    content = template("关于路灯的答复")
    files = [("field.letter", ("答复函.docx", content, WORD))]
    department.send(task, f"{task}/act/reply", {"field.reply": ""}, files)
    number, _ = town.number_and_code(int(task.split("/")[2]))
    page = town.visitor("clerk").see(f"/issues/{number}")
    assert "答复函.docx" in plain(page)
    kept = page.split('href="/attachments/')[1].split('"')[0]
    assert town.visitor("clerk").http.get(f"/attachments/{kept}").content == content


def test_without_a_letter_the_text_is_asked_for(town: PortalTown, task: str) -> None:
    department = town.visitor("lighting")
    department.send(task, f"{task}/act/reply", {"field.reply": ""}, status=422)
    department.send(task, f"{task}/act/reply", {"field.reply": "灯已更换。"})


def test_what_is_no_document_is_refused_in_words(town: PortalTown, task: str) -> None:
    department = town.visitor("lighting")
    page = department.send(task, f"{task}/act/reply", {}, [("field.letter", ("x.docx", b"MZ\x90", WORD))], 422)
    assert "不收" in plain(page)
