"""Pictures as they are kept: whole, upright, without what the camera wrote into them (such as where it stood), and shown by every browser."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from huying.errors import TooLarge, WrongFile

#: More points than any telephone takes; more would only fill the memory of whoever opens it.
MOST_PIXELS = 64_000_000
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")
_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_GOOD = 90
#: Where EXIF says how the camera was held; 1 is upright.
_HELD = 0x0112
#: Of a PNG: size, palette, points, transparency, and how its colours are meant.
_PIECES = frozenset({b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD"})
#: An emblem is at most so many points wide and high.
_EMBLEM = 256
try:
    import pillow_heif
except ImportError:
    #: Whether iPhones' pictures can be read: what reads them is no part of what we hand on (decision 24).
    READS_HEIC = False
else:
    pillow_heif.register_heif_opener()
    READS_HEIC = True


def is_heic(content: bytes) -> bool:
    """Whether it is a picture as iPhones take them, which most browsers do not show."""
    return content[4:8] == b"ftyp" and content[8:12] in _BRANDS


def cleaned(content: bytes) -> bytes:
    """The picture made anew, upright, without a camera's notes; HEIC as JPEG; a PNG as it came where nothing can be in it but a picture.

    ``WrongFile`` if it is cut off or broken, or HEIC that cannot be read here, ``TooLarge`` if it has more points than anybody needs.
    """
    if is_heic(content) and not READS_HEIC:
        raise WrongFile(
            "这里不能读 HEIC 照片。请在手机上用“相机 › 格式 › 兼容性最佳”重新拍照，或先把照片转成 JPG 再传。",
            "HEIC photos cannot be read here. Set the phone's camera to “Most Compatible” (Formats), or make the photo a JPG first.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _too_many()
                picture.load()
                return _without_notes(picture, content)
    except Image.DecompressionBombError:
        raise _too_many() from None
    # whatever a decoder makes of bytes that somebody sent is said in words, and never a fault of ours
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError, TypeError) as error:
        raise WrongFile(
            "图片不完整或已损坏，打不开，请重新拍照或另选一张。",
            "The picture is cut off or broken and cannot be opened; please take or choose another.",
        ) from error


def _too_many() -> TooLarge:
    return TooLarge(
        f"图片的尺寸太大，最多 {MOST_PIXELS // 1_000_000} 百万像素，请缩小后再传。",
        f"The picture has too many points, more than {MOST_PIXELS // 1_000_000} megapixels; please make it smaller.",
    )


def _without_notes(picture: Any, content: bytes) -> bytes:
    """Made anew: what a camera has noted is gone, and whatever else somebody put into the file or behind it."""
    kind = "JPEG" if picture.format in ("HEIF", "MPO") else picture.format
    if kind == "PNG" and not picture.getexif() and _is_bare(content):
        return content
    if kind == "GIF":
        return _moving(picture)
    upright = ImageOps.exif_transpose(picture)
    if kind == "JPEG" and upright.mode not in ("RGB", "L", "CMYK"):
        upright = upright.convert("RGB")
    how: dict[str, Any] = {"exif": b"", "icc_profile": picture.info.get("icc_profile")}
    if kind != "PNG":
        how["quality"] = _GOOD
    if kind == "JPEG":
        how["comment"] = b""
        if picture.format == "JPEG" and picture.getexif().get(_HELD, 1) == 1:
            # as it was pressed the first time: nothing is lost by doing it again
            upright, how["quality"] = picture, "keep"
    if kind == "WEBP":
        how["xmp"] = b""
    upright.info = {}
    saved = BytesIO()
    upright.save(saved, kind, **how)
    return saved.getvalue()


def _moving(picture: Any) -> bytes:
    """A GIF with all its frames, and without the remarks between them."""
    frames = picture.n_frames
    if frames * picture.width * picture.height > MOST_PIXELS:
        raise _too_many()
    how: dict[str, Any] = {"save_all": True, "loop": picture.info.get("loop")} if frames > 1 else {}
    saved = BytesIO()
    picture.save(saved, "GIF", comment=b"", **{name: value for name, value in how.items() if value is not None})
    return saved.getvalue()


def _is_bare(content: bytes) -> bool:
    """Whether a PNG consists of nothing but what its points and colours need, and ends where it says so."""
    at = 8
    while at + 12 <= len(content):
        kind, size = content[at + 4 : at + 8], int.from_bytes(content[at : at + 4], "big")
        at += 12 + size
        if kind == b"IEND":
            return at == len(content)
        if kind not in _PIECES:
            return False
    return False


def emblem(content: bytes) -> bytes:
    """An office's emblem as a small PNG of our own making, whatever was sent. Errors as of ``cleaned``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _too_many()
                made = ImageOps.exif_transpose(picture).convert("RGBA")
    except Image.DecompressionBombError:
        raise _too_many() from None
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError, TypeError) as error:
        raise WrongFile(
            "标志应是 JPG、PNG、GIF 或 WebP 图片；这个文件打不开。",
            "The emblem is a picture (JPG, PNG, GIF or WebP); this file cannot be opened as one.",
        ) from error
    made.thumbnail((_EMBLEM, _EMBLEM))
    made.info = {}
    saved = BytesIO()
    made.save(saved, "PNG", optimize=True)
    return saved.getvalue()
