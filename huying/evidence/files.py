"""Verifying attachments: what histories name is there, and is what was added."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from sqlalchemy import Text, cast, or_, select

from definitions.text import Said
from huying.database.tables import history, issues, papers
from huying.evidence.alteration import Alteration
from huying.house.house import House
from huying.house.kept import kept_name, said_of
from huying.keys.ring import Sealed
from huying.shelf.store import Store

_UPLOAD = re.compile(r"file:([0-9a-f]{64})")
_ADDED = re.compile(r'"digest":\s*"([0-9a-f]{64})"')


def verify_files(house: House) -> Iterator[Alteration]:
    """Read every file that a history names, each once."""
    event, changes = cast(history.c.event, Text), cast(history.c.changes, Text)
    query = (
        select(issues.c.number, history.c.sequence, event, changes)
        .join(issues, issues.c.id == history.c.issue_id)
        .where(or_(history.c.kind == "attach", event.like("%file:%"), changes.like("%file:%")))
        .order_by(history.c.issue_id, history.c.sequence)
    )
    seen: set[str] = set()
    yield from _verify_papers(house)
    with house.database.at_one_moment() as connection:
        for number, sequence, told, changed in connection.execute(query.execution_options(yield_per=200)):
            named = [*_ADDED.findall(told or ""), *_UPLOAD.findall(f"{told} {changed}")]
            for key in dict.fromkeys(named):
                if key not in seen:
                    seen.add(key)
                    yield from _faults(house.store, key, f"{number} / {sequence}")


def _verify_papers(house: House) -> Iterator[Alteration]:
    """Read every paper that was made, but those of what was erased."""
    of_issue = select(papers.c.number, papers.c.file).outerjoin(issues, issues.c.id == papers.c.issue_id)
    with house.database.at_one_moment() as connection:
        for number, file in connection.execute(of_issue.where(issues.c.erased.is_(None)).order_by(papers.c.id)):
            yield from _faults(house.store, file["digest"], number)


def _faults(store: Store, key: str, where: str) -> Iterator[Alteration]:
    said = said_of(store, key)
    digest = said.get("digest", "") if said else key
    name = kept_name(store, key) or key[:12]
    if said is not None and hashlib.sha256(f"{digest} {said.get('name', '')}".encode()).hexdigest() != key:
        yield _fault(where, key, Said(f"附件 {name} 的名称被改过", f"the name of the attachment {name} was changed"))
        return
    try:
        content = store.get(digest)
    except Sealed:
        content = b""
    if content is None:
        yield _fault(where, key, Said(f"附件 {name} 不见了", f"the attachment {name} is gone"))
    elif hashlib.sha256(content).hexdigest() != digest:
        yield _fault(where, key, Said(f"附件 {name} 的内容被改过", f"what is in the attachment {name} was changed"))


def _fault(where: str, key: str, said: Said) -> Alteration:
    return Alteration("file", Said(f"{where}：{said.zh}。", f"{where}: {said.en}."), "file", key)
