"""Pictures are made small once, whatever they are; what is no picture is refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from huying.errors import NotFound
from huying.house.thumbnail import Thumbnails


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (1600, 900)) -> bytes:
    saved = BytesIO()
    Image.new(mode, size, 0 if mode in ("P", "L") else (200, 30, 30, 128)[: len(mode)]).save(saved, kind)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [
        ("JPEG", "RGB", (4000, 3000)),
        ("JPEG", "CMYK", (300, 900)),
        ("PNG", "RGBA", (1600, 900)),
        ("GIF", "P", (90, 40)),
        ("WEBP", "RGB", (1, 1)),
    ],
)
def test_every_kind_of_picture_becomes_a_small_square_of_its_own(kind: str, mode: str, size: tuple[int, int]) -> None:
    made = Thumbnails().of("a", picture(kind, mode, size))
    with Image.open(BytesIO(made)) as small:
        assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (288, 288))
    assert len(made) < 12_000


def test_it_is_made_once_and_makes_room_for_what_is_asked_for_later() -> None:
    whole = picture("JPEG")
    kept = Thumbnails(most=2 * len(Thumbnails().of("a", whole)))
    first = kept.of("a", whole)
    # what is kept is given without the bytes being looked at
    assert kept.of("a", b"") == first
    kept.of("b", whole)
    kept.of("a", b"")
    kept.of("c", whole)
    assert kept.of("a", b"") == first
    with pytest.raises(NotFound):
        kept.of("b", b"")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"GIF89a", picture("PNG")[:60]])
def test_what_is_no_picture_is_not_made_small(content: bytes) -> None:
    with pytest.raises(NotFound):
        Thumbnails().of("a", content)
