"""Asking somebody: for information (the clock stands), for an opinion, for a signature before one's own."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Blank, Deed, Gesture, to_whom
from engine.event import Ask
from engine.rules.handover import ask
from engine.rules.holders import pending_signatures

DEED = Deed(
    event=Ask,
    rule=ask,
    done=Said("征询", "Asked for information or an opinion"),
    inside=True,
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Ask(entered.item, entered.to, entered.text, "question"),
            title=Said("要求补充情况", "Ask for information"),
            place="item",
            key="question",
            offered=lambda prospect: prospect.rules.question,
            form="question",
            blanks=(to_whom(reporter=True), Blank("text", Said("要问的内容", "Question"))),
            hint=Said(
                "对方答复以前，期限暂停计算；答复有期限，逾期后期限恢复计算。",
                "The deadline stands still until the answer comes, or until the time to answer is up.",
            ),
            told=("question",),
        ),
        Gesture(
            made=lambda entered: Ask(entered.item, entered.to, entered.text, "consult"),
            title=Said("征求意见", "Ask for an opinion"),
            place="item",
            key="consult",
            offered=lambda prospect: prospect.rules.consult,
            form="consult",
            blanks=(to_whom(reporter=True), Blank("text", Said("要问的内容", "Question"))),
            told=("consult",),
        ),
        Gesture(
            made=lambda entered: Ask(entered.item, entered.to, entered.text, "sign"),
            title=Said("请人先签", "Have somebody sign first"),
            place="item",
            key="sign",
            offered=lambda prospect: (
                prospect.rules.add_signer
                and not prospect.each
                and not pending_signatures(prospect.state, prospect.item)
            ),
            form="sign",
            blanks=(to_whom(), Blank("text", Said("请签的内容", "What about"))),
            told=("sign",),
        ),
    ),
)
