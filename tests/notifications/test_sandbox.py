"""What a template tries beyond showing values and choosing by them is refused, when it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import SecurityError, TemplateError

from notifications import Incomplete, render
from notifications.texts.sandbox import sandbox
from notifications.texts.template import Templates

ATTACKS = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ issue.__class__ }}",
    "{{ issue.keys }}",
    "{{ issue.items() }}",
    "{{ issue.subject.upper() }}",
    "{{ issue['subject'] }}",
    "{{ issue|attr('keys') }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.lead() }}",
    "{{ super() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum() }}",
    "{{ range(9) }}",
    "{{ config }}",
    "{{ 'a' * 2000000000 }}",
    "{{ 'a' ~ 'a' }}",
    "{{ '%0500000000d' % 1 }}",
    "{{ 2 ** 999999999 }}",
    "{{ -1 }}",
    "{{ 'a'.center(900000000) }}",
    "{{ '{:>900000000}'.format(1) }}",
    "{{ 'a'|center(900000000) }}",
    "{{ issue|tojson }}",
    "{{ issue|string }}",
    "{{ note|safe }}",
    "{{ issue is mapping }}",
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{% for x in issue %}{{ x }}{% endfor %}",
    "{% set x = 1 %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% include 'en/task.jinja' %}",
    "{% import 'en/task.jinja' as x %}",
    "{% with x = 1 %}{% endwith %}",
    "{% filter lines %}x{% endfilter %}",
    "{% autoescape false %}{{ note }}{% endautoescape %}",
    "{{ issue }}",
]


def _folder(folder: Path, lead: str) -> Templates:
    (folder / "en").mkdir()
    (folder / "en" / "layout.text.jinja").write_text("{{ words.lead }}")
    (folder / "en" / "layout.html.jinja").write_text("<p>{{ words.lead }}</p>")
    (folder / "en" / "default.jinja").write_text(
        "{% block subject %}x{% endblock %}{% block lead %}" + lead + "{% endblock %}"
    )
    return Templates(folder)


def test_values_and_choices_are_allowed(tmp_path: Path, context: dict[str, Any]) -> None:
    templates = _folder(tmp_path, "{% if issue.subject == 'x' or not note %}{{ step }}{% else %}no{% endif %}")
    assert render("default", "en", context, templates).html == "<p>登记受理</p>\n"


@pytest.mark.parametrize("attack", ATTACKS)
def test_all_else_is_refused(attack: str, tmp_path: Path, context: dict[str, Any]) -> None:
    with pytest.raises((TemplateError, Incomplete)):
        render("default", "en", {**context, "note": "n"}, _folder(tmp_path, attack))


#: Refused for simplicity only: by themselves these do no harm.
_HARMLESS = ("['subject']", "[1, 2]", "{'a': 1}", "'a' ~ 'a'")


@pytest.mark.parametrize(
    "attack", [a for a in ATTACKS if a.startswith("{{") and not any(part in a for part in _HARMLESS)]
)
def test_the_environment_alone_shows_nothing_but_values(attack: str, context: dict[str, Any]) -> None:
    """Even without the check of the syntax, nothing is called, calculated or reached by Python's own names."""
    with pytest.raises(TemplateError):
        sandbox(DictLoader({}), html=False).from_string(attack).render({**context, "note": "n"})


def test_a_template_without_its_blocks_is_refused(tmp_path: Path, context: dict[str, Any]) -> None:
    templates = _folder(tmp_path, "x")
    (tmp_path / "en" / "default.jinja").write_text("{% block subject %}x{% endblock %}{% block other %}{% endblock %}")
    with pytest.raises(SecurityError, match="blocks subject, lead"):
        render("default", "en", context, templates)


def test_the_version_changes_with_any_source(tmp_path: Path, context: dict[str, Any]) -> None:
    before = render("default", "en", context, _folder(tmp_path, "x")).template_version
    assert render("default", "en", context, Templates(tmp_path)).template_version == before
    layout = tmp_path / "en" / "layout.html.jinja"
    layout.write_text(layout.read_text() + " ")
    assert render("default", "en", context, Templates(tmp_path)).template_version != before
