"""Which kinds of files are taken: told by their first bytes and what is inside, and by a name that agrees with it.

What is not told here with certainty is refused: a program, a page, an archive of anything. An office chooses among these kinds; it adds none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import is_zipfile

from huying.errors import WrongFile
from huying.shelf.archive import inside

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MP4 = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4A ", b"dash"})
_OLD, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
#: A frame of MPEG layer III, after which nothing else is looked at: 44.1, 48 or 32 kHz, of a bit rate that exists.
_FRAME = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xeb]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind: its name in the settings, its media type, how its files may end, and whether some bytes begin as it does."""

    name: str
    media_type: str
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool]

    @property
    def picture(self) -> bool:
        """Whether it is made anew before it is kept: what it was called tells nothing then, and nothing can hide in it."""
        return self.media_type.startswith("image/")


def _with(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _branded(brands: Collection[bytes]) -> Callable[[bytes], bool]:
    return lambda content: content[4:8] == b"ftyp" and content[8:12] in brands


def _packed(content: bytes) -> bool:
    return content.startswith(_ZIP)


_OOXML = "application/vnd.openxmlformats-officedocument"
#: In the order in which they are named to people.
KINDS: tuple[FileKind, ...] = (
    FileKind("jpg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), _with(b"\xff\xd8\xff")),
    FileKind("png", "image/png", ("png",), _with(b"\x89PNG\r\n\x1a\n")),
    FileKind("gif", "image/gif", ("gif",), _with(b"GIF87a", b"GIF89a")),
    FileKind("webp", "image/webp", ("webp",), lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP"),
    FileKind("heic", "image/heic", ("heic", "heif"), _branded(_HEIC)),
    FileKind("pdf", "application/pdf", ("pdf",), _with(b"%PDF-")),
    FileKind("docx", f"{_OOXML}.wordprocessingml.document", ("docx",), _packed),
    FileKind("xlsx", f"{_OOXML}.spreadsheetml.sheet", ("xlsx",), _packed),
    FileKind("ofd", "application/ofd", ("ofd",), _packed),
    FileKind("mp3", "audio/mpeg", ("mp3",), lambda content: content[:3] == b"ID3" or bool(_FRAME.match(content))),
    FileKind("amr", "audio/amr", ("amr",), _with(b"#!AMR\n", b"#!AMR-WB\n")),
    FileKind("mp4", "video/mp4", ("mp4", "m4v", "m4a"), _branded(_MP4)),
)
_BY_NAME = {kind.name: kind for kind in KINDS}


def recognised(name: str, content: bytes, taken: Collection[str]) -> FileKind:
    """Of which kind a file is; ``WrongFile``, with what to do instead, if that is none of those that are ``taken``, or its name says another.

    A name without an ending says nothing. A picture under another picture's ending is taken: chat programs name them so, and it is made anew.
    """
    kind = _by_content(content, taken)
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    claimed = next((one for one in KINDS if ending in one.endings), None)
    if ending and ending not in kind.endings and not (kind.picture and claimed is not None and claimed.picture):
        raise WrongFile(
            f"文件名以 .{ending[:10]} 结尾，里面却是 {kind.name.upper()}。请用原来的程序打开，另存为 .{kind.name} 后再传。",
            f"The name ends in .{ending[:10]}, and {kind.name.upper()} is in it. Open it with the program that made it, and save it as .{kind.name}.",
        )
    return kind


def ends_rightly(name: str, kind: FileKind) -> str:
    """The name with an ending of its kind: what it had instead was another picture's, or none."""
    path = PurePosixPath(name)
    if path.suffix.lower().lstrip(".") in kind.endings:
        return name
    known = any(path.suffix.lower().lstrip(".") in one.endings for one in KINDS)
    return f"{path.stem if known else name.rstrip('.') or 'file'}.{kind.endings[0]}"


def accepted(taken: Collection[str]) -> str:
    """What a browser offers to choose, as a form's ``accept``: endings and media types, since phones go by one and desks by the other."""
    kinds = [kind for kind in KINDS if kind.name in taken]
    return ",".join(
        [*(kind.media_type for kind in kinds), *(f".{ending}" for kind in kinds for ending in kind.endings)]
    )


def called(taken: Collection[str], between: str) -> str:
    """The kinds as people call them: ``JPG、PNG、PDF``."""
    return between.join(kind.name.upper() for kind in KINDS if kind.name in taken)


def _by_content(content: bytes, taken: Collection[str]) -> FileKind:
    found = [kind for kind in KINDS if kind.begins(content)]
    if content.startswith(_OLD):
        raise WrongFile(
            "这是旧格式的 Word、Excel 或 WPS 文件（.doc、.xls、.wps），或设了打开密码。请另存为 .docx、.xlsx 或 PDF，去掉密码再传。",
            "This is a document in an old format (.doc, .xls, .wps), or one with a password. Save it as .docx, .xlsx or PDF without a password.",
        )
    kind = _BY_NAME.get(inside(content)) if content.startswith(_ZIP) else next(iter(found), None)
    if kind is None or kind.name not in taken:
        zh, en = called(taken, "、"), called(taken, ", ")
        raise WrongFile(
            f"这种文件不收。可以传：{zh}；别的文件请先存成其中一种，压缩包请解开后逐个传。",
            f"Files of this kind are not taken. These are: {en}; save others as one of them, and unpack archives first.",
        )
    if not (kind.picture or kind.begins is _packed) and is_zipfile(BytesIO(content)):
        raise WrongFile(
            f"这个 {kind.name.upper()} 里还藏着另一个文件，不收。请用原来的程序打开，重新另存一份再传。",
            f"Another file is hidden in this {kind.name.upper()}. Open it with the program that made it, save it anew, and send that.",
        )
    return kind
