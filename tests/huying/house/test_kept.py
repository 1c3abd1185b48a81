"""Files as they are kept: each upload with its own name, pictures without a camera's notes, and what is broken refused in words."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path
from zipfile import is_zipfile

import pillow_heif
import pytest
from PIL import Image

from huying.errors import TooLarge, WrongFile
from huying.house import picture
from huying.house.kept import hold, keep, kept_name, put, read_kept
from huying.shelf.folder import Folder
from huying.shelf.store import Store
from tests.huying.shelf.documents import WORD, packed
from tests.huying.town import PIXEL

#: Where in EXIF a camera says where it stood, and how it was held.
_PLACE, _HELD = 0x8825, 0x0112


def _photo(kind: str = "JPEG", *, held: int = 1) -> bytes:
    """A photo, 40 by 20, with the place where it was taken."""
    picture = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[_HELD] = held
    exif.get_ifd(_PLACE)[2] = (24.0, 28.0, 47.0)
    exif[0x010F] = "Camera of somebody"
    saved = BytesIO()
    picture.save(saved, kind, exif=exif)
    return saved.getvalue()


def at(folder: Path) -> Store:
    """The files in a folder."""
    return Store(Folder(folder))


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_of_two_who_upload_the_same_bytes_each_sees_their_own_name(tmp_path: Path) -> None:
    mine, yours = keep(at(tmp_path), "路灯.png", PIXEL), keep(at(tmp_path), "身份证.png", PIXEL)
    assert mine.reference != yours.reference
    assert [kept_name(at(tmp_path), one.digest) for one in (mine, yours)] == ["路灯.png", "身份证.png"]
    assert [read_kept(at(tmp_path), one.digest)[1] for one in (mine, yours)] == [PIXEL, PIXEL]
    assert hold(at(tmp_path), mine.digest)
    assert not hold(at(tmp_path), "0" * 64)
    assert not hold(at(tmp_path), "../" + "0" * 61)
    assert keep(at(tmp_path), "路灯.png", PIXEL) == mine, "the same again is the same"
    assert len([path for path in tmp_path.rglob("*") if path.is_file() and not path.suffix]) == 1, (
        "the bytes lie there once"
    )


def test_what_was_kept_before_uploads_had_keys_is_still_read(tmp_path: Path) -> None:
    kept = put(at(tmp_path), "旧.png", PIXEL)
    (tmp_path / kept.digest[:2] / f"{kept.digest}.json").write_text(
        '{"name": "旧.png", "media_type": "image/png"}', "utf-8"
    )
    found, content = read_kept(at(tmp_path), kept.digest)
    assert (found.name, content) == ("旧.png", PIXEL)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_a_photo_was_taken_and_by_which_camera_is_not_kept(tmp_path: Path, kind: str) -> None:
    sent = _photo(kind)
    assert b"Camera of somebody" in sent
    _, content = read_kept(at(tmp_path), keep(at(tmp_path), "a", sent).digest)
    assert b"Camera of somebody" not in content
    assert not _opened(content).getexif()
    assert _opened(content).size == (40, 20)


def test_a_photo_stands_upright_without_its_notes(tmp_path: Path) -> None:
    _, content = read_kept(at(tmp_path), keep(at(tmp_path), "a.jpg", _photo(held=6)).digest)
    assert _opened(content).size == (20, 40)


def test_a_photo_of_an_iphone_becomes_one_that_every_browser_shows(tmp_path: Path) -> None:
    heif = pillow_heif.from_pillow(Image.new("RGB", (40, 20), "blue"))
    sent = BytesIO()
    heif.save(sent)
    kept = keep(at(tmp_path), "IMG_0001.HEIC", sent.getvalue())
    assert (kept.name, kept.media_type) == ("IMG_0001.jpg", "image/jpeg")
    assert _opened(read_kept(at(tmp_path), kept.digest)[1]).format == "JPEG"


def test_without_what_reads_heic_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "READS_HEIC", False)
    with pytest.raises(WrongFile) as refused:
        keep(at(tmp_path), "IMG_0001.HEIC", b"\x00\x00\x00\x18ftypheic" + b"0" * 40)
    assert "兼容性最佳" in refused.value.message["zh"]
    assert "Most Compatible" in refused.value.message["en"]
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_is_cut_off_is_refused_in_words(tmp_path: Path) -> None:
    whole = _photo()
    for broken in (whole[: len(whole) // 2], PIXEL[:45], b"\x00\x00\x00\x18ftypheic" + b"0" * 40):
        with pytest.raises(WrongFile) as refused:
            keep(at(tmp_path), "a.jpg", broken)
        assert "损坏" in refused.value.message["zh"]
    assert list(tmp_path.iterdir()) == [], "nothing of it stays"


def test_a_small_file_that_opens_into_a_huge_picture_is_refused_in_words(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    for side in (9_000, 60_000):
        head = side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
        bomb = (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
            + chunk(b"IEND", b"")
        )
        with pytest.raises(TooLarge) as refused:
            keep(at(tmp_path), "a.png", bomb)
        assert "百万像素" in refused.value.message["zh"]


def test_a_picture_without_notes_is_kept_as_it_came(tmp_path: Path) -> None:
    assert read_kept(at(tmp_path), keep(at(tmp_path), "a.png", PIXEL).digest)[1] == PIXEL


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_nothing_stays_that_was_hidden_in_a_picture_or_behind_it(tmp_path: Path, kind: str) -> None:
    saved = BytesIO()
    Image.new("RGB", (40, 20), "red").save(saved, kind)
    behind = saved.getvalue() + b"<script>alert(1)</script>" + packed({"evil.exe": "MZ"})
    kept = keep(at(tmp_path), f"a.{kind.lower()}", behind)
    _, content = read_kept(at(tmp_path), kept.digest)
    assert b"<script>" not in content
    assert not is_zipfile(BytesIO(content))
    assert _opened(content).size == (40, 20)


def test_a_gif_that_is_a_page_too_is_a_gif_alone_afterwards(tmp_path: Path) -> None:
    saved = BytesIO()
    Image.new("P", (4, 4)).save(saved, "GIF", comment=b"<script>alert(1)</script>")
    assert b"<script>" in saved.getvalue()
    assert b"<script>" not in read_kept(at(tmp_path), keep(at(tmp_path), "a.gif", saved.getvalue()).digest)[1]


def test_a_gif_goes_on_moving(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "green", "blue")]
    saved = BytesIO()
    frames[0].save(saved, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0)
    content = read_kept(at(tmp_path), keep(at(tmp_path), "a.gif", saved.getvalue()).digest)[1]
    moving = _opened(content)
    assert (moving.n_frames, moving.info["duration"], moving.info["loop"]) == (3, 80, 0)  # type: ignore[attr-defined]


def test_the_remark_of_a_jpeg_is_gone(tmp_path: Path) -> None:
    saved = BytesIO()
    Image.new("RGB", (40, 20), "red").save(saved, "JPEG", comment=b"13800000000")
    assert b"13800000000" not in read_kept(at(tmp_path), keep(at(tmp_path), "a.jpg", saved.getvalue()).digest)[1]


def test_a_document_is_kept_as_it_came_and_with_its_media_type(tmp_path: Path) -> None:
    document = packed(WORD)
    kept = keep(at(tmp_path), "申请书.docx", document)
    assert kept.media_type.endswith("wordprocessingml.document")
    found, content = read_kept(at(tmp_path), kept.digest)
    assert (found, content) == (kept, document)
