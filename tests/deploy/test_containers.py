"""The recipes for containers, as far as they can be asked without building any: they name what there is, and settings that fit together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from huying.cli.registry import names
from huying.services import arrangement
from huying.settings import VARIABLES, Settings, read
from tests.huying.working_copy import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE: Mapping[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
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
    assert [str(one) for one in portal.trusted_proxies] == ["127.0.0.1/32"]


def test_only_the_front_is_reached_from_outside() -> None:
    assert {name for name, one in COMPOSE["services"].items() if "ports" in one} == {"portal"}
    assert COMPOSE["services"]["caddy"]["network_mode"] == "service:portal"
    assert _settings("portal").host == "127.0.0.1", "in the room that it shares with the front alone"
    assert f"127.0.0.1:{_settings('portal').portal_port}" in (DEPLOY / "Caddyfile").read_text("utf-8")


def test_no_password_stands_in_the_files() -> None:
    told = (DEPLOY / "compose.yaml").read_text("utf-8")
    for name in OWN:
        assert re.findall(rf"\$\{{{name}:\?", told), f"{name} is asked for"
        assert not re.findall(rf"\$\{{{name}:-", told), f"{name} has no value of its own"


def test_what_the_files_name_is_there() -> None:
    for sources in re.findall(r"^COPY (?!--)(.+) \S+$", CONTAINER, re.M):
        for source in sources.split():
            assert "[" in source or (ROOT / source).exists(), source
    for package in ("definitions", "engine", "flows", "huying", "models", "notifications", "portal"):
        assert f"\nCOPY {package} {package}\n" in CONTAINER
    mounted = re.findall(r"\./([\w.]+):", (DEPLOY / "compose.yaml").read_text("utf-8"))
    assert {*mounted} == {"databases.sql", "Caddyfile.own", "tls"}
    assert (DEPLOY / "databases.sql").exists()


def test_they_say_that_nobody_has_built_them() -> None:
    for text in (CONTAINER, (DEPLOY / "compose.yaml").read_text("utf-8")):
        assert text.startswith("# NOT TESTED")
        assert "未经试" in text
