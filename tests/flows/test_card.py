"""What is shown of an issue, without a server."""

from dataclasses import replace

import pytest

from flows.memory import sample_card
from flows.view.card import Standing, artifact_key, flow_name, markdown, state, tags


def test_many_who_are_waited_for_are_counted_and_the_card_names_them_all() -> None:
    card = replace(sample_card(1), waiting_for=("市城管局", "区供电公司", "街道办"))
    assert state(card)["name"] == "等待市城管局、区供电公司等 3 方 · 11月27日前"
    assert "市城管局、区供电公司、街道办" in markdown(card)


def test_an_issue_that_waits_for_nobody_is_being_dealt_with() -> None:
    assert state(replace(sample_card(1), waiting_for=(), due=""))["name"] == "办理中 研究答复"


@pytest.mark.parametrize("subject", ["a | b", "<script>", "[x](http://e.example)", "# x", "![x](y)", "line\nbreak |"])
def test_a_subject_cannot_become_markup(subject: str) -> None:
    text = markdown(replace(sample_card(1), subject=subject))
    row = next(line for line in text.splitlines() if line.startswith("| 主题"))
    assert row.replace("\\|", "").count("|") == 3
    assert "<script>" not in text.replace("\\<", "")
    assert "[x](" not in text.replace("\\[", "")


def test_a_closed_issue_bears_no_tag_of_a_deadline() -> None:
    closed = replace(sample_card(1), status=Standing.closed, overdue=True, due_soon=True, provisional=True)
    assert set(tags(closed)) == set(tags(replace(sample_card(1), status=Standing.closed)))


def test_artifact_keys_have_only_letters_that_prefect_allows_and_differ_as_the_numbers_do() -> None:
    keys = {artifact_key(number, "card") for number in ("XG-2026-00042", "湖里-2026-00042", "思明-2026-00042")}
    assert len(keys) == 3
    assert all(set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for key in keys)


def test_a_title_with_letters_that_prefect_refuses_still_names_a_flow() -> None:
    assert flow_name(replace(sample_card(1), definition_title="诉求/建议 <试行>")) == "诉求 建议  试行"
