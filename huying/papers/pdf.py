"""Word documents as PDF, by LibreOffice: a process of its own for each, with a profile of its own, and no way to the network.

Where LibreOffice is not installed, or does not answer in time, ``NoPdf`` says so in words; Word is always there.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from engine.refusal import Refusal
from huying.errors import Later
from huying.papers.template import assure_self_contained

#: So long may one conversion take, in seconds; so many run at once, since each takes a few hundred megabytes.
WITHIN, _AT_ONCE = 90.0, 2
_turn = threading.BoundedSemaphore(_AT_ONCE)
#: So long does somebody wait for their turn, in seconds, since others wait for the thread; after so many they may ask again.
_PATIENCE, _AGAIN = 5.0, 30
_PROGRAMS = ("soffice", "libreoffice")
#: Fonts of official documents, and what stands for them where they are not installed: the first that is there.
_STAND_INS = {
    ("仿宋_GB2312", "仿宋", "FangSong", "STFangsong"): ("FandolFang R", "FandolFang", "Noto Serif CJK SC"),
    ("楷体_GB2312", "楷体", "KaiTi", "STKaiti"): ("FandolKai", "Noto Serif CJK SC"),
    ("方正小标宋简体", "小标宋", "FZXiaoBiaoSong-B05S"): ("Noto Serif CJK SC",),
    ("黑体", "SimHei", "STHeiti"): ("Noto Sans CJK SC",),
    ("宋体", "SimSun", "STSong"): ("Noto Serif CJK SC",),
    ("Times New Roman",): ("Liberation Serif", "Tinos", "Nimbus Roman", "Noto Serif CJK SC"),
}
#: The profile: nothing runs by itself, nothing is fetched, and every way out leads to a port where nobody is.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


class NoPdf(Refusal):
    """PDF cannot be made here, or not now."""

    code = "no-pdf"


class PdfBusy(Later):
    """Others have their papers made into PDF just now."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(_AGAIN, "正在生成 PDF 的人太多，也可以先下载 Word 版", "Others make PDF just now", "pdf")


def makes_pdf() -> bool:
    """Whether LibreOffice is installed, its Writer among it."""
    return _program() is not None


def pdf(document: bytes) -> bytes:
    """A Word document as PDF; ``NoPdf`` if it cannot be made here, ``PdfBusy`` while others make theirs, ``WrongFile`` if it is none, or draws
    something in from elsewhere.
    """
    program = _program()
    if program is None:
        raise NoPdf(
            "这台服务器没有安装 LibreOffice，不能生成 PDF。请下载 Word 版，在 Word 或 WPS 里另存为 PDF；"
            "管理员可以安装（Debian、麒麟、统信：apt install libreoffice-writer-nogui）。",
            "LibreOffice is not installed on this server, so no PDF can be made. Take the Word file and save it as PDF; "
            "an administrator can install it (Debian: apt install libreoffice-writer-nogui).",
        )
    assure_self_contained(document)
    with _in_turn(), tempfile.TemporaryDirectory(prefix="huying-pdf-") as folder:
        home = Path(folder)
        (home / "paper.docx").write_bytes(document)
        _prepare(home)
        _convert(program, home)
        made = home / "paper.pdf"
        if not made.exists():
            raise NoPdf(
                "LibreOffice 没能把这份文书转成 PDF，请下载 Word 版。",
                "LibreOffice could not make a PDF of this paper; take the Word file.",
            )
        return made.read_bytes()


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=_PATIENCE):
        raise PdfBusy
    try:
        yield
    finally:
        _turn.release()


def _program() -> str | None:
    return next((found for name in _PROGRAMS if (found := shutil.which(name)) and _has_writer(found)), None)


def _has_writer(program: str) -> bool:
    """Whether what reads Word is there: with the sheets alone, LibreOffice starts and then opens nothing."""
    folder = Path(program).resolve().parent
    return not (folder / "soffice.bin").exists() or (folder / "libswlo.so").exists()


def _prepare(home: Path) -> None:
    (home / "profile" / "user").mkdir(parents=True)
    (home / "profile" / "user" / "registrymodifications.xcu").write_text(_profile(), "utf-8")
    there = _families()
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{instead}</string></edit></match>'
        for called, stand_ins in _STAND_INS.items()
        for instead in [next((one for one in stand_ins if one in there), stand_ins[-1])]
        for name in called
        if name not in there
    )
    (home / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{aliases}</fontconfig>',
        "utf-8",
    )


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    )


def _convert(program: str, home: Path) -> None:
    command = [
        *_apart(),
        program,
        f"-env:UserInstallation=file://{home / 'profile'}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(home),
        str(home / "paper.docx"),
    ]
    # nothing of what the house knows of itself is handed on
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(home / "fonts.conf"),
        "SAL_USE_VCLPLUGIN": "svp",
    }
    process = subprocess.Popen(
        command, env=environment, cwd=home, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(WITHIN)
    except subprocess.TimeoutExpired:
        raise NoPdf(
            "生成 PDF 花的时间太长，已经停下。请稍后再试，或下载 Word 版。",
            "Making the PDF took too long and was stopped. Try again later, or take the Word file.",
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing of the conversion goes on: what it started shares its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    """The names of all fonts that are installed."""
    listed = shutil.which("fc-list")
    if listed is None:
        return frozenset()
    told = subprocess.run([listed, ":", "family"], capture_output=True, text=True, check=False).stdout
    return frozenset(name.strip() for line in told.splitlines() for name in line.split(","))


@lru_cache(maxsize=1)
def _apart() -> tuple[str, ...]:
    """What cuts a process off from every network, where the system lets us; else the settings alone do."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    tried = subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False)
    return (unshare, "-rn") if tried.returncode == 0 else ()
