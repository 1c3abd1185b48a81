"""The rules of the house that a machine can check."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("definitions", "engine", "models", "notifications", "huying", "flows", "portal")


def tracked() -> list[Path]:
    """The files that git tracks, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """A file's text; nothing for pictures."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_comes_from_this_checkout_and_no_distribution_claims_its_name(name: str) -> None:
    found = importlib.import_module(name).__file__
    assert found
    assert Path(found).resolve().parent == ROOT / name
    assert name not in importlib.metadata.packages_distributions()


def test_no_file_in_flows_hides_a_package_that_prefect_imports() -> None:
    installed = set(importlib.metadata.packages_distributions())
    assert {path.stem for path in (ROOT / "flows").glob("*.py")} & installed == set()


def test_no_file_names_a_package_registry_or_a_path_of_a_machine() -> None:
    hosts = re.compile("|".join(name + r"\.org" for name in ("pypi", "pythonhosted", "npmjs", r"deb\.deb" "ian")))
    paths = re.compile(r"/(?:home|root|Users)/[a-z]|" + re.escape(str(ROOT.parent)) + "/")
    found = [
        str(path.relative_to(ROOT)) for path in tracked() if hosts.search(text_of(path)) or paths.search(text_of(path))
    ]
    assert found == []


def test_requirements_are_pinned_with_hashes_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert not re.search(r"^--", text, re.MULTILINE)
        pins = re.findall(r"^[a-z0-9][^\s=]*(?:\[[a-z,]+\])?==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 50
        assert text.count("--hash=sha256:") > len(pins)


def test_every_requirement_of_running_is_the_same_in_tests() -> None:
    running, testing = (
        set(re.findall(r"^([a-z0-9][^\s=]*==[^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert running <= testing


def test_modules_and_functions_stay_small() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[len(ROOT.parts)] in PACKAGES
        and (lines := text_of(path).count("\n")) > 400
    ]
    assert [line for line in too_long if "migrations" not in line] == []


def test_files_are_named_after_nouns_of_the_domain() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base_classes"}
    assert [str(path) for path in tracked() if path.stem in vague] == []


def test_the_import_contracts_hold() -> None:
    told = subprocess.run(
        [str(ROOT / ".venv/bin/lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout
