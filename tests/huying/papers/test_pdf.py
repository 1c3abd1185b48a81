"""A Word document as PDF, by LibreOffice: apart, in time, without a network, and a sentence where it is not there."""

from __future__ import annotations

import socket
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from huying.errors import WrongFile
from huying.papers import pdf as converter
from huying.papers.pdf import NoPdf, PdfBusy, makes_pdf, pdf
from huying.papers.word import fill
from tests.huying.papers.written import template, with_part

#: A picture that stands elsewhere.
LINKED = (
    b'<Relationship Id="rId99" Type="http://x/image" Target="http://%s/x.png" TargetMode="External"/></Relationships>'
)


@pytest.fixture
def office() -> None:
    """LibreOffice, or a sentence that it is missing."""
    if not makes_pdf():
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program in LibreOffice's place."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.usefixtures("office")
def test_a_paper_becomes_a_pdf() -> None:
    made = pdf(fill(template("关于{{ subject }}的答复"), {"subject": "路灯 <不亮> 喆堃镕"}))
    assert made.startswith(b"%PDF-")
    assert len(made) > 5_000


def test_where_libreoffice_is_missing_a_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not makes_pdf()
    with pytest.raises(NoPdf) as refused:
        pdf(template("x"))
    assert "另存为 PDF" in refused.value.message["zh"]
    assert "libreoffice-writer-nogui" in refused.value.message["en"]


def test_libreoffice_without_what_reads_word_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(tmp_path, "exit 1", monkeypatch)
    assert makes_pdf()
    (tmp_path / "soffice.bin").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not makes_pdf()


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(converter, "WITHIN", 0.5)
    stand_in(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait", monkeypatch)
    with pytest.raises(NoPdf, match="too long"):
        pdf(template("x"))
    told = subprocess.run(
        ["ps", "-o", "stat=", "-p", (tmp_path / "child").read_text().strip()],
        capture_output=True,
        text=True,
        check=False,
    )
    # gone, or a zombie, at whatever priority the tests run
    assert told.stdout.strip()[:1] in ("", "Z")


def test_a_conversion_that_makes_nothing_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(tmp_path, "exit 1", monkeypatch)
    with pytest.raises(NoPdf, match="could not make"):
        pdf(template("x"))


def test_whoever_comes_while_others_make_theirs_is_told_so_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(tmp_path, "exit 1", monkeypatch)
    monkeypatch.setattr(converter, "_PATIENCE", 0.01)
    monkeypatch.setattr(converter, "_turn", turn := threading.BoundedSemaphore(1))
    with turn, pytest.raises(PdfBusy) as refused:
        pdf(template("x"))
    assert refused.value.seconds == 30
    assert "Word" in refused.value.message["zh"]
    with pytest.raises(NoPdf, match="could not make"):
        pdf(template("x"))
    assert turn.acquire(blocking=False), "the turn was given back"


def test_nothing_that_the_house_knows_of_itself_is_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUYING_KEYS", "secret")
    stand_in(tmp_path, f"env > {tmp_path}/told", monkeypatch)
    with pytest.raises(NoPdf):
        pdf(template("x"))
    assert "secret" not in (tmp_path / "told").read_text()


def test_a_document_that_draws_something_in_is_not_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(tmp_path, f"touch {tmp_path}/opened", monkeypatch)
    with pytest.raises(WrongFile):
        pdf(with_part(template("x"), "word/_rels/document.xml.rels", b"</Relationships>", LINKED % b"127.0.0.1"))
    assert not (tmp_path / "opened").exists()


@pytest.mark.usefixtures("office")
def test_a_conversion_reaches_no_network_even_where_a_document_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converter, "assure_self_contained", lambda document: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"127.0.0.1:{server.getsockname()[1]}".encode()
        pdf(with_part(template("x"), "word/_rels/document.xml.rels", b"</Relationships>", LINKED % address))
        with pytest.raises(TimeoutError):
            server.accept()
