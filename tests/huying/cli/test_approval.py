"""What takes two is refused at the command line, unless it is proposed there, or done alone with a reason that is noted and told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from huying.approvals.proposals import approve
from huying.approvals.view import proposal_view
from huying.cli import main
from huying.cli.house import opened
from huying.connections.calls import known_connections
from huying.database import tables as t
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.overrides import overrides_in_force
from huying.processes.publication import publish
from huying.rights.four_eyes import keep_rule
from tests.huying.town import DEFINITION, administrator

LONGER = DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)
LOCAL = """
override: street-matters
for: {station: XG}
steps:
  study: {within: 4 working days}
"""


@pytest.fixture
def house(home: Path) -> House:
    """A house with two administrators that wants two, and a process."""
    made = opened()
    first, second = administrator(made), administrator(made, "温如玉", "second")
    publish(made, DEFINITION, "street-matters.yaml", Imprint("test", datetime.now(UTC)))
    with made.database.writing() as connection:
        keep_rule(connection, "on", By(first, datetime.now(UTC)))
        for person in (first, second):
            row = {"participant_id": person, "channel": "mail", "target": f"{person}@office.example"}
            connection.execute(t.addresses.insert(), row)
    return made


@pytest.fixture
def files(home: Path) -> Path:
    """What is published."""
    (home / "street-matters.yaml").write_text(LONGER)
    (home / "xg.yaml").write_text(LOCAL)
    return home


def _person(house: House, login: str) -> int:
    with house.database.reading() as connection:
        query = select(t.participants.c.id).where(t.participants.c.login == login)
        return int(connection.execute(query).scalar_one())


def _proposals(house: House) -> list[tuple[str, str, str]]:
    columns = t.proposals.c.kind, t.proposals.c.state, t.proposals.c.reason
    with house.database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(t.proposals.c.id))]


def _told(house: House, occasion: str) -> set[int]:
    query = select(t.deliveries.c.participant_id).where(t.deliveries.c.occasion == occasion)
    with house.database.reading() as connection:
        return set(connection.execute(query).scalars())


def _lines(files: Path) -> dict[str, list[str]]:
    return {
        "publish": ["publish", str(files / "street-matters.yaml")],
        "override": ["override", str(files / "xg.yaml")],
        "back": ["rollback", "street-matters", "1"],
        "withdraw": ["withdraw", "street-matters", "1", "--reason", "写错"],
        "connect": ["connect", "registry", "https://registry.example/x"],
        "subscribe": ["subscribe", "https://93.184.216.34/x"],
    }


@pytest.mark.parametrize("kind", ["publish", "override", "back", "withdraw", "connect", "subscribe"])
def test_one_is_refused_with_the_ways_out_and_alone_is_noted_and_told(
    house: House, files: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = _lines(files)[kind]
    assert main(line) == 1
    said = capsys.readouterr().err
    assert "两人同意" in said
    assert "--alone" in said
    assert "--propose" in said
    assert _proposals(house) == []
    assert main([*line, "--alone", "值班室只有一个人"]) == 0
    assert _proposals(house) == [(kind, "alone", "值班室只有一个人")]
    assert _told(house, "done-alone") == {_person(house, "admin"), _person(house, "second")}
    shown = proposal_view(house, 1, By(_person(house, "admin"), datetime.now(UTC)), "zh")
    assert "服务器上（命令行" in shown.by


def test_an_override_is_proposed_in_somebodys_name_who_hears_of_it_and_another_approves(
    house: House, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = _lines(files)["override"]
    assert main([*line, "--propose", "admin"]) == 0
    assert "已提请" in capsys.readouterr().out
    assert overrides_in_force(house) == ()
    assert _told(house, "proposal-made") == {_person(house, "admin"), _person(house, "second")}
    approve(house, 1, "", By(_person(house, "second"), datetime.now(UTC)))
    (made,) = overrides_in_force(house)
    assert made.published_by == "冯硕（温如玉批准）"
    assert main([*line, "--propose", "nobody"]) == 1


def test_where_one_is_enough_nothing_is_asked_or_noted(house: House) -> None:
    with house.database.writing() as connection:
        keep_rule(connection, "off", By(_person(house, "admin"), datetime.now(UTC)))
    assert main(["connect", "registry", "https://registry.example/x"]) == 0
    assert [one.key for one in known_connections(house)] == ["registry"]
    assert _proposals(house) == []
