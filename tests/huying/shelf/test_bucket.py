"""A bucket of an S3-compatible store is a shelf as a folder is; away, slow or with a wrong key, nothing is taken for kept that is not."""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from huying.backups.copy import check, take
from huying.backups.restoration import Site, restore
from huying.errors import NotFound
from huying.house.by import By
from huying.house.kept import hold, keep, read_kept
from huying.house.orphans import LEFT_OPEN, remove_orphans
from huying.issues.attachments import attach, read_attachment
from huying.keys.ring import Ring, new_keys
from huying.settings import SettingError, read
from huying.shelf.bucket import Bucket, ShelfAway
from huying.shelf.signature import AccessKey, Unsigned, signed
from huying.shelf.store import FileShelf, Store
from tests.huying.shelf.bucket_server import ID, REGION, SECRET, Shop, opened
from tests.huying.shelf.documents import PDF
from tests.huying.town import PIXEL, sqlite_town

KEY = AccessKey(ID, SECRET, REGION)
NAME, OTHER = "ab" * 32, f"{'cd' * 32}.json"


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def bucket(shop: Shop) -> Iterator[Bucket]:
    with opened(shop) as address:
        yield Bucket(address, KEY, pause=0)


#: The examples of the published description of the signature, of 24 May 2013.
EXAMPLE = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST = {"Host": "examplebucket.s3.amazonaws.com"}


@pytest.mark.parametrize(
    ("request_", "signature"),
    [
        (
            Unsigned("GET", "/test.txt", {}, {**HOST, "Range": "bytes=0-9"}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            Unsigned(
                "PUT",
                "/test%24file.text",
                {},
                {**HOST, "Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
                b"Welcome to Amazon S3.",
            ),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            Unsigned("GET", "/", {"max-keys": "2", "prefix": "J"}, HOST),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_requests_are_signed_as_the_published_examples_are(request_: Unsigned, signature: str) -> None:
    made = signed(request_, EXAMPLE, datetime(2013, 5, 24, tzinfo=UTC))
    assert made["Authorization"].endswith(f"Signature={signature}")


def test_a_bucket_is_a_shelf(bucket: Bucket, shop: Shop) -> None:
    shelf: FileShelf = bucket
    assert shelf.read(NAME) is None
    assert not shelf.touch(NAME)
    assert shelf.begins(NAME) == b""
    shelf.write(NAME, b"x" * 1000)
    shelf.write(OTHER, b"y")
    assert (shelf.read(NAME), shelf.begins(NAME)) == (b"x" * 1000, b"x" * 256)
    assert {one.name for one in shelf.lying()} == {NAME, OTHER}
    assert set(shop.objects) == {f"files/ab/{NAME}", f"files/cd/{OTHER}"}
    shelf.drop(OTHER)
    shelf.drop(OTHER)
    assert [one.name for one in shelf.lying()] == [NAME]
    shelf.clear()
    assert list(shelf.lying()) == []
    for wrong in ("../x", "ab", f"{NAME}/x"):
        with pytest.raises(ValueError, match=re.escape(wrong)):
            shelf.read(wrong)


def test_what_is_new_again_is_not_removed(bucket: Bucket, shop: Shop) -> None:
    bucket.write(NAME, b"x")
    before = bucket.now() + 60
    shop.moment += 120
    assert bucket.touch(NAME)
    assert not bucket.remove(NAME, before)
    assert bucket.remove(NAME, bucket.now() + 60)
    assert not bucket.remove(NAME, bucket.now() + 60)


def test_a_long_list_comes_in_parts_and_strangers_objects_are_left_alone(bucket: Bucket, shop: Shop) -> None:
    names = {hashlib.sha256(bytes([number])).hexdigest() for number in range(25)}
    for name in names:
        bucket.write(name, b"x")
    shop.objects["files/readme.txt"] = (b"", 0)
    shop.objects["other/ab/" + NAME] = (b"", 0)
    shop.page = 10
    assert {one.name for one in bucket.lying()} == names
    bucket.clear()
    assert set(shop.objects) == {"files/readme.txt", "other/ab/" + NAME}


def test_a_store_that_is_busy_is_asked_again(bucket: Bucket, shop: Shop) -> None:
    shop.busy = 2
    bucket.write(NAME, b"x")
    assert bucket.read(NAME) == b"x"
    shop.busy = 3
    with pytest.raises(ShelfAway, match="503 SlowDown"):
        bucket.read(NAME)


def test_with_a_wrong_key_or_bucket_nothing_is_taken_for_kept_or_missing(bucket: Bucket, shop: Shop) -> None:
    for wrong, why in (
        (replace(bucket, key=replace(KEY, secret="other")), "403 SignatureDoesNotMatch"),
        (replace(bucket, key=replace(KEY, id="other")), "403 InvalidAccessKeyId"),
        (replace(bucket, key=replace(KEY, region="elsewhere")), "403 SignatureDoesNotMatch"),
        (replace(bucket, address=bucket.address.replace("office", "none")), "404"),
    ):
        for ask in (lambda: wrong.write(NAME, b"x"), lambda: wrong.read(NAME), lambda: wrong.touch(NAME)):  # noqa: B023
            with pytest.raises(ShelfAway, match=why):
                ask()
    assert shop.objects == {}


def test_a_store_that_is_away_or_slow_is_said_in_words_and_nobody_is_told_that_it_was_kept(bucket: Bucket) -> None:
    away = Store(Bucket("http://127.0.0.1:9/office", KEY, pause=0))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        patience = httpx.Client(timeout=0.1)
        slow = Store(Bucket(f"http://127.0.0.1:{silent.getsockname()[1]}/office", KEY, pause=0, _client=patience))
        for store in (away, slow):
            with pytest.raises(ShelfAway) as refused:
                keep(store, "信.pdf", PDF)
            assert "附件现在存取不了" in refused.value.message["zh"]
            with pytest.raises(ShelfAway):
                hold(store, NAME)
        patience.close()


def test_what_lies_in_a_bucket_is_sealed(bucket: Bucket, shop: Shop) -> None:
    store = Store(bucket, ring=Ring(new_keys(date(2026, 12, 1))))
    kept = keep(store, "身份证.pdf", PDF)
    assert read_kept(store, kept.digest) == (kept, PDF)
    for key, (content, _) in shop.objects.items():
        assert kept.digest not in key
        assert PDF not in content
        assert "身份证".encode() not in content


@pytest.mark.whole
def test_a_house_keeps_its_files_there_clears_up_and_is_backed_up_and_restored(
    bucket: Bucket, shop: Shop, tmp_path: Path
) -> None:
    town = sqlite_town(tmp_path)
    store = replace(town.house.store, shelf=bucket)
    house = replace(town.house, shelved=store)
    issue = town.report()
    attach(house, issue, "图.png", PIXEL, By(town.people["clerk"], town.clock()))
    left = keep(store, "没用.pdf", PDF)
    assert not town.house.files.exists() or not list(town.house.files.rglob("*"))
    shop.moment += LEFT_OPEN.total_seconds() + 60
    assert remove_orphans(house) == 2
    assert not hold(store, left.digest)
    made = take(house, tmp_path / "backups", town.clock)
    assert check(made) == []
    bucket.clear()
    with pytest.raises(NotFound):
        read_attachment(house, issue, 2)
    site = Site(home=tmp_path / "again", database_url=f"sqlite:///{tmp_path}/again.db", shelf=bucket)
    restored = restore(made, site, town.clock)
    assert restored.faults == []
    assert read_attachment(house, issue, 2)[1] == PIXEL
    town.house.database.close()


def test_where_the_bucket_is_and_its_key_are_set_together() -> None:
    said = {"HUYING_S3_URL": "https://s3.example/office/files", "HUYING_S3_KEY": "id:geheim"}
    found = read({**said, "HUYING_S3_REGION": "cn-xiamen"})
    assert (found.s3_url, found.s3_key, found.s3_region) == (said["HUYING_S3_URL"], "id:geheim", "cn-xiamen")
    assert "geheim" not in repr(found)
    for wrong in (
        {**said, "HUYING_S3_URL": "https://s3.example"},
        {**said, "HUYING_S3_URL": "ftp://s3.example/office"},
        {**said, "HUYING_S3_KEY": "id"},
        {"HUYING_S3_URL": said["HUYING_S3_URL"]},
        {"HUYING_S3_KEY": said["HUYING_S3_KEY"]},
        {**said, "HUYING_S3_URL": "http://s3.example/office"},
    ):
        with pytest.raises(SettingError):
            read(wrong)
