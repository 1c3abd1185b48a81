"""Every key that is named under "?" is listened to, and every key that is listened to is named."""

from __future__ import annotations

import re

from portal.frame.keyboard import INTAKE, KEYBOARD, LIST
from portal.frame.page import STATIC
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain


def _script(name: str) -> str:
    return (STATIC / name).read_text()


def test_every_key_of_a_list_is_named_and_every_name_is_a_key(town: PortalTown) -> None:
    town.report()
    page = town.visitor("clerk").see("/issues?status=open&open=XG-2026-00001")
    shown = {key.upper() for key in re.findall(r'data-key="([^"]+)"', page) if not key.isdigit()}
    script = _script("keys.js")
    pressed = {key.upper() for key in re.findall(r'case "(.)":', script)}
    led = {f"G {key.upper()}" for key in re.findall(r'data-go="(.)"', page)}
    assert "toggle(event.shiftKey)" in script
    # G begins the way to a place; Enter is the browser's own, on a link
    listened = {key.replace("ESCAPE", "Esc") for key in shown} | pressed - {"G"} | led | {"Shift X", "Enter"}
    assert listened == {one.pressed for one in LIST.keys}


def test_every_place_that_a_key_leads_to_is_there(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    for one in LIST.keys:
        if one.address:
            assert clerk.http.get(one.address).status_code == 200, one.pressed


def test_every_key_of_the_desk_is_named_and_every_name_is_a_key(town: PortalTown) -> None:
    town.report(subject="路灯不亮")
    clerk = town.visitor("clerk")
    page = clerk.see("/intake")
    receipt = (STATIC.parent / "templates" / "intake_receipt.html").read_text()
    aside = (STATIC.parent / "templates" / "intake_aside.html").read_text()
    functions = set(re.findall(r'data-function="(F\d+)"', page + receipt))
    letters = {key.upper() for key in re.findall(r'data-alt="(.)"', page + receipt + aside)}
    script = _script("intake.js")
    functions |= set(re.findall(r'event.key === "(F\d+)"', script))
    letters |= set(re.findall(r'event.code === "Key(.)"', script))
    named = " ".join(f"{one.pressed} {one.words.en}" for one in INTAKE.keys)
    ways = {f"F{number}" for number in range(1, 5)}
    assert functions == ways | set(re.findall(r"\bF\d+\b", named))
    said = re.search(r"Alt ((?:[A-Z] )+[A-Z])", named)
    assert said
    assert letters == set(said[1].split()) | set(re.findall(r"Alt ([A-Z1-9])\b", named))
    assert 'event.key === "k" && event.ctrlKey' in script
    assert "Ctrl K" in named


def test_the_map_is_made_of_the_list(town: PortalTown) -> None:
    page = plain(town.visitor("clerk").see("/issues"))
    for group in KEYBOARD:
        for one in group.keys:
            assert one.words.zh in page
