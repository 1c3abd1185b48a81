"""Every command, by subject. One more is one file, which says what it is, and its name here.

A group's folder holds its commands, a file each: ``prefect-server`` stands in ``prefect_server.py``, as ``COMMAND``.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

from definitions.text import Said
from huying.cli.command import Command


class Group(NamedTuple):
    """Commands about one subject, in the order of the help."""

    folder: str
    words: Said
    names: tuple[str, ...]

    def commands(self) -> Iterator[Command]:
        """The commands themselves."""
        return (self.command(name) for name in self.names)

    def command(self, name: str) -> Command:
        """The command of one of the names."""
        found: Command = import_module(f"{__package__}.{self.folder}.{name.replace('-', '_')}").COMMAND
        return found


GROUPS = (
    Group(
        "services",
        Said("启动", "Start"),
        ("up", "prepare", "portal", "dispatch", "mail", "prefect", "prefect-server", "prefect-services"),
    ),
    Group(
        "processes",
        Said("流程", "Processes"),
        (
            "check",
            "rehearse",
            "publish",
            "list",
            "show",
            "diagram",
            "versions",
            "diff",
            "withdraw",
            "rollback",
            "override",
            "overrides",
        ),
    ),
    Group("trials", Said("推演与重放", "Simulation and replay"), ("simulate", "replay")),
    Group(
        "issues",
        Said("在办事项与历史", "Issues and their history"),
        ("migrate", "migrations", "verify", "heads", "certify", "papers", "search", "export"),
    ),
    Group("figures", Said("数据", "Figures"), ("figures",)),
    Group("register", Said("名册和一人一册", "The register and yearly files"), ("register", "records", "files")),
    Group("stations", Said("站点", "Stations"), ("stations",)),
    Group("calendars", Said("日历与期限", "Calendars and deadlines"), ("due", "calendars", "calendar")),
    Group("duties", Said("例行计划", "Plans"), ("plan", "plans")),
    Group("reports", Said("月报和年报", "Reports"), ("reports",)),
    Group("people", Said("人员和账号", "People and accounts"), ("person",)),
    Group("recovery", Said("备份与恢复", "Backup and restore"), ("backup", "backups", "restore", "backup-key", "keys")),
    Group("audit", Said("审计", "Audit"), ("audit",)),
    Group("connections", Said("外部系统", "Other systems"), ("connect", "subscribe")),
    Group("words", Said("文字", "Words"), ("words",)),
    Group("shell", Said("命令行", "Command line"), ("completion",)),
)


def names() -> tuple[str, ...]:
    """The names of all commands, in the order of the help."""
    return tuple(name for group in GROUPS for name in group.names)


def every_command() -> Iterator[Command]:
    """All commands, in the order of the help."""
    return (command for group in GROUPS for command in group.commands())


def command_named(name: str) -> Command | None:
    """The command of a name; ``None`` if there is none."""
    return next((group.command(name) for group in GROUPS if name in group.names), None)
