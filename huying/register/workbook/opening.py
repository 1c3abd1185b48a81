"""Opening a workbook: it is guarded, then opened in a process of its own, one at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Lock

import msgspec

from huying.register.workbook import extraction
from huying.register.workbook.archive import WrongWorkbook, guard
from huying.register.workbook.raw import RawWorkbook, unpacked

#: The longest anybody waits for a workbook to be opened, in seconds; its process ends itself earlier by the processor's time.
PATIENCE: float = 120
_ONE_AT_A_TIME = Lock()
_MODULE = extraction.__name__
_ROOT = Path(__file__).resolve().parents[3]


def opened(content: bytes) -> RawWorkbook:
    """The cells of a workbook; raises ``WrongWorkbook`` if it is none, would do harm, or takes too much."""
    guard(content)
    with _ONE_AT_A_TIME:
        try:
            done = subprocess.run(
                [sys.executable, "-m", _MODULE],
                input=content,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
                cwd=_ROOT,
            )
        except subprocess.TimeoutExpired:
            raise _too_much() from None
    if done.returncode == 1:
        raise WrongWorkbook(
            "打不开这个表格：文件已损坏，或不是 Excel、WPS 保存的 .xlsx。请另存一次再上传。",
            "The workbook cannot be opened: it is damaged, or was not saved as .xlsx by Excel or WPS. Save it once more, and upload that.",
        )
    if done.returncode:
        raise _too_much()
    try:
        return unpacked(done.stdout)
    except msgspec.DecodeError:
        raise _too_much() from None


def _too_much() -> WrongWorkbook:
    return WrongWorkbook(
        "这个表格太大，打不开。请把内容粘贴到新下载的模板里，或分成几个文件导入。",
        "The workbook is too large to be opened. Paste what is in it into a new template, or import it in parts.",
    )
