"""Two houses that write to each other stop: no machine answers a machine."""

from __future__ import annotations

from pathlib import Path

from huying.mail.arrival import MailEnvelope, take
from tests.huying.mail.post import Post, letter
from tests.huying.town import Town, sqlite_town


def _other(folder: Path) -> Post:
    folder.mkdir()
    return Post(sqlite_town(folder), folder / "mailbox")


def test_two_houses_that_answer_each_other_stop(post: Post, town: Town, tmp_path: Path) -> None:
    theirs = _other(tmp_path / "there")
    # each is known to the other as a resident who once wrote, by the address at which it takes letters
    first = letter("shiqing.xg@there.example", text="你好", X_Nothing="1")
    assert post.became(first, "shiqing").state == "tray"
    for _ in range(6):
        for sender, receiver in ((post, theirs), (theirs, post)):
            for mail in sender.sent():
                raw = mail.as_bytes()
                take(receiver.town.house, raw, MailEnvelope("", (f"shiqing@{receiver.plan.domain}",)), town.clock.now)
                receiver.place()
    # the one answer to a person's letter was written, and nothing was answered to it
    assert len(post.sent()) == 1
    assert theirs.sent() == []
    assert {row.state for row in theirs.rows()} == {"ignored"}


def test_a_mail_of_our_own_that_comes_back_is_not_read_as_a_letter(post: Post) -> None:
    _, mail = post.reported()
    row = post.became(mail.as_bytes(), "shiqing.xg")
    assert (row.state, row.why) == ("ignored", "own")
    before = len(post.tell())
    post.place()
    assert len(post.tell()) == before


def test_a_machine_that_hides_what_it_is_is_answered_three_times_a_day(post: Post) -> None:
    for at in range(30):
        post.became(letter("robot@example.cn", subject=f"Re: Re: {at}"), "shiqing")
    assert len(post.sent()) == 3
    post.town.clock.move(days=1, minutes=1)
    post.became(letter("robot@example.cn"), "shiqing")
    assert len(post.sent()) == 4
