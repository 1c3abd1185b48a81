"""The keys of the staff's pages: the one list from which the map under "?" is made, and where the keys of a list look for what they lead to."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.text import Said


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """Keys, one after the other (``Shift X`` and the like together), and what they do; ``address``: where they lead."""

    pressed: str
    words: Said
    address: str = ""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one page."""

    words: Said
    keys: tuple[KeyBinding, ...]


LIST = KeyGroup(
    Said("列表", "In a list"),
    (
        KeyBinding("J", Said("下一件", "next issue")),
        KeyBinding("K", Said("上一件", "previous issue")),
        KeyBinding("X", Said("选中", "choose the issue")),
        KeyBinding("Shift X", Said("从上次选中的一直选到这一件", "choose from the last chosen one to here")),
        KeyBinding("Enter", Said("打开", "open the issue")),
        KeyBinding("O", Said("列表和事项并排，或只看表格", "list and issue side by side, or the whole table")),
        KeyBinding("E", Said("办理", "act on the issue")),
        KeyBinding("U", Said("催办", "urge")),
        KeyBinding("A", Said("改派", "give to others")),
        KeyBinding("M", Said("合并选中的；并排时写备注", "merge the chosen ones; beside the list: write a remark")),
        KeyBinding("C", Said("记电话", "note a call")),
        KeyBinding("P", Said("暂停", "suspend")),
        KeyBinding("Esc", Said("关上，或取消选中", "close, or choose none")),
        KeyBinding("/", Said("查找", "search")),
        KeyBinding("B", Said("有新情况的", "news")),
        KeyBinding("N", Said("登记新的事项", "take in a new matter")),
        KeyBinding("G I", Said("待我办理", "my work"), "/issues?mine=true"),
        KeyBinding("G A", Said("全部在办", "all in hand"), "/issues?status=open"),
        KeyBinding("G D", Said("数据", "figures"), "/board"),
        KeyBinding("?", Said("这张表", "this list")),
    ),
)
TASK = KeyGroup(
    Said("一件任务", "On the page of a task"),
    (
        KeyBinding("1 – 9", Said("选一种办法", "choose a decision")),
        KeyBinding("Ctrl Enter", Said("提交", "send it")),
    ),
)
INTAKE = KeyGroup(
    Said("登记台", "At the intake desk"),
    (
        KeyBinding("F1 – F4", Said("来人、来电等渠道（也可 Alt C V H J）", "the way in (or Alt C V H J)")),
        KeyBinding("F6", Said("到下一栏（也可 Alt G）", "to the next column (or Alt G)")),
        KeyBinding("Alt 1", Said("并入第一件相同的", "merge into the first twin")),
        KeyBinding("Ctrl K", Said("查这个人", "find the caller")),
        KeyBinding("F8", Said("打印（也可 Alt P）", "print (or Alt P)")),
        KeyBinding("F9", Said("保存（也可 Ctrl Enter、Alt S）", "save (or Ctrl Enter, Alt S)")),
        KeyBinding("F10", Said("保存并登记下一件（也可 Alt A）", "save and take in the next (or Alt A)")),
    ),
)
TRAY = KeyGroup(
    Said("来件", "In the tray"),
    (
        KeyBinding("A", Said("归入事项", "add to the issue")),
        KeyBinding("N", Said("登记为新事项", "take in as a new matter")),
        KeyBinding("I", Said("不受理", "ignore")),
    ),
)
#: All of them, in the order of the map.
KEYBOARD = (LIST, TASK, INTAKE, TRAY)
