"""A template tried out: filled with invented values, or with those of a real issue in which everything private is masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.model.field import Field
from definitions.text import Said, words
from huying.access.viewer import Look, viewer
from huying.house.house import House
from huying.papers.fields import Offerings, offerings
from huying.papers.kind import PaperKind
from huying.papers.material import material
from huying.papers.names import EACH
from huying.papers.word import fill

#: What stands for some of what every paper has.
_INVENTED: Mapping[str, Said] = {
    "number": Said("〔2026〕18号", "2026/18"),
    "organ": Said("市人大常委会办公室", "Office of the Congress"),
    "maker": Said("喆堃镕", "Alex Example"),
    "date": Said("2026年12月1日", "1 December 2026"),
    "year": Said("2026", "2026"),
    "issue.number": Said("XG-2026-00018", "XG-2026-00018"),
    "issue.subject": Said("关于解决老旧小区 <路灯不亮> & 井盖缺失问题的建议", "Street lamps <out> & missing covers"),
    "issue.reporter": Said("喆**", "A**"),
    "issue.state": Said("由城市管理局办理中", "with City management"),
    "issue.due": Said("2026年12月24日", "24 December 2026"),
}
_LONG = Said("这里是示例文字，用来看版式和换行是否合适。", "This is sample text, to see how lines are broken and set. ")
_ROWS = 3


def invented(kind: PaperKind, known: Offerings, language: str) -> dict[str, Any]:
    """Values that nobody has, for every path that a template may ask for."""
    made: dict[str, Any] = {name: {} for name in ("issue", "data", "office", "station", "values", "asked")}
    for path in known.plain | known.private:
        if EACH not in path:
            head, _, rest = path.partition(".")
            value = _INVENTED[path].of(language) if path in _INVENTED else _sample(kind, head, rest, language)
            if rest:
                made[head][rest] = value
            else:
                made[head] = value
    for path in known.lists:
        name = path.partition(".")[2]
        columns = kind.ask[name].columns
        made["asked"][name] = [
            {key: f"{words(column.title, language, key)} {row}" for key, column in columns.items()}
            for row in range(1, _ROWS + 1)
        ]
    return made


def tried(house: House, kind: PaperKind, template: bytes, issue_id: int | None, look: Look) -> bytes:
    """A paper of a template about an issue that the reader may see, or about an invented one; private data are masked, and nothing is kept."""
    known = offerings(house, kind, look.now)
    values = invented(kind, known, look.language)
    if issue_id is not None:
        masked = kind.model_copy(update={"shows_private": False})
        with house.database.reading() as connection:
            person = viewer(connection, look.person)
        about = material(house, masked, issue_id, person, look)
        told = {name: about.told(expression) for name, expression in kind.values.items()}
        empty = dict.fromkeys(values["data"], "")
        values |= {**about.names, "data": {**empty, **about.names["data"]}, "values": told}
    return fill(template, values)


def _sample(kind: PaperKind, head: str, name: str, language: str) -> str:
    field: Field | None = kind.ask.get(name) if head == "asked" else None
    if field is None:
        return _LONG.of(language) if head == "values" else Said(f"（{name}）", f"({name})").of(language)
    if field.type == "long text":
        return "\n".join([_LONG.of(language) * 4] * 2)
    if field.options:
        return words(next(iter(field.options.values())), language)
    return words(field.title, language, name)
