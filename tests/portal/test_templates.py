"""Templates of one language: what is the same on every page is worked out when they are compiled, by whoever asks first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from jinja2 import StrictUndefined
from markupsafe import Markup

from huying.locale import LANGUAGES
from portal.frame.page import environment
from portal.frame.templates import LanguageTemplates, OnceLoader, fixed, spoken

SAID: list[str] = []


def gettext(words: str) -> str:
    SAID.append(words)
    return {"Save": "保存", "100%%": "百分之百 100%%", "Dear %(name)s": "%(name)s 您好"}.get(words, words)


@pytest.fixture
def templates(tmp_path: Path) -> LanguageTemplates:
    SAID.clear()
    words = spoken(gettext)
    made = LanguageTemplates(
        {"_": words, "icon": lambda name: Markup(f"<svg id={name}>")},
        loader=OnceLoader(tmp_path),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
    )
    made.install_gettext_callables(gettext, lambda one, many, n: one, newstyle=True)  # type: ignore[attr-defined]
    made.globals["icon"] = lambda name: Markup(f"<svg id={name}>")
    return made


def rendered(templates: LanguageTemplates, tmp_path: Path, source: str, **values: object) -> str:
    (tmp_path / "page.html").write_text(source, "utf-8")
    return templates.get_template("page.html").render(**values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>{{ _('Save') }}</b>", "<b>保存</b>"),
        ("{{ _('100%%') }}", "百分之百 100%"),
        ("{{ _('Dear %(name)s', name='<i>') }}", "&lt;i&gt; 您好"),
        ("{{ _('Dear %(name)s', name=who) }}", "&lt;b&gt; 您好"),
        ("{{ _('Use: %(words)s', words=who) }}", "Use: &lt;b&gt;"),
        (
            "{% set text = _('Dear %(name)s', name=who) %}<p title='{{ text }}'>{{ text | length }}",
            "<p title='&lt;b&gt; 您好'>12",
        ),
        ("{{ _('Row %(number)s', number=7) }}{{ _('%(all)s %(all)s', all=[who] | join) }}", "Row 7&lt;b&gt; &lt;b&gt;"),
        ("{{ icon('plus') }}{{ icon(which) }}", "<svg id=plus><svg id=minus>"),
        ("{% set text = _('Save') %}<input value='{{ text }}'>", "<input value='保存'>"),
        ("{% if _('Save') == '保存' %}yes{% endif %}", "yes"),
        # a template that gives the name to something else means that
        ("{% macro row(icon) %}{{ icon('plus') }}{% endmacro %}{{ row(own) }}", "own plus"),
        ("{% for _ in [own] %}{{ _('Save') }}{% endfor %}", "own Save"),
    ],
)
def test_says_the_same_as_if_it_were_asked_on_every_page(
    templates: LanguageTemplates, tmp_path: Path, source: str, expected: str
) -> None:
    values = {"who": "<b>", "which": "minus", "own": lambda words: f"own {words}"}

    assert rendered(templates, tmp_path, source, **values) == expected


def test_asks_the_catalogue_for_fixed_words_once(templates: LanguageTemplates, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ _('Save') }}", "utf-8")

    for _ in range(3):
        templates.get_template("page.html").render()

    assert SAID == ["Save"]


def test_renders_once_what_says_the_same_to_everybody(templates: LanguageTemplates, tmp_path: Path) -> None:
    (tmp_path / "keys.html").write_text("<kbd>{{ _('Save') }}</kbd>{{ 1 + 1 }}", "utf-8")
    templates._known = {**templates._known, "fixed": lambda name: fixed(templates, name)}
    page = rendered(templates, tmp_path, "{{ fixed('keys.html') }}")
    (tmp_path / "keys.html").write_text("", "utf-8")

    assert page == templates.get_template("page.html").render() == "<kbd>保存</kbd>2"


def test_compiles_a_template_once_for_all_who_ask_at_the_same_moment(
    templates: LanguageTemplates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    as_usual = LanguageTemplates.compile

    def compile_one(self: LanguageTemplates, source: str, name: str, *more: object) -> object:
        compiled.append(name)
        return as_usual(self, source, name, *more)  # type: ignore[call-overload]

    monkeypatch.setattr(LanguageTemplates, "compile", compile_one)
    (tmp_path / "frame.html").write_text("<main>{% block main %}{% endblock %}</main>", "utf-8")
    (tmp_path / "page.html").write_text(
        "{% extends 'frame.html' %}{% block main %}" + "{{ _('Save') }}{{ who }}" * 500 + "{% endblock %}", "utf-8"
    )
    at_once = Barrier(12)

    def ask(number: int) -> str:
        at_once.wait()
        return templates.get_template("page.html").render(who=number)

    with ThreadPoolExecutor(12) as pool:
        pages = list(pool.map(ask, range(12)))

    assert sorted(compiled) == ["frame.html", "page.html"]
    assert [page.count(f"保存{number}") for number, page in enumerate(pages)] == [500] * 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_of_the_house_compiles(language: str) -> None:
    ours = environment(language, ZoneInfo("Asia/Shanghai"), ())

    for name in ours.list_templates(extensions=["html"]):
        assert ours.get_template(name), name
