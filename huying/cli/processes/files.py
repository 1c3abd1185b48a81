"""Definitions' files, and what is wrong with them beside what they say."""

from __future__ import annotations

import errno

from definitions.finding import Finding
from definitions.loader import load, located
from huying.house.house import House
from huying.processes.staffing import people_missing

_WHY = {errno.ENOENT: "没有这个文件", errno.EISDIR: "这是一个文件夹", errno.EACCES: "没有读取的权限"}


def people_wanted(house: House, source: str | bytes, name: str) -> tuple[Finding, ...]:
    """What the register lacks for a sound definition."""
    return located(source, name, people_missing(house, load(source, name)))


def no_file(name: str, error: OSError) -> Finding:
    """That a file cannot be opened, as a finding among others."""
    return Finding(
        rule="no-file",
        file=name,
        line=1,
        column=1,
        message={
            "zh": f"文件打不开：{_WHY.get(error.errno or 0, error.strerror)}。",
            "en": f"The file cannot be opened: {error.strerror}.",
        },
        remedy={"zh": "请检查文件名和路径。", "en": "Check its name and path."},
    )
