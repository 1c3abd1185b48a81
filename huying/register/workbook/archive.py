"""A workbook before it is opened: whether it is one at all, and harmless. Only its first bytes and the directory of the zip are looked at."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from engine.refusal import Refusal
from huying.shelf.archive import locked, unfolds_without_measure

#: The largest file; 10,000 people and 2,000 stations with all they have take 1 MB.
LARGEST = 5 * 1024 * 1024
_MOST_ENTRIES = 200
_OLD, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


class WrongWorkbook(Refusal):
    """The file is not taken at all; ``message`` says why, and what to do."""

    code = "wrong-workbook"


def guard(content: bytes) -> None:
    """Refuse what is no plain workbook (.xlsx), and what would harm whoever opens it; raises ``WrongWorkbook``."""
    if not content:
        raise WrongWorkbook("文件是空的，请重新选择。", "The file is empty; please choose it again.")
    if len(content) > LARGEST:
        megabytes = LARGEST // 1024 // 1024
        raise WrongWorkbook(
            f"文件超过 {megabytes} MB。请删去图片和用不着的工作表，或分成几个文件导入。",
            f"The file is larger than {megabytes} MB. Take out pictures and sheets that are not needed, or import it in parts.",
        )
    if content.startswith(_OLD):
        raise WrongWorkbook(
            "这是旧格式（.xls）的表格，或设了打开密码。请在 Excel 或 WPS 里另存为 .xlsx，去掉打开密码，再上传。",
            "This is a workbook in the old format (.xls), or one with a password. Save it as .xlsx without a password, and upload that.",
        )
    if not content.startswith(_ZIP):
        raise _no_workbook()
    try:
        with ZipFile(BytesIO(content)) as archive:
            _look(archive.infolist())
    except (BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError):
        raise WrongWorkbook(
            "文件不完整，打不开。请重新保存或重新传送后再试。",
            "The file is damaged and cannot be opened. Save or send it once more.",
        ) from None


def _no_workbook() -> WrongWorkbook:
    return WrongWorkbook(
        "这不是 Excel 表格（.xlsx）。请先下载模板，填好后上传；CSV、Word 文件请把内容粘贴到模板里。",
        "This is no workbook (.xlsx). Download the template and fill it in; of a CSV or Word file paste what is in it into the template.",
    )


def _look(entries: list[ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    lower = [name.casefold() for name in names]
    if locked(entries):
        raise WrongWorkbook(
            "文件设了密码。请去掉密码再上传。", "The file has a password. Take it off, and upload it again."
        )
    if "xl/vbaproject.bin" in lower or any(name.endswith("vbaproject.bin") for name in lower):
        raise WrongWorkbook(
            "表格里带有宏（程序），不能导入。请另存为不带宏的 .xlsx。",
            "The workbook holds macros (programs) and is not taken. Save it as .xlsx without macros.",
        )
    if any(name.startswith("xl/externallinks/") for name in lower):
        raise WrongWorkbook(
            "表格引用了别的文件。请复制后“选择性粘贴—值”，断开链接再上传。",
            "The workbook refers to other files. Copy and paste its values, break the links, and upload it again.",
        )
    if unfolds_without_measure(entries, _MOST_ENTRIES):
        raise WrongWorkbook(
            "文件展开后异常庞大，不能打开。请把内容粘贴到新下载的模板里再上传。",
            "The file would unfold without measure and is not opened. Paste what is in it into a new template, and upload that.",
        )
    if len(set(names)) != len(names) or any(".." in name.split("/") or name.startswith("/") for name in names):
        raise _no_workbook()
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise _no_workbook()
