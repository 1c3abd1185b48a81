"""How much something takes, in words."""

from __future__ import annotations


def size_words(size: int) -> str:
    """A number of bytes for people, by thousands, the same in both languages: ``712 kB``, ``1.3 MB``, ``17 MB``."""
    number, units = float(size), iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while number >= 999.5 and unit != "TB":
        number, unit = number / 1000, next(units)
    small = number < 9.95 and unit in ("MB", "GB", "TB")
    return f"{number:.1f} {unit}" if small else f"{number:.0f} {unit}"
