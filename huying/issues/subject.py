"""What an issue is called in lists."""

from __future__ import annotations

import logging
from datetime import datetime

from definitions.expressions.expression import ExpressionError
from definitions.text import words
from engine import Process, State
from engine.context import context

_log = logging.getLogger("huying.opening")


def subject_of(process: Process, state: State, now: datetime) -> str:
    """What the issue is called in lists.

    As the definition's template ``subject`` says, else its field ``subject``, else its first short public text, else the definition's title.
    """
    definition, data = process.definition, state.data
    if definition.subject is not None:
        try:
            return definition.subject.render(context(process, state, now))[:200]
        except ExpressionError:
            _log.info("the subject of %s cannot be rendered", definition.id)
    short = [name for name, field in definition.fields.items() if field.type == "text" and field.open]
    named = (data[name] for name in ["subject", *short] if data.get(name))
    return str(next(named, words(definition.title, "zh")))[:200]
