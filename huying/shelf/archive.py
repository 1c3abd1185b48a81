"""Documents that are archives inside (DOCX, XLSX, OFD): looked through, entry by entry, before one is taken.

Nothing of it is unpacked onto the disk. Every entry is read once, in blocks and within bounds: what an archive says of itself is only a claim.
"""

from __future__ import annotations

import re
import stat
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from huying.errors import WrongFile

MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 100 * 1024 * 1024
#: So much may an entry unfold, if it is larger than a megabyte afterwards.
_RATIO, _LARGE_ENTRY = 100, 1024 * 1024
_BLOCK = 1 << 16
_ENCRYPTED = 0x1
#: The end of an archive without a remark: what stands behind it, or in the remark, is somebody else's.
_END, _END_SIZE = b"PK\x05\x06", 22
_MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|/embeddings/oleobject|\.(?:doc|xls|ppt|dot|xlt)m$")
_PROGRAM = re.compile(r"\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs?|js|jse|wsf|hta|lnk|jar|msi|sh|html?|svg|reg)$")
#: A document that fetches what it is made of, macros among it, from elsewhere when it is opened.
_FETCHED = re.compile(
    rb"""attachedTemplate[^>]*TargetMode\s*=\s*["']External|TargetMode\s*=\s*["']External["'][^>]*attachedTemplate"""
)
_MACRO_TYPE = re.compile(rb"macroEnabled|ms-office\.vbaProject", re.IGNORECASE)
_SAID = ("[content_types].xml", "word/_rels/settings.xml.rels")
#: What an archive holds that is a document of a kind.
_MARKS = (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"))


def inside(content: bytes) -> str:
    """Of which kind (``docx``, ``xlsx``, ``ofd``) the document is; empty for any other archive. ``WrongFile`` if it would harm whoever opens it."""
    if content[-_END_SIZE:-18] != _END or content[-2:] != b"\0\0":
        raise _broken()
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _assure_bounds(entries)
            _assure_names(entries, content)
            for entry in entries:
                _read_through(archive, entry)
            return _kind(entries)
    except (BadZipFile, NotImplementedError, ValueError, EOFError, OSError, zlib.error, RuntimeError):
        raise _broken() from None


def _kind(entries: list[ZipInfo]) -> str:
    names = {entry.filename for entry in entries}
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for kind, mark in _MARKS if mark in names), "")


def locked(entries: list[ZipInfo]) -> bool:
    """Whether a password is asked for what is in an archive."""
    return any(entry.flag_bits & _ENCRYPTED for entry in entries)


def unfolds_without_measure(entries: list[ZipInfo], most: int) -> bool:
    """Whether more than ``most`` entries, more bytes than anybody needs, or an entry that was packed too small would come out of an archive."""
    steep = any(one.file_size > _LARGE_ENTRY and one.file_size > _RATIO * max(one.compress_size, 1) for one in entries)
    return len(entries) > most or sum(one.file_size for one in entries) > LARGEST_UNPACKED or steep


def _assure_bounds(entries: list[ZipInfo]) -> None:
    if locked(entries):
        raise WrongFile("文件设了密码。请去掉密码再传。", "The file has a password. Take it off, and send it again.")
    if unfolds_without_measure(entries, MOST_ENTRIES):
        raise WrongFile(
            "文件展开后异常庞大，不收。请把内容复制到新文件里，另存后再传。",
            "The file would unfold without measure, and is not taken. Copy what is in it into a new one, and send that.",
        )


def _assure_names(entries: list[ZipInfo], content: bytes) -> None:
    names = [entry.filename for entry in entries]
    lower = [f"/{name.casefold()}" for name in names]
    if any(_MACROS.search(name) for name in lower):
        raise _with_macros()
    if any(_PROGRAM.search(name) for name in lower):
        raise WrongFile(
            "文件里夹带了程序或网页，不收。请删去后另存，再传。",
            "A program or a page is packed into the file. Take it out, save it anew, and send that.",
        )
    if len(set(lower)) != len(lower) or not all(_is_plain(entry) for entry in entries):
        raise _broken()
    if min((entry.header_offset for entry in entries), default=0):
        # something stands before the archive
        raise _broken()


def _is_plain(entry: ZipInfo) -> bool:
    """Whether an entry lies below the archive's own root, is no link, and packed in a way that every program reads."""
    path = PurePosixPath(entry.orig_filename)
    unfit = {"\\", "\0", ":"} & set(entry.orig_filename)
    link = stat.S_ISLNK(entry.external_attr >> 16)
    return not (unfit or link or path.is_absolute() or ".." in path.parts) and entry.compress_type in (
        ZIP_STORED,
        ZIP_DEFLATED,
    )


def _read_through(archive: ZipFile, entry: ZipInfo) -> None:
    """Read an entry to its end, which checks its sum; the few that say what the document is, are looked at."""
    said = bytearray()
    asked = entry.filename.casefold() in _SAID
    with archive.open(entry) as file:
        while block := file.read(_BLOCK):
            if asked and len(said) < _LARGE_ENTRY:
                said += block
    if asked and (_MACRO_TYPE.search(said) or _FETCHED.search(said)):
        raise _with_macros()


def _with_macros() -> WrongFile:
    return WrongFile(
        "文件里带有宏、控件或外部模板（会自己运行的程序），不收。请另存为不带宏的 .docx、.xlsx 或 PDF 再传。",
        "The file holds macros, controls or a template from elsewhere, which run by themselves. Save it as .docx, .xlsx or PDF without them.",
    )


def _broken() -> WrongFile:
    return WrongFile(
        "文件不完整或不规范，打不开。请用原来的程序打开，重新另存一份再传。",
        "The file is cut off or irregular and cannot be opened. Open it with the program that made it, save it anew, and send that.",
    )
