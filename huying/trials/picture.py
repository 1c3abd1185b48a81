"""A picture of simulations: how long issues take, and where they are, one colour for each version; a plain SVG of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from definitions.text import words
from huying.trials.report import Ran

_COLOURS = ("#8f1d17", "#b7791f")
_WIDTH, _LEFT, _RIGHT = 760, 210, 70
_BAR, _GAP = 14, 8
_HISTOGRAM, _BINS = 180, 24
_FONT = "font-family='Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif'"


def picture(several: Sequence[Ran]) -> str:
    """The SVG: a histogram of the days to closure, then a bar for the days at each step (median, and thin to the ninth decile)."""
    parts = [*_legend(several), *_histogram(several, 70)]
    top = 70 + _HISTOGRAM + 90
    steps = list(dict.fromkeys(one.step for _, figures in several for one in figures.steps if one.days_p90 > 0))
    parts += _steps(several, steps, top)
    height = top + len(steps) * (len(several) * _BAR + _GAP) + 20
    body = "\n".join(parts)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' {_FONT} font-size='13'>"
        f"\n<rect width='{_WIDTH}' height='{height}' fill='#fffdf8'/>\n{body}\n</svg>\n"
    )


def _text(x: float, y: float, said: str, more: str = "") -> str:
    return f"<text x='{x:.0f}' y='{y:.0f}' fill='#2b2119' {more}>{escape(said)}</text>"


def _legend(several: Sequence[Ran]) -> Iterator[str]:
    for number, (subject, figures) in enumerate(several):
        y = 14 + number * 20
        title = words(subject.process.definition.title, "zh")
        yield f"<rect x='20' y='{y}' width='12' height='12' fill='{_COLOURS[number]}'/>"
        yield _text(38, y + 11, f"{title} {subject.name}：{figures.issues:,} 件 issues")


def _histogram(several: Sequence[Ran], top: float) -> Iterator[str]:
    days = sorted(day for _, figures in several for day in figures.days)
    longest = (days[int(len(days) * 0.98)] if days else 0.0) or 1.0
    width = (_WIDTH - 40) / _BINS
    counted = [_counted(figures.days, longest) for _, figures in several]
    highest = max((share for shares in counted for share in shares), default=0.0) or 1.0
    yield _text(20, top - 8, "办结天数分布 days to closure", "font-weight='bold'")
    for number, shares in enumerate(counted):
        bar = width / len(several) - 2
        for n, share in enumerate(shares):
            tall = share / highest * _HISTOGRAM
            x, y = 20 + n * width + number * (bar + 1), top + _HISTOGRAM - tall
            yield f"<rect x='{x:.1f}' y='{y:.1f}' width='{bar:.1f}' height='{tall:.1f}' fill='{_COLOURS[number]}'/>"
    yield f"<line x1='20' x2='{_WIDTH - 20}' y1='{top + _HISTOGRAM}' y2='{top + _HISTOGRAM}' stroke='#2b2119'/>"
    for part in range(5):
        x = 20 + (_WIDTH - 40) * part / 4
        anchor = "start" if part == 0 else "end" if part == 4 else "middle"
        yield _text(x, top + _HISTOGRAM + 18, f"{longest * part / 4:.3g} 天 d", f"text-anchor='{anchor}'")


def _counted(days: Sequence[float], longest: float) -> list[float]:
    bins = [0] * _BINS
    for day in days:
        bins[min(_BINS - 1, int(day / longest * _BINS))] += 1
    return [number / len(days) for number in bins] if days else [0.0] * _BINS


def _steps(several: Sequence[Ran], steps: Sequence[str], top: float) -> Iterator[str]:
    found = [{one.step: one for one in figures.steps} for _, figures in several]
    longest = max((one.days_p90 for each in found for one in each.values()), default=1.0) or 1.0
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    yield _text(
        20, top - 16, "各步骤天数：中位，细线到九成 days at each step: median, thin line to p90", "font-weight='bold'"
    )
    for row, step in enumerate(steps):
        y = top + row * (len(several) * _BAR + _GAP)
        title = next(
            words(subject.process.definition.steps[step].title, "zh", step)
            for subject, _ in several
            if step in subject.process.definition.steps
        )
        yield _text(_LEFT - 8, y + _BAR - 2, f"{title} {step}"[:26], "text-anchor='end'")
        for number, each in enumerate(found):
            if step in each:
                one, line = each[step], y + number * _BAR
                middle = line + _BAR / 2
                yield (
                    f"<line x1='{_LEFT}' x2='{_LEFT + one.days_p90 * scale:.1f}' y1='{middle}' y2='{middle}' "
                    f"stroke='{_COLOURS[number]}' stroke-width='2'/>"
                )
                yield (
                    f"<rect x='{_LEFT}' y='{line + 1}' width='{max(1.0, one.days_median * scale):.1f}' "
                    f"height='{_BAR - 3}' fill='{_COLOURS[number]}'/>"
                )
                yield _text(
                    _LEFT + one.days_p90 * scale + 6, line + _BAR - 3, f"{one.days_median:.2g}", "font-size='11'"
                )
