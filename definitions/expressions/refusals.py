"""Why an expression is refused, and what would be right, in words for administrators."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jinja2 import nodes

from definitions.expressions.error import ExpressionError
from definitions.finding import nearest
from definitions.text import Said

_SPLIT: Said = Said("请拆开写，或先算出一个字段（compute）。", "Split it up, or compute a field first.")

#: What is wrong and what would be right, for kinds of nodes that are not allowed, and the sign to point at.
REFUSED: dict[type[nodes.Node], tuple[str, Said, Said]] = {
    nodes.Call: (
        "(",
        Said("不能调用函数。", "Functions cannot be called."),
        Said("函数写在竖线后面，例如 reply | length。", "Write a function behind a bar, such as reply | length."),
    ),
    nodes.For: (
        "for",
        Said("不能使用循环。", "Loops are not allowed."),
        Said("列表请用 join、sum、count。", "Use join, sum or count for a list."),
    ),
    nodes.Assign: (
        "set",
        Said("不能使用 set。", "“set” is not allowed."),
        Said("请把要算的内容写成字段（compute）。", "Make a computed field of it."),
    ),
    nodes.Concat: (
        "~",
        Said("不能使用“~”。", "“~” is not allowed."),
        Said("请用“+”连接文字。", "Join texts with “+”."),
    ),
    nodes.Pow: (
        "**",
        Said("不能使用乘方“**”。", "“**” is not allowed."),
        Said("平方请写 a * a。", "Write a * a for a square."),
    ),
    nodes.Mod: (
        "%",
        Said("不能使用“%”。", "“%” is not allowed."),
        Said("可用的算式有 + - * /。", "There are + - * /."),
    ),
    nodes.FloorDiv: (
        "//",
        Said("不能使用“//”。", "“//” is not allowed."),
        Said("请写 (a / b) | round。", "Write (a / b) | round."),
    ),
    nodes.Slice: (
        "[",
        Said("不能截取片段。", "Slices are not allowed."),
        Said("列表可用 first 和 last。", "For a list there are first and last."),
    ),
    nodes.Dict: (
        "{",
        Said("表达式里不能写“{ }”。", "“{ }” is not allowed."),
        Said("列表请写 ['a', 'b']。", "A list is written ['a', 'b']."),
    ),
}

#: For everything else that the parser knows and we do not allow.
OTHERWISE: tuple[Said, Said] = (
    Said("这种写法不允许。", "This is not allowed in an expression."),
    Said("请对照《表达式参考》。", "See the reference of expressions."),
)

# what office workers type where the language wants another sign; searched outside of quotes
_MISTAKES: tuple[tuple[str, str, str], ...] = (
    (r"[“”‘’]", "请用半角引号 ' '。", "Use plain quotes ' '."),
    (r"[＝＞＜（），！｜：；]", "请用半角符号。", "Use half-width signs."),
    (r"≥|≧|⩾", "请写“>=”。", "Write “>=”."),
    (r"≤|≦|⩽", "请写“<=”。", "Write “<=”."),
    (r"≠", "请写“!=”。", "Write “!=”."),
    (r"×", "乘号请写“*”。", "Write “*” to multiply."),
    (r"÷", "除号请写“/”。", "Write “/” to divide."),
    (r"并且|而且|且", "请写 and。", "Write “and”."),
    (r"或者|或", "请写 or。", "Write “or”."),
    (r"&&", "请用 and 代替“&&”。", "Write “and” for “&&”."),
    (r"\|\|", "请用 or 代替“||”。", "Write “or” for “||”."),
    (r"<>", "不等于请写“!=”。", "Write “!=” for “<>”."),
    (r"=<", "请写“<=”。", "Write “<=” for “=<”."),
    (r"=>", "请写“>=”。", "Write “>=” for “=>”."),
    (r"===", "比较是否相等请写“==”。", "Compare with “==”."),
    (r"(?<![=!<>])=(?!=)", "比较是否相等请写“==”。", "Compare with “==”."),
    (r"!(?!=)", "请用 not 代替“!”。", "Write “not” for “!”."),
    (r"\b(?:AND|OR|NOT|IN|IS|IF|ELSE)\b", "这个词请用小写。", "Write this word in small letters."),
)
_ONLY_IN_CONDITIONS: tuple[tuple[str, str, str], ...] = (
    (
        r"\{\{|\}\}|\{%|%\}",
        "条件里不写 {{ }}，直接写表达式。",
        "A condition takes no {{ }}; write the expression alone.",
    ),
)
_LAST_QUOTED = re.compile(r"'([^']{1,60})'[^']*$")
#: What the parser calls the end of the source.
_ENDS = ("end of template", "end of print statement", "end of statement block")
_CLOSING = re.compile(r"expected '([)\]}])'")


def mistake(code: str, *, texts: bool) -> ExpressionError | None:
    """The sign that somebody typed for another one, if there is one; ``code`` is the source without what is in quotes."""
    for pattern, zh, en in _MISTAKES if texts else _ONLY_IN_CONDITIONS + _MISTAKES:
        if found := re.search(pattern, code):
            sign = found[0]
            return ExpressionError(
                # no quotes around it: it may be one
                f"表达式里不能这样写 {sign} 。",
                f"An expression cannot have {sign} here.",
                found.start(),
                len(sign),
                remedy=Said(zh, en),
            )
    return None


def not_well_formed(problem: str, position: int, length: int) -> ExpressionError:
    """What the parser stumbled over, in the words of an office."""
    if "unclosed string" in problem or problem.startswith('unexpected char "\'"') or "unexpected char '\"'" in problem:
        return ExpressionError(
            "引号没有关闭。",
            "A quote is not closed.",
            position,
            length,
            remedy=Said("请补上缺少的引号。", "Add the missing quote."),
        )
    if "unknown tag" in problem:
        return ExpressionError(
            "文字里没有这种标记。",
            "There is no such tag in texts.",
            position,
            length,
            remedy=Said(
                "可以写 {% if … %} … {% else %} … {% endif %}。",
                "There is {% if … %} … {% else %} … {% endif %}.",
            ),
        )
    found = _LAST_QUOTED.search(problem)
    sign = found[1] if found else ""
    if any(end in problem.casefold() for end in _ENDS):
        return _incomplete(problem, position, length)
    if not sign:
        return ExpressionError(*OTHERWISE[0], position, length, remedy=OTHERWISE[1])
    return ExpressionError(
        f"这里不应出现“{sign}”。",
        f"“{sign}” cannot stand here.",
        position,
        length,
        remedy=Said(
            "请检查前面是否缺少 and、or、比较符号、引号或括号。",
            "Look whether an “and”, “or”, comparison, quote or bracket is missing before it.",
        ),
    )


def _incomplete(problem: str, position: int, length: int) -> ExpressionError:
    missing = _CLOSING.search(problem)
    remedy = (
        Said(f"请补上“{missing[1]}”。", f"Add the missing “{missing[1]}”.")
        if missing
        else Said(
            "请补上缺少的值、括号、引号或 {% endif %}。",
            "Add the value, bracket, quote or {% endif %} that is missing.",
        )
    )
    return ExpressionError("表达式没有写完。", "The expression is not complete.", position, length, remedy=remedy)


def unknown_word(name: str, known: Iterable[str], what: Said, position: int | None) -> ExpressionError:
    """There is no such function or test; the nearest one, or all that there are."""
    names = list(known)
    near = nearest(name, names)
    return ExpressionError(
        f"没有名为“{name[:40]}”的{what[0]}。",
        f"There is no {what[1]} “{name[:40]}”.",
        position,
        len(name),
        remedy=Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
        if near
        else Said(f"可用的有：{'、'.join(names)}。", f"There are: {', '.join(names)}."),
    )


def wrong_arguments(name: str, fewest: int, most: int, position: int | None) -> ExpressionError:
    """A function was given more or less than it takes, or something by name."""
    count = f"{fewest}" if fewest == most else f"{fewest}-{most}"
    if most == 0:
        remedy: Said = Said(f"{name} 后面不写括号。", f"{name} takes nothing in brackets.")
    else:
        remedy = Said(
            f"{name} 后面的括号里写 {count} 个值。",
            f"The number of values that {name} takes in brackets: {count}.",
        )
    return ExpressionError(
        f"{name} 的参数不对。", f"“{name}” has the wrong arguments.", position, len(name), remedy=remedy
    )


def refused_name(name: str, position: int | None) -> ExpressionError:
    """The name cannot be that of a field."""
    return ExpressionError(
        f"不能使用名称“{name[:40]}”。",
        f"The name “{name[:40]}” is not allowed.",
        position,
        len(name[:40]) or 1,
        remedy=Said(
            "名称以字母开头，只含字母、数字和下划线；文字要加引号。",
            "Names start with a letter and hold letters, digits and underscores; texts are put in quotes.",
        ),
    )


def too_complex() -> ExpressionError:
    """There is more of it than anybody could read."""
    return ExpressionError("表达式过于复杂。", "The expression is too complex.", remedy=_SPLIT)


def missing_name(name: str, source: str, position: int | None, known: Iterable[str]) -> ExpressionError:
    """A name that nothing bears, with the nearest one that exists, or the way in which a field with hyphens is written."""
    names = list(known)
    spelled = _hyphened(source, position, names)
    near = spelled or nearest(name, names)
    return ExpressionError(
        f"没有名为“{name}”的内容。",
        f"There is nothing named “{name}”.",
        position,
        len(spelled or name),
        remedy=Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
        if near
        else Said("请核对名称；文字要加引号，例如 'a'。", "Check the name; a text is put in quotes, such as 'a'."),
    )


def _hyphened(source: str, position: int | None, known: list[str]) -> str | None:
    """The field that is meant by ``lead-unit``, which is read as a subtraction."""
    if position is None:
        return None
    found = re.match(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)+", source[position:], re.ASCII)
    spelled = found[0].replace("-", "_") if found else ""
    return spelled if spelled in known else None
