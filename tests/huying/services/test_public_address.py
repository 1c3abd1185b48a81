"""A house that others can reach: encrypted, under its own name, and never with a passphrase that everybody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from huying.access.passphrase import hash_passphrase
from huying.database.connections import Database
from huying.database.tables import participants
from huying.demo.house import apart
from huying.demo.sample import told_to_everybody
from huying.keys import place
from huying.services.first_start import prepare
from huying.services.roots import refuse_sample
from huying.settings import SettingError, Settings, read

HTTPS = "https://huying.example"


def settings(home: Path, **values: str) -> Settings:
    """The settings of an environment, by their names without the prefix."""
    return read({"HUYING_HOME": str(home), **{f"HUYING_{name.upper()}": value for name, value in values.items()}})


@pytest.mark.parametrize(
    ("values", "public"),
    [
        ({}, False),
        ({"host": "::1", "portal_url": "http://localhost:8080"}, False),
        ({"portal_url": HTTPS}, True),
        ({"portal_url": "http://192.168.1.9:8080"}, True),
        ({"host": "0.0.0.0", "portal_url": HTTPS}, True),
    ],
)
def test_a_house_is_public_by_where_it_listens_or_how_it_is_called(
    tmp_path: Path, values: dict[str, str], public: bool
) -> None:
    assert settings(tmp_path, **values).public is public


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"host": "0.0.0.0"}, "HUYING_PORTAL_URL"),
        ({"host": "10.0.0.5", "portal_url": "http://huying.example"}, "encrypted"),
        ({"host": "0.0.0.0", "portal_url": "https://127.0.0.1"}, "HUYING_PORTAL_URL"),
        ({"host": "huying.example", "portal_url": HTTPS}, "IP address"),
        ({"portal_url": "huying.example"}, "without a path"),
        ({"portal_url": "https://huying.example/portal"}, "without a path"),
        ({"portal_url": "https://me:geheim@huying.example"}, "without a path"),
        ({"portal_url": "https://huying.example:99999"}, "without a path"),
        ({"allowed_hosts": "https://huying.example"}, "host names"),
        ({"allowed_hosts": "*"}, "host names"),
    ],
)
def test_what_would_be_open_or_misread_is_refused_in_words(tmp_path: Path, values: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError, match=said) as refused:
        settings(tmp_path, **values)
    assert "geheim" not in str(refused.value)


def test_several_names_may_be_allowed(tmp_path: Path) -> None:
    made = settings(tmp_path, allowed_hosts="Huying.lan, *.huying.example ,")
    assert made.allowed_hosts == ("huying.lan", "*.huying.example")


def test_this_machine_asks_the_portal_where_it_listens(tmp_path: Path) -> None:
    def here(host: str) -> str:
        return settings(tmp_path, host=host, portal_url=HTTPS).portal_here

    found = [here("127.0.0.1"), here("0.0.0.0"), here("::"), here("10.0.0.5")]
    assert found == [f"http://{host}:8080" for host in ("127.0.0.1", "127.0.0.1", "[::1]", "10.0.0.5")]


def test_nobody_fills_in_the_sample_city_on_a_public_address(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="without --demo and --sample"):
        prepare(settings(tmp_path, portal_url=HTTPS), lambda line: None, sample="city")
    assert not (tmp_path / "huying.db").exists()


def test_a_house_with_the_samples_passphrase_is_not_opened_to_others(tmp_path: Path) -> None:
    at_home, public = settings(tmp_path), settings(tmp_path, portal_url=HTTPS)
    prepare(at_home, lambda line: None, sample="city")
    database = Database(at_home.database_url, ring=place.found(at_home))
    refuse_sample(at_home, database)
    with pytest.raises(SettingError, match="everybody knows"):
        refuse_sample(public, database)
    own = hash_passphrase("仙港 的 灯 今晚 亮了")
    with database.writing() as connection:
        connection.execute(update(participants).values(passphrase_hash=own).where(participants.c.login != "fengshuo"))
    assert told_to_everybody(database) == ["fengshuo"], "one is enough"
    with pytest.raises(SettingError, match="fengshuo"):
        refuse_sample(public, database)
    with database.writing() as connection:
        connection.execute(update(participants).values(active=False).where(participants.c.login == "fengshuo"))
    refuse_sample(public, database)
    database.close()


def test_the_demonstration_lives_apart_from_what_the_office_has(tmp_path: Path) -> None:
    office = {
        "HUYING_HOME": str(tmp_path),
        "HUYING_DATABASE_URL": "postgresql://huying@db/huying",
        "HUYING_SMTP_URL": "smtp://mail.example:587",
        "HUYING_PORTAL_PORT": "8123",
    }
    made = read(apart(office))
    assert (made.home, made.database_url) == (tmp_path / "demo", f"sqlite:///{tmp_path}/demo/huying.db")
    assert (made.smtp_url, made.portal_port) == (None, 8123)
