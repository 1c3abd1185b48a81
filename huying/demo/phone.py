"""A phone without a screen: opens pages of the portal, fills in their forms by what stands on them, and submits them.

The demonstration and the crash test act through it, so they see what people see and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

import httpx


class PageError(Exception):
    """A page did not show what was looked for, or refused what was submitted."""


@dataclass
class PageForm:
    """A form of a page: its address, hidden values, and for each choice the values by what is written beside them."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._choice: tuple[str, str] | None = None
        self._select: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(given.get("action", "")))
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag in ("input", "textarea", "select") and name:
            form.names.add(name)
        if tag == "input" and given.get("type") == "hidden":
            form.hidden[name] = given.get("value", "")
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            self._begin(name, given.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._begin(self._select, given.get("value", ""))

    def _begin(self, name: str, value: str) -> None:
        self._choice, self._text = (name, value), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("option", "label") and self._choice and self.forms:
            name, value = self._choice
            self.forms[-1].choices.setdefault(name, {})[" ".join(self._text.split())] = value
            self._choice = None
        if tag == "select":
            self._select = None


class Phone:
    """One person's browser: cookies, and the page that is open."""

    def __init__(self, portal_url: str, language: str = "zh-CN", timeout: float = 30) -> None:
        headers = {"Accept-Language": language}
        self._http = httpx.Client(base_url=portal_url, follow_redirects=True, timeout=timeout, headers=headers)
        self.url = ""
        self.html = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def open(self, address: str) -> str:
        """Open a page; its HTML. ``PageError`` for a refusal."""
        return self._show(self._http.get(address))

    def submit(self, action: str, entries: Mapping[str, str | list[str]]) -> str:
        """Fill in and send the form whose address ends so; choices are given by what is written beside them."""
        form = next((form for form in _forms(self.html) if form.action.endswith(action)), None)
        if form is None:
            raise PageError(f"no form {action} on {self.url}")
        data: dict[str, str | list[str]] = dict(form.hidden)
        for name, entry in entries.items():
            key = name if name in form.names else f"field.{name}"
            if key not in form.names:
                raise PageError(f"no field {name} in the form {action} on {self.url}")
            data[key] = (
                [_value(form, key, one) for one in entry] if isinstance(entry, list) else _value(form, key, entry)
            )
        return self._show(self._http.post(form.action, data=data))

    def _show(self, answer: httpx.Response) -> str:
        self.url, self.html = str(answer.url), answer.text
        if answer.status_code >= 400:
            raise PageError(f"{answer.status_code} {answer.url}")
        return self.html


def _forms(html: str) -> list[PageForm]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def _value(form: PageForm, name: str, entry: str) -> str:
    choices = form.choices.get(name, {})
    if not choices or entry in choices.values():
        return entry
    found = next((value for title, value in choices.items() if entry in title), None)
    if found is None:
        raise PageError(f"{name}: {entry!r} is none of {', '.join(choices)}")
    return found
