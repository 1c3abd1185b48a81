"""The recipes for containers, as far as they can be asked without building any: they name what there is, and settings that fit together."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from huying.cli.registry import names
from huying.services import arrangement
from huying.settings import VARIABLES, Settings, read
from tests.huying.working_copy import ROOT
from tests.patience import within

DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
COMPOSE: Mapping[str, Any] = yaml.safe_load(TEXT)
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "huying"}
#: What an office writes into deploy/.env.
OWN = {
    "HUYING_PORTAL_URL": "https://huying.example",
    "HUYING_SMTP_URL": "smtp://mail.example:587",
    "DATABASE_PASSWORD": "abcdefgh1",
    "PREFECT_PASSWORD": "abcdefgh2",
}


def _environment(service: Mapping[str, Any]) -> dict[str, str]:
    """The settings of a container once compose has filled them in."""
    return {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: OWN.get(found[1], ""), str(value))
        for name, value in service["environment"].items()
    }


def _settings(name: str) -> Settings:
    return read({"HUYING_HOME": "/tmp", **_environment(OURS[name])})


def test_all_parts_of_a_house_are_there() -> None:
    assert {*OURS} == {"prepare", "portal", "dispatcher", "prefect", "prefect-services"}
    assert {*COMPOSE["services"]} - {*OURS} == {"database", "redis", "caddy"}


@pytest.mark.parametrize("name", OURS)
def test_each_part_is_a_command_with_settings_that_there_are(name: str) -> None:
    command = OURS[name]["command"][0]
    assert command in names()
    assert {*OURS[name]["environment"]} <= {*VARIABLES}
    assert _settings(name).portal_url == "https://huying.example"


def test_their_settings_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huying.services.arrangement._redis", lambda address: None)
    portal, prefect = _settings("portal"), _settings("prefect")
    arrangement.check(portal)
    arrangement.check_prefect(prefect)
    assert portal.database_url == prefect.database_url
    assert portal.prefect_api_url == f"http://prefect:{prefect.prefect_port}/api"
    assert portal.prefect_auth == prefect.prefect_auth


def test_only_the_front_is_reached_from_outside() -> None:
    services = COMPOSE["services"]
    assert {name for name, one in services.items() if "ports" in one} == {"caddy"}
    assert services["caddy"]["networks"] == ["front"]
    assert {name for name, one in services.items() if "front" in one.get("networks", ())} == {"portal", "caddy"}
    (shared,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert [str(one) for one in _settings("portal").trusted_proxies] == [shared["subnet"]]


def test_the_front_finds_the_portal_once_its_recipe_is_changed_as_the_file_says() -> None:
    found = re.search(r"sed s/(\S+?)/(\S+?)/ deploy/Caddyfile", TEXT)
    assert found
    before, after = found.groups()
    assert after == f"portal:{_settings('portal').portal_port}"
    assert (DEPLOY / "Caddyfile").read_text("utf-8").count(before) == 1


def test_whatever_is_filled_in_has_words_for_when_it_is_missing() -> None:
    """With none, podman-compose of Debian 12 fills in nothing: the password would be what stands in the file."""
    filled = re.findall(r"\$\{(\w+)([^}]*)\}", TEXT)
    assert {name for name, _ in filled} >= {*OWN}
    assert [name for name, words in filled if not re.fullmatch(r":[?-].+", words)] == []


def test_no_password_stands_in_the_files() -> None:
    for name in OWN:
        assert re.findall(rf"\$\{{{name}:\?", TEXT), f"{name} is asked for"
        assert not re.findall(rf"\$\{{{name}:-", TEXT), f"{name} has no value of its own"


def test_what_the_files_name_is_there() -> None:
    for sources in re.findall(r"^COPY (?!--)(.+) \S+$", CONTAINER, re.M):
        for source in sources.split():
            assert "[" in source or (ROOT / source).exists(), source
    for package in ("definitions", "engine", "flows", "huying", "models", "notifications", "portal"):
        assert f"\nCOPY {package} {package}\n" in CONTAINER
    mounted = re.findall(r"\./([\w.]+):", TEXT)
    assert {*mounted} == {"databases.sql", "Caddyfile.own", "tls"}
    assert (DEPLOY / "databases.sql").exists()


@pytest.mark.timeout(300)
def test_what_is_copied_is_all_that_a_house_needs(tmp_path: Path) -> None:
    """The folder of the image, made without building one: nothing else of the source is there, and nothing may be written into it."""
    inside, home = tmp_path / "opt", tmp_path / "data"
    inside.mkdir()
    for sources in re.findall(r"^COPY (?!--)(.+) (?:\./|\w+)$", CONTAINER, re.M):
        for source in sources.split():
            _copied(ROOT / source, inside / source)
    environment = {**os.environ, "HUYING_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    before = sorted(inside.rglob("*"))
    for command in (
        ["-m", "huying", "prepare"],
        ["-c", "import portal.app, huying.services.supervisor, flows.dispatcher"],
    ):
        told = subprocess.run(
            [sys.executable, *command],
            cwd=inside,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=within(40),
        )
        assert told.returncode == 0, told.stdout + told.stderr
    assert sorted(inside.rglob("*")) == before
    assert (home / "huying.db").exists()


def _copied(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def test_they_run_as_nobody_who_may_do_more() -> None:
    assert "\nUSER 10001\n" in CONTAINER
    for one in OURS.values():
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert "no-new-privileges:true" in one["security_opt"]
