"""What programs read of the command line: every command that lists or shows prints JSON of the shape that it promises."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from definitions.plans.plan import ReportPlan
from huying.cli import main
from huying.cli.house import opened
from huying.cli.parser import Parser
from huying.cli.registry import command_named, every_command
from huying.duties.plans.store import plan_in_force
from huying.reports.frozen import ReportSource
from huying.reports.issuance import prepare_report
from tests.conftest import MORNING, Office
from tests.huying.cli.shape import differs
from tests.huying.register.workbook.sheets import AREAS, book_of
from tests.huying.story import Story

ROOT = Path(__file__).resolve().parents[3]
OFFICE = str(ROOT / "tests" / "definitions" / "office.yaml")
POTHOLE = str(ROOT / "definitions" / "library" / "pothole")
FIGURES = str(ROOT / "definitions" / "library" / "figures" / "city.yaml")
PLAN = str(ROOT / "definitions" / "library" / "plans" / "reception-rota.yaml")
REPORTS = str(ROOT / "definitions" / "library" / "plans" / "month-report.yaml")
OVERRIDE = "override: office\nfor: {station: XG}\nsteps: {register: {within: 2 working days}}\n"

#: Every command that prints JSON, by what its shape depends on, with a call of it.
CALLS: dict[tuple[str, str], list[str]] = {
    ("check", ""): ["broken.yaml"],
    ("rehearse", ""): [POTHOLE],
    ("list", ""): [],
    ("show", ""): ["office"],
    ("diff", ""): ["office@1", "office@2"],
    ("versions", ""): ["office"],
    ("versions", "--report"): ["office", "--report", "2"],
    ("overrides", ""): [],
    ("simulate", ""): ["pothole", "--issues", "5"],
    ("simulate", "--against"): ["pothole", "--issues", "5", "--against", "pothole"],
    ("replay", ""): ["office@2"],
    ("migrate", ""): ["office"],
    ("migrations", ""): [],
    ("verify", ""): [],
    ("audit", ""): [],
    ("heads", ""): ["--make"],
    ("papers", ""): [],
    ("files", ""): ["rebuild"],
    ("figures", ""): ["--period", "2026", "--by", "station,month"],
    ("figures", "--check"): ["--check", FIGURES],
    ("register", "template"): ["template", "empty.xlsx"],
    ("register", "check"): ["check", "register.xlsx"],
    ("register", "import"): ["import", "register.xlsx"],
    ("register", "undo"): ["undo", "1"],
    ("register", "export"): ["export", "full.xlsx"],
    ("records", "check"): ["check", "more.csv", "--definition", "office"],
    ("records", "import"): ["import", "more.csv", "--definition", "office", "--skip-wrong"],
    ("records", "undo"): ["undo", "1"],
    ("stations", ""): ["coverage"],
    ("due", ""): ["--from", "2026-02-11", "--for", "5 working days"],
    ("backups", ""): [],
    ("calendars", ""): [],
    ("words", ""): [],
    ("calendar", "show"): ["show", "china", "--year", "2026"],
    ("calendar", "import"): ["import", "china", "china.yaml", "--dry-run"],
    ("plan", ""): [PLAN, "--dry-run", "--next", "2"],
    ("plans", ""): ["--next", "2"],
    ("reports", "list"): ["list"],
    ("reports", "verify"): ["verify", "month-report-2026-10"],
    ("connect", ""): [],
    ("subscribe", ""): [],
    ("subscribe", "URL"): ["https://new.example"],
    ("subscribe", "--rotate"): ["--rotate", "1"],
    ("subscribe", "--show"): ["--show", "1"],
}
PROMISED = {(command.name, argument): shape for command in every_command() for argument, shape in command.json}


@pytest.fixture
def told(
    sqlite_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> pytest.CaptureFixture[str]:
    """An office in which something is to be listed by every command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    monkeypatch.setenv("HUYING_BACKUP_DIR", str(tmp_path.with_name(f"{tmp_path.name}-backups")))
    source = Path(OFFICE).read_text("utf-8")
    Path("broken.yaml").write_text(source.replace("task: clerk", "task: clark"), "utf-8")
    Path("next.yaml").write_text(source.replace("within: 3 working days", "within: 5 working days"), "utf-8")
    Path("override.yaml").write_text(OVERRIDE, "utf-8")
    Path("china.yaml").write_text(_calendar(), "utf-8")
    Path("register.xlsx").write_bytes(book_of({"区域": [*AREAS, ["9902", "云山区", "县城", ""]]}))
    Path("records.csv").write_text("编号,登记日期,站点,主题\n1,2026-11-02,XG,路灯\n", "utf-8")
    Path("more.csv").write_text("编号,登记日期,站点,主题\n2,2026-11-02,XG,路灯\n3,3月1日,XG,路灯\n", "utf-8")
    Path("areas.xlsx").write_bytes(book_of({"区域": AREAS}))
    Story(sqlite_office, MORNING).open()
    for call in (
        ["register", "import", "areas.xlsx"],
        ["publish", "next.yaml"],
        ["override", "override.yaml"],
        ["connect", "registry", "https://registry.example"],
        ["subscribe", "https://hotline.example"],
        ["subscribe", "--trial", "1"],
        ["backup"],
        ["plan", REPORTS],
        ["records", "import", "records.csv", "--definition", "office"],
    ):
        assert main(call) == 0, call
    _prepare_report()
    capsys.readouterr()
    return capsys


def _prepare_report() -> None:
    house = opened()
    found = plan_in_force(house, "month-report")
    assert isinstance(found.plan, ReportPlan)
    source = ReportSource(found.key, found.version, found.digest)
    prepare_report(house, found.plan, source, date(2026, 11, 5), MORNING)


def _calendar() -> str:
    return (ROOT / "definitions" / "library" / "calendars" / "china.yaml").read_text("utf-8")


def test_every_command_with_json_is_tried() -> None:
    with_json = {
        command.name
        for command in every_command()
        for one in Parser(command).taken
        if "--format" in one.option_strings and "json" in (one.choices or ())
    }
    assert with_json == {name for name, _ in PROMISED}, "a command that prints JSON says of which shape"
    assert set(CALLS) == set(PROMISED), "one that promises a shape is tried here"


@pytest.mark.parametrize(("name", "argument"), CALLS, ids=[" ".join(one).strip() for one in CALLS])
def test_it_is_of_the_shape_that_is_promised(name: str, argument: str, told: pytest.CaptureFixture[str]) -> None:
    main([name, *CALLS[name, argument], "--format", "json"])
    said = told.readouterr()
    found = json.loads(said.out)
    assert differs(found, PROMISED[name, argument]) == []


def test_every_command_that_lists_or_shows_prints_json() -> None:
    for name in ("list", "show", "versions", "overrides", "calendars", "plans", "migrations", "connect", "subscribe"):
        command = command_named(name)
        assert command is not None
        assert command.json
