"""Answering what one was asked: a question, for an opinion, a signature, more time, to lay a matter aside."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Answer
from engine.rules.handover import answer

DEED = Deed(
    event=Answer,
    rule=answer,
    done=Said("作了答复", "Answered"),
    inside=True,
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Answer(entered.item, entered.text, entered.agree),
            title=Said("答复", "Answer"),
            form="answer",
            told=("answer", "approve", "refuse"),
        ),
    ),
)
