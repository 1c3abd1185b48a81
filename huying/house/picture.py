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
    """The picture without a camera's notes, upright; HEIC as JPEG; as it came where there is nothing to be taken out.

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
    kind = "JPEG" if picture.format in ("HEIF", "MPO") else picture.format
    notes = {"exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "mp"} & set(picture.info)
    text = getattr(picture, "text", None) if kind == "PNG" else None
    if kind == "GIF" or (picture.format == kind and not (notes or text or picture.getexif())):
        return content
    upright = ImageOps.exif_transpose(picture)
    if kind == "JPEG" and upright.mode not in ("RGB", "L", "CMYK"):
        upright = upright.convert("RGB")
    how: dict[str, Any] = {"exif": b"", "icc_profile": picture.info.get("icc_profile")}
    if kind != "PNG":
        how["quality"] = _GOOD
    if kind == "JPEG":
        how["comment"] = b""
    if kind == "WEBP":
        how["xmp"] = b""
    saved = BytesIO()
    upright.save(saved, kind, **how)
    return saved.getvalue()


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
