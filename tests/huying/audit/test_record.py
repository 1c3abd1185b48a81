"""Writing the audit log."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from engine.refusal import Refusal
from huying.access.accounts import disable
from huying.access.sessions import WrongLogin, sign_in, sign_out
from huying.audit import record
from huying.audit.caller import Caller, calling, known_as
from huying.audit.kind import KINDS
from huying.audit.record import AuditNote, note, note_apart, note_at_once, settle
from huying.cli.recovery.keys import _note
from huying.database.tables import audit
from huying.house.by import By
from tests.huying.town import PASSPHRASE, Town, administrator


def _lines(town: Town) -> list[Any]:
    settle()
    with town.house.database.reading() as connection:
        return list(connection.execute(select(audit).order_by(audit.c.seq)))


def test_a_deed_that_is_taken_back_leaves_no_line(town: Town) -> None:
    def deed() -> None:
        with town.house.database.writing() as connection:
            note(connection, AuditNote(what="settings-changed"))
            raise Refusal("不行。", "No.")

    with pytest.raises(Refusal):
        deed()
    assert _lines(town) == []


def test_a_failure_is_noted_whatever_becomes_of_the_transaction_around_it(town: Town) -> None:
    def deed() -> None:
        with town.house.database.writing() as connection:
            note_apart(connection.engine, AuditNote(what="key-refused", outcome="refused"))
            raise Refusal("不行。", "No.")

    with pytest.raises(Refusal):
        deed()
    assert [(line.what, line.outcome) for line in _lines(town)] == [("key-refused", "refused")]


def test_who_asks_and_from_where_stands_in_every_line(town: Town) -> None:
    one = Caller(via="page", address="203.0.113.9", agent="Firefox", clock=town.clock)
    with calling(one):
        known_as(town.people["clerk"], "a token")
        note_at_once(town.house.database.engine, AuditNote(what="list-exported", object="list:issues"))
    note_at_once(town.house.database.engine, AuditNote(what="backup-made"))
    first, second = _lines(town)
    assert (first.by_id, first.via, first.address, first.agent) == (
        town.people["clerk"],
        "page",
        "203.0.113.9",
        "Firefox",
    )
    assert first.session
    assert first.session not in "a token"
    assert first.at == town.clock()
    assert (second.by_id, second.via, second.address, second.session) == (None, "system", "", "")


def test_numbers_that_are_private_are_masked_in_what_somebody_wrote(town: Town) -> None:
    told = AuditNote(what="private-shown", reason="回电 13812345678", detail={"said": "11010519491231002X"})
    note_at_once(town.house.database.engine, told)
    (line,) = _lines(town)
    assert "13812345678" not in line.reason
    assert "19491231" not in str(line.detail)


def test_only_what_is_registered_can_be_noted(town: Town) -> None:
    with pytest.raises(KeyError):
        note_at_once(town.house.database.engine, AuditNote(what="something"))
    assert all(len(key) <= 40 and one.title.zh and one.title.en for key, one in KINDS.items())


def test_what_cannot_be_written_is_said_and_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("locked"))

    with monkeypatch.context() as broken:
        broken.setattr(Connection, "execute", away)
        note_apart(town.house.database.engine, AuditNote(what="sign-in-refused"))
        settle()
    assert "could not be written" in caplog.text
    assert [line.what for line in _lines(town)] == ["sign-in-refused"]


def test_what_waits_at_the_end_of_a_process_is_written(town: Town) -> None:
    note_apart(town.house.database.engine, AuditNote(what="sign-in-refused"))
    record._pending.end()
    with town.house.database.reading() as connection:
        assert connection.execute(select(audit.c.what)).scalars().all() == ["sign-in-refused"]


def test_log_ins_and_failures_leave_their_lines(town: Town) -> None:
    with pytest.raises(WrongLogin):
        sign_in(town.house, "clerk", "wrong", town.clock())
    token = sign_in(town.house, "clerk", PASSPHRASE, town.clock())
    sign_out(town.house, token)
    admin = administrator(town.house)
    disable(town.house, town.people["clerk"], By(admin, town.clock()))
    found = [(line.what, line.by_id, line.about_id) for line in _lines(town) if line.what != "grant-given"]
    clerk = town.people["clerk"]
    assert sorted(found, key=str) == sorted(
        [
            ("sign-in-refused", None, clerk),
            ("signed-in", clerk, clerk),
            ("signed-out", clerk, clerk),
            ("account-disabled", admin, clerk),
        ],
        key=str,
    )


def test_who_touches_the_keys_leaves_a_line_before_it_is_done(town: Town) -> None:
    for deed in ("show", "export", "copied", "new"):
        _note(town.house, deed)
    assert [line.what for line in _lines(town)] == ["keys-exported", "keys-made"]
