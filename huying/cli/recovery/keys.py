"""``keys``: the ring by which what is private is sealed: what is sealed by which key, a new key, a copy to keep elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.keys.ring import Ring
    from huying.settings import Settings


def _arguments(parser: Parser) -> None:
    parser.take(
        "deed",
        zh="show 列出；new 换新钥匙并全部重新加密；rotate 接着换；export 另存一份；join 把印出的两半合起来；copied 已另存好。",
        en="show: list them; new: a new key, and seal everything by it; rotate: go on with that; export: a copy to keep elsewhere;"
        " join: make the ring of its two printed halves again; copied: such a copy is kept.",
        choices=("show", "new", "rotate", "export", "join", "copied"),
        nargs="?",
        default="show",
    )
    parser.take(
        "--to",
        zh="export、join：写到哪个新文件；不写就印出来（join 写到钥匙串的位置）。",
        en="export, join: the new file; left out, it is printed (join: it goes to where the ring is kept).",
        metavar="FILE",
        type=Path,
    )
    parser.take(
        "--halves",
        zh="export：分成两半印出，由两人分开保管，合在一起才有用。",
        en="export: print two halves, for two people; only both together are of use.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from huying.settings import read

    settings = read()
    if options.deed == "join":
        return _join(settings, options)
    house = opened(settings)
    ring = house.database.ring
    assert ring is not None
    _note(house, options.deed)
    if options.deed == "export":
        return _export(ring, options)
    if options.deed == "copied":
        return _copied(house, options)
    if options.deed == "new" and not _add(settings, ring, options):
        return FINDINGS
    if options.deed in ("new", "rotate"):
        _rotate(settings, house, options)
    return _show(house, ring, options)


def _note(house: House, deed: str) -> None:
    """That somebody touches the keys stands in the audit log before it is done."""
    from huying.audit.record import AuditNote, note_at_once

    what = {"new": "keys-made", "rotate": "keys-rotated", "export": "keys-exported"}.get(deed)
    if what is not None:
        note_at_once(house.database.engine, AuditNote(what=what))


def _show(house: House, ring: Ring, options: Namespace) -> int:
    from huying.house.known_keys import is_copied
    from huying.house.rotation import in_use

    counts = in_use(house)
    for key in ring.keys.sealing:
        active = Said("，在用", ", seals now") if key.id == ring.active else Said("", "")
        said = Said(
            f"{key.id}  {key.made_on}  加密着 {counts[key.id]} 处{active.zh}",
            f"{key.id}  {key.made_on}  seals {counts[key.id]} cells and files{active.en}",
        )
        print(said.read(options.languages))
    if not is_copied(house.database):
        print(_KEEP.read(options.languages))
    return SOUND


_KEEP = Said(
    "还没有另存：钥匙串丢了，库里和备份里加密的内容谁也读不出。请运行 huying keys export，存到别处，再运行 huying keys copied。",
    "No copy is kept yet: without the ring nobody reads what is sealed, in the database and in backups. Run huying keys export, keep the copy"
    " elsewhere, and then run huying keys copied.",
)


def _add(settings: Settings, ring: Ring, options: Namespace) -> bool:
    """A new key on the ring; where the ring is not in a file of ours, it is printed, and somebody has to put it there."""
    from datetime import UTC, datetime

    from huying.keys.place import file_of, write

    keys = ring.keys.with_new(datetime.now(UTC).date())
    if settings.keys is not None or settings.keys_command is not None:
        said = Said(
            "钥匙串不在文件里：请把下面这份放到原处，重启全部程序，再运行 huying keys rotate。",
            "The ring is not in a file: put this in its place, start all programs again, and then run huying keys rotate.",
        )
        print(f"{said.read(options.languages)}\n{keys.written()}", end="")
        return False
    write(file_of(settings), keys)
    ring.look_again()
    return True


def _rotate(settings: Settings, house: House, options: Namespace) -> None:
    from datetime import UTC, datetime
    from time import sleep

    from huying.house.known_keys import note
    from huying.house.rotation import retire, rotate
    from huying.keys.place import file_of, write

    ring = house.database.ring
    assert ring is not None
    note(house.database, ring)
    # until then other processes may seal by the key before
    sleep(ring.SEEN_AFTER)
    done = sum(rotate(house))
    print(Said(f"已用新钥匙重新加密 {done} 处。", f"{done} cells and files were sealed anew.").read(options.languages))
    over = retire(house, datetime.now(UTC))
    if over and settings.keys is None and settings.keys_command is None:
        keys = ring.keys
        for key in over:
            keys = keys.without(key)
        write(file_of(settings), keys)
        ring.look_again()
    for key in over:
        said = Said(
            f"{key} 已不再使用，已从钥匙串取下；此前的备份还要用它，另存的旧钥匙串请留到那些备份清理为止。",
            f"{key} is used no more, and off the ring. Backups from before need it: keep the old copy as long as those.",
        )
        print(said.read(options.languages))


def _export(ring: Ring, options: Namespace) -> int:
    import os

    from huying.keys.halves import halved

    text = ring.keys.written()
    if options.halves:
        for number, half in enumerate(halved(text), 1):
            print(Said(f"第 {number} 半（共 2 半）", f"Half {number} of 2").read(options.languages))
            print(half + "\n")
        return SOUND
    if options.to is None:
        print(text, end="")
        return SOUND
    try:
        with open(options.to, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
    except OSError as error:
        said = Said(f"{options.to} 不能写（{error.strerror}）。", f"{options.to} cannot be written ({error.strerror}).")
        print(said.read(options.languages))
        return FINDINGS
    said = Said(
        f"钥匙串已另存到 {options.to}：请放到别处（U 盘、保险柜），再运行 huying keys copied。",
        f"The ring is in {options.to}: keep it elsewhere (a stick, a safe), and then run huying keys copied.",
    )
    print(said.read(options.languages))
    return SOUND


def _join(settings: Settings, options: Namespace) -> int:
    """Make the ring of two halves that are typed or read in; a ring that is there stays."""
    from huying.keys.halves import joined
    from huying.keys.place import file_of, write
    from huying.keys.ring import WrongRing, read_keys

    target = options.to or file_of(settings)
    try:
        keys = read_keys(joined(*_halves(options)))
        write(target, keys, anew=True)
    except WrongRing:
        said = Said(
            "两半合不起来：有字母抄错、缺了，或不是同一次印的。请对照纸上重打。",
            "These do not make a ring: a letter is wrong or missing, or they were not printed together. Type them again from the paper.",
        )
    except FileExistsError:
        said = Said(
            f"{target} 已经有了，没有改动。请用 --to 另写一个文件。",
            f"{target} is there already, and was left alone. Name another file with --to.",
        )
    else:
        said = Said(
            f"钥匙串已写到 {target}，在用的是 {keys.sealing[-1].id}。",
            f"The ring is in {target}; {keys.sealing[-1].id} seals now.",
        )
        print(said.read(options.languages))
        return SOUND
    print(said.read(options.languages))
    return FINDINGS


def _halves(options: Namespace) -> tuple[str, str]:
    """The two halves, each ended by an empty line; those who hold them type one after the other."""
    import re
    import sys

    found = []
    for number in (1, 2):
        words = Said(f"第 {number} 半，打完空一行：", f"Half {number}, and then an empty line:")
        print(words.read(options.languages), file=sys.stderr)
        lines: list[str] = []
        for line in sys.stdin:
            if line.strip():
                # what the printout says above the letters is no part of it
                lines += [line] if re.fullmatch(r"[A-Za-z2-7\s]+", line) else []
            elif lines:
                break
        found.append("".join(lines))
    return found[0], found[1]


def _copied(house: House, options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.house.known_keys import note_copied

    note_copied(house.database, datetime.now(UTC))
    print(Said("记下了：已另存。", "Noted: a copy is kept.").read(options.languages))
    return SOUND


COMMAND = Command(
    "keys",
    Said("钥匙串：查看、更换、另存、合起两半。", "The ring of keys: show, change, export, join its halves."),
    _run,
    _arguments,
)
