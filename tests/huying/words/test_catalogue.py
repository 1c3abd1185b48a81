"""The catalogue shows every word that people read, in both languages."""

from __future__ import annotations

import ast

from huying.words.catalogue import CHINESE, ROOT, catalogue, text_of


def test_words_of_code_pages_and_messages_stand_in_it_with_their_places() -> None:
    found = {entry.place.partition(":")[0]: entry for entry in catalogue()}
    assert {"definitions/checks/flow.py", "engine/refusal.py", "portal/diagram/words.py"} <= set(found)
    assert "huying/locale/zh_CN/LC_MESSAGES/huying.po" in found
    assert "notifications/templates/zh_CN/overdue.jinja" in found
    said = {(entry.zh, entry.en) for entry in catalogue()}
    assert ("没有这个人。", "There is no such person.") in said
    assert ("我的任务", "My tasks") in said


def test_a_text_that_is_said_by_the_house_is_said_in_both_languages() -> None:
    lacking = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("definitions", "engine", "huying", "flows", "portal")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Said"
        and _one_sided(node)
    ]
    assert lacking == []


def _one_sided(node: ast.Call) -> bool:
    """Whether a pair of literal texts has words in one language only, or the languages the wrong way round."""
    texts = [text_of(argument) for argument in node.args]
    if len(texts) != 2 or any(text is None for text in texts):
        return False
    zh, en = (text or "" for text in texts)
    # an example in an English sentence may be Chinese
    chinese = len(CHINESE.findall(en)) > len(en) / 4
    return chinese or (bool(zh.strip()) != bool(en.strip()) and len(zh + en) > 2)


def test_every_message_has_a_template_in_both_languages() -> None:
    folder = ROOT / "notifications" / "templates"
    assert {path.name for path in (folder / "zh_CN").iterdir()} == {path.name for path in (folder / "en").iterdir()}
