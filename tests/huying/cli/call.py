"""Calls of the command line that only answer: for help, and wrong ones."""

from __future__ import annotations

import re

import pytest

from huying.cli import main

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def helped(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a call for help prints."""
    try:
        code = main([*arguments, "--help"])
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    return said.out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a wrong call complains of; nothing is printed beside it."""
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    return said.err
