"""The password of Prefect: made once, kept for this account alone, given to every process."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from huying.services.parts import become_server, processes
from huying.services.secret import FILE, guarded_by
from huying.settings import SettingError, read


def _auth(home: Path, **values: str) -> str | None:
    return guarded_by(read({"HUYING_HOME": str(home), **values})).prefect_auth


def test_it_is_made_at_the_first_start_and_stays(tmp_path: Path) -> None:
    first = _auth(tmp_path / "home")
    assert first
    assert len(first.partition(":")[2]) >= 40
    assert _auth(tmp_path / "home") == first
    assert _auth(tmp_path / "other") != first
    assert stat.S_IMODE((tmp_path / "home" / FILE).stat().st_mode) == 0o600
    assert [one.name for one in (tmp_path / "home").iterdir()] == [FILE]


def test_processes_that_start_at_once_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(lambda _: _auth(tmp_path), range(64)))) == 1


def test_the_one_that_is_set_wins_and_none_is_made_for_the_prefect_of_somebody_else(tmp_path: Path) -> None:
    assert _auth(tmp_path, HUYING_PREFECT_AUTH="staff:correct-horse") == "staff:correct-horse"
    assert _auth(tmp_path, HUYING_PREFECT_API_URL="https://prefect.example/api") is None
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("text", ["", "\n", "no-password", "staff:short", "\udcff"])
def test_a_file_that_holds_none_is_said_and_never_taken_for_no_password(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8", errors="surrogateescape")
    with pytest.raises(SettingError, match=FILE):
        _auth(tmp_path)


def test_the_server_asks_for_it_answers_no_other_site_and_listens_on_this_machine(tmp_path: Path) -> None:
    settings = read({"HUYING_HOME": str(tmp_path)})
    [prefect] = [one for one in processes(settings, None) if one.name == "prefect"]
    assert prefect.environment["PREFECT_SERVER_API_AUTH_STRING"] == _auth(tmp_path)
    assert prefect.environment["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"
    assert prefect.environment["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert str(_auth(tmp_path)) not in " ".join(prefect.command), "ps shows commands"


def test_a_server_that_others_can_reach_does_not_start_without_one(tmp_path: Path) -> None:
    settings = read({"HUYING_HOME": str(tmp_path), "HUYING_PREFECT_API_URL": "https://prefect.example/api"})
    with pytest.raises(SettingError, match=r"HUYING_PREFECT_AUTH"):
        become_server(settings, "0.0.0.0")
