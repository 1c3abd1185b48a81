"""Files through the portal: what is taken, who sees it before the scanner has looked, and that nothing served runs in a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huying.shelf.scanner import Scanner
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.shelf.documents import OLD, PDF, WORD, packed
from tests.huying.shelf.test_scanner import answering
from tests.huying.town import PIXEL, REPORT
from tests.portal.conftest import MANY, PortalTown


def scanned(town: PortalTown, address: str) -> PortalTown:
    """The same town with a scanner at an address."""
    house = replace(town.house, shelved=replace(town.house.store, scanner=Scanner(address)))
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", limits=MANY)
    return PortalTown(house, town.clock, town.people, town.departments, create_app(house, config, town.clock))


def added(town: PortalTown, issue: int, name: str, content: bytes) -> str:
    """The address of a file that the clerk has added."""
    number = town.number_and_code(issue)[0]
    page = town.visitor("clerk").send(
        f"/issues/{number}", f"/issues/{issue}/files", {}, [("files", (name, content, "application/pdf"))]
    )
    assert name in page
    return f"/attachments/{issue}/2"


@pytest.mark.parametrize(
    ("asked", "status", "got"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-4", 206, slice(-4, None)),
        ("bytes=2-99999999", 206, slice(2, None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=5-2", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
    ],
)
def test_players_of_sound_and_film_ask_for_a_part(town: PortalTown, asked: str, status: int, got: slice) -> None:
    address = added(town, town.report(), "信.pdf", PDF)
    answer = town.visitor("clerk").http.get(address, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, PDF[got])
    assert answer.headers["accept-ranges"] == "bytes"
    if status == 206:
        first, last, _ = got.indices(len(PDF))
        assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{len(PDF)}"


@pytest.mark.parametrize(("name", "content"), [("信.pdf", PDF), ("申请书.docx", packed(WORD)), ("图.png", PIXEL)])
def test_what_is_served_runs_nowhere(town: PortalTown, name: str, content: bytes) -> None:
    address = added(town, town.report(), name, content)
    got = town.visitor("clerk").http.get(address)
    assert (got.status_code, got.content) == (200, content)
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    shown = got.headers["content-disposition"].partition(";")[0]
    assert shown == ("inline" if name.endswith("png") else "attachment")
    assert got.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("页面.html", b"<html><script>alert(1)</script>", "可以传"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "可以传"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "可以传"),
        ("程序.pdf", b"MZ\x90", "可以传"),
        ("通知.doc", OLD, "另存为 .docx"),
        ("宏.docx", packed(WORD, word__vbaProject_dot_bin=b"x"), "不带宏"),
        ("信.docx", PDF, "另存为 .pdf"),
        ("大.docx", packed(WORD, word__a_dot_xml=b"\0" * (20 << 20)), "异常庞大"),
        ("半.docx", packed(WORD)[:200], "重新另存"),
    ],
)
def test_what_is_not_taken_is_refused_with_the_remedy_and_nothing_stays(
    town: PortalTown, name: str, content: bytes, remedy: str
) -> None:
    issue = town.report()
    clerk = town.visitor("clerk")
    page = clerk.send(
        f"/issues/{town.number_and_code(issue)[0]}",
        f"/issues/{issue}/files",
        {},
        [("files", (name, content, "application/pdf"))],
        status=415,
    )
    assert remedy in page
    assert not [path for path in town.house.files.rglob("*") if path.is_file()]


def test_forms_say_which_files_are_taken(town: PortalTown) -> None:
    page = town.visitor("clerk").see(f"/issues/{town.number_and_code(town.report())[0]}")
    assert "可传：JPG、PNG、GIF、WEBP、HEIC、PDF、DOCX、XLSX、OFD" in page
    assert ".docx" in page


def test_while_the_scanner_is_away_others_are_told_to_come_back(town: PortalTown) -> None:
    away = scanned(town, "unix:/nowhere/clamd.ctl")
    issue = away.report()
    address = added(away, issue, "信.pdf", PDF)
    assert away.visitor("clerk").http.get(address).content == PDF
    others = away.visitor("office").http.get(address)
    assert others.status_code == 404
    assert PDF not in others.content


def test_what_the_scanner_finds_is_said_on_the_page(town: PortalTown) -> None:
    issue = town.report()
    with answering(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") as address:
        infected = scanned(town, address)
        clerk = infected.visitor("clerk")
        number = town.number_and_code(issue)[0]
        page = clerk.send(
            f"/issues/{number}",
            f"/issues/{issue}/files",
            {},
            [("files", ("信.pdf", PDF, "application/pdf"))],
            status=415,
        )
    assert "查出病毒（Win.Test.EICAR_HDB-1）" in page


def test_a_report_with_an_infected_file_is_refused_before_it_is_opened(town: PortalTown) -> None:
    with answering(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") as address:
        guest = scanned(town, address).visitor()
        form = "/report/street-matters"
        sent = {f"field.{name}": value for name, value in REPORT.items()} | {"station": "XG", "name": "李明"}
        page = guest.send(form, form, sent, [("files", ("信.pdf", PDF, "application/pdf"))], status=415)
    assert "查出病毒（Win.Test.EICAR_HDB-1）" in page
    assert town.report() == 1, "none was opened before"
