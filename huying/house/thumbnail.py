"""Pictures made small: made when they are first asked for, and kept in memory by digest, so that nothing of them outlives its file on a disk."""

from __future__ import annotations

from collections import OrderedDict
from io import BytesIO
from threading import Lock

from PIL import Image, UnidentifiedImageError

from huying.errors import NotFound

#: Twice the points of the square in which they are shown, for sharp screens; its format.
_SIDE, _GOOD = 288, 78
#: All of them together keep at most so many bytes.
_MOST = 24_000_000


class Thumbnails:
    """The small pictures of a process, by the digests of their files; those that were asked for longest ago make room."""

    def __init__(self, most: int = _MOST) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def of(self, digest: str, content: bytes) -> bytes:
        """The picture of these bytes, small, as a JPEG; ``NotFound`` if they are no picture."""
        with self._lock:
            if found := self._kept.get(digest):
                self._kept.move_to_end(digest)
                return found
        made = _small(content)
        with self._lock:
            if digest not in self._kept:
                self._kept[digest] = made
                self._size += len(made)
            while self._size > self._most:
                self._size -= len(self._kept.popitem(last=False)[1])
        return made


def _small(content: bytes) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
            # a JPEG is read at the size at which it is wanted
            picture.draft("RGB", (_SIDE * 2, _SIDE * 2))
            picture.thumbnail((_SIDE * 2, _SIDE * 2))
            whole = picture.convert("RGBA")
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotFound("这个附件不是图片。", "This attachment is no picture.") from error
    side = min(whole.size)
    left, top = (whole.width - side) // 2, (whole.height - side) // 2
    square = whole.crop((left, top, left + side, top + side)).resize((_SIDE, _SIDE))
    paper = Image.new("RGB", square.size, "white")
    paper.paste(square, mask=square.getchannel("A"))
    saved = BytesIO()
    paper.save(saved, "JPEG", quality=_GOOD)
    return saved.getvalue()
