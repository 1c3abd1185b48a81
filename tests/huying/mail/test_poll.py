"""A mailbox elsewhere is read: what is new is kept here, then marked there, and nothing is lost, done twice or deleted, whatever the server does."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

import huying.mail.poll as polling
from huying.database import tables as t
from huying.mail.poll import is_due, poll
from tests.huying.mail.mailboxes import PASSWORD, StandIn, address, dovecot, owner, put, seen, stand_in
from tests.huying.mail.post import DOMAIN, Post, letter


def _poll(post: Post, at: str) -> polling.PolledMails:
    post.with_plan(mailbox=at)
    return poll(post.town.house, post.plan, post.town.clock.now)


def _to(raw: bytes, name: str = "shiqing.xg") -> bytes:
    return f"To: {name}@{DOMAIN}\r\n".encode() + raw


def test_a_real_mailbox_is_read_once_and_marked_and_nothing_deleted(post: Post, tmp_path: Path) -> None:
    with dovecot() as port:
        put(port, _to(letter()))
        put(port, _to(letter(subject="第二封")))
        assert _poll(post, address(port)) == (polling.PolledMails(new=2, seen=2))
        assert seen(port) == (2, 2)
        assert _poll(post, address(port)).new == 0
        put(port, _to(letter(subject="第三封")))
        # somebody else read it first
        with owner(port) as client:
            client.store("3", "+FLAGS", r"(\Seen)")
        assert _poll(post, address(port)).new == 1
        # the folder is made anew: its numbers mean other mails
        with owner(port) as client:
            client.create("old")
            client.copy("1:3", "old")
        assert _poll(post, address(port, "old")).new == 0
        assert seen(port) == (3, 3)
    post.place()
    assert [one.state for one in post.rows()] == ["opened"] * 3


def test_a_first_look_leaves_what_was_read_long_ago(post: Post) -> None:
    with stand_in(StandIn({1: _to(letter()), 2: _to(letter())}, read={1})) as server:
        assert _poll(post, address(server.port)).new == 1
        assert server.named
        server.mails[9] = _to(letter())
        assert _poll(post, address(server.port)).new == 1
        # numbers begin anew: nothing is taken twice
        server.validity, server.mails = 2, {1: server.mails[9], 2: _to(letter())}
        server.read.clear()
        assert _poll(post, address(server.port)) == polling.PolledMails(new=1, seen=2)
    assert len(post.rows()) == 3


@pytest.mark.parametrize("wrong", ["login", "search", "store", "validity", "hangs up"])
def test_a_server_that_goes_wrong_loses_nothing_and_is_told_of_without_the_password(post: Post, wrong: str) -> None:
    with stand_in(StandIn({1: _to(letter())}, wrong=wrong)) as server:
        found = _poll(post, address(server.port))
        assert found.fault
        assert PASSWORD not in found.fault
        assert not is_due(post.town.house, post.plan, post.town.clock.now)
        post.town.clock.move(minutes=2)
        assert is_due(post.town.house, post.plan, post.town.clock.now)
        server.wrong = ""
        assert _poll(post, address(server.port)).fault == ""
        assert server.read == {1}
    assert len(post.rows()) == 1
    with post.town.house.database.reading() as connection:
        assert connection.execute(select(t.mail_folders.c.fault)).scalar_one() == ""


def test_a_mailbox_that_is_away_is_tried_again(post: Post, free_port: int) -> None:
    assert _poll(post, address(free_port)).fault == "ConnectionRefusedError"


def test_of_a_mail_that_is_too_large_only_the_head_comes_and_lies_before_a_person(post: Post) -> None:
    post.with_plan(largest=2000)
    with stand_in(StandIn({1: _to(letter(text="x" * 5000))})) as server:
        assert _poll(post, address(server.port)).new == 1
    post.place()
    row = post.rows()[-1]
    assert row.state == "tray"
    assert "too-large" in row.why
    assert (row.subject, row.text) == ("路灯不亮", "")


def test_the_one_address_of_a_mailbox_is_the_offices(post: Post) -> None:
    post.with_plan(address="xg@mail.example", domain="")
    with stand_in(StandIn({1: b"To: xg@mail.example\r\n" + letter()})) as server:
        _poll(post, address(server.port))
    post.place()
    assert (post.rows()[-1].state, post.rows()[-1].why) == ("tray", "undecided")
