"""Blacking out parts of a picture: it is made anew, so that nothing of what was there is left in the file."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

#: A picture is divided into so many columns and rows of squares.
COLUMNS, ROWS = 8, 8
#: A public picture is at most so many points wide and high.
_MOST = 1600
_GOOD = 85


def shaded(content: bytes, squares: Iterable[int]) -> bytes:
    """The picture as a JPEG without a camera's notes, with these squares (0 is top left, line by line) black."""
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP")) as opened:
        whole = ImageOps.exif_transpose(opened).convert("RGBA")
    picture = Image.new("RGB", whole.size, "white")
    picture.paste(whole, mask=whole.getchannel("A"))
    picture.thumbnail((_MOST, _MOST))
    pen = ImageDraw.Draw(picture)
    wide, high = picture.width / COLUMNS, picture.height / ROWS
    for square in {one for one in squares if 0 <= one < COLUMNS * ROWS}:
        row, column = divmod(square, COLUMNS)
        # a point over the edge, so that no line of it shows between two squares
        corner = (column * wide - 1, row * high - 1, (column + 1) * wide + 1, (row + 1) * high + 1)
        pen.rectangle(corner, fill="black")
    saved = BytesIO()
    picture.save(saved, "JPEG", quality=_GOOD)
    return saved.getvalue()
