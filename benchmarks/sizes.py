"""What a closed issue leaves behind on PostgreSQL, table by table and index by index, and the processor time that it took.

    python -m benchmarks.sizes [--issues 5000]

Issues of the shipped process "contact-station" in the sample city, through the use cases: reported, accepted, given by the deputy to two departments,
answered by both, confirmed by the reporter; messages are written into a local mailbox. Fifty a day, so that dates spread.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks.cast import ACTIONS, REPORTER, Cast, furnished, report
from benchmarks.cluster import cluster, create_database, postmaster, processor_seconds
from huying.database.connections import Database
from huying.delivery.sender import send_pending
from huying.effects.carriers import carry
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.outbox.claims import claim_effects, errand
from notifications import Mailbox, Transports

_DAY = 50
_BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Spent:
    """Processor seconds by what they were spent for."""

    ours: dict[str, float] = field(default_factory=dict)
    postgres: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, what: str, server: int) -> Iterator[None]:
        """Add what passes in here, in this process and in those of PostgreSQL."""
        own, theirs = time.process_time(), processor_seconds(server)
        yield
        self.ours[what] = self.ours.get(what, 0.0) + time.process_time() - own
        self.postgres[what] = self.postgres.get(what, 0.0) + processor_seconds(server) - theirs


def main() -> None:
    """Make them, and print what is there then."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=5000)
    options = parser.parse_args()
    with cluster() as server, tempfile.TemporaryDirectory() as folder:
        url = create_database(server, "sizes")
        database = Database(url)
        story = Story(furnished(database, Path(folder), _BEGIN), postmaster(url), Path(folder) / "mails")
        before = {row[0]: row[1:] for row in _tables(url)}
        spent = story.play(options.issues)
        database.close()
        _report(url, before, options.issues, spent)


class Story:
    """The lives of many issues, day by day."""

    def __init__(self, house: House, postmaster: int, mails: Path) -> None:
        self._house, self._postmaster, self._mails = house, postmaster, mails
        self._transports = Transports(mail=Mailbox(mails), allow_private=False)
        self._cast = Cast(house)

    def play(self, issues: int) -> Spent:
        """All of them, from report to closure."""
        spent, number = Spent(), 0
        for day in range((issues + _DAY - 1) // _DAY):
            now = _BEGIN + timedelta(days=day)
            numbers = range(number, min(issues, number + _DAY))
            with spent.on("opening", self._postmaster):
                opened = [self._open(one, now) for one in numbers]
            self._aftermath(spent, now)
            for step, action in enumerate(ACTIONS, 1):
                now += timedelta(minutes=40)
                with spent.on("actions", self._postmaster):
                    for issue in opened:
                        self._act(issue, step, action, now)
                self._aftermath(spent, now)
            number = numbers.stop
            # what is sent is in the database
            shutil.rmtree(self._mails)
        return spent

    def _open(self, number: int, now: datetime) -> int:
        return open_issue(
            self._house,
            Report(
                definition="contact-station", station="XG", reporter=self._cast.people[REPORTER], values=report(number)
            ),
            request_id=f"report-{number}",
            now=now,
        ).issue_id

    def _act(self, issue: int, step: int, action: str, now: datetime) -> None:
        item, who = self._cast.task(issue)
        values, key = self._cast.answers(action), f"{issue}-{step}"
        act(self._house, issue, item, action, values, By(who, now, key))

    def _aftermath(self, spent: Spent, now: datetime) -> None:
        """What the dispatcher does, without Prefect: effects are carried out, messages sent."""
        with spent.on("effects", self._postmaster):
            while claimed := claim_effects(self._house, now, 300):
                for one in claimed:
                    carry(self._house, errand(self._house, one.id), now)
        with spent.on("sending", self._postmaster):
            while True:
                sent = send_pending(self._house, self._transports, "https://huying.example", now)
                if not sent.accepted and not sent.failures:
                    break
                assert not sent.failures, sent.failures[0]


def _tables(url: str) -> Sequence[tuple[str, int, int, int]]:
    """Each table with its rows, and the bytes of the table and of its indexes."""
    query = """
        SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC
    """
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(query).fetchall()
        rows = {
            name: connection.execute(psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(name)))
            for name, _, _ in found
        }
        return [(name, int(rows[name].fetchone()[0]), size, indexes) for name, size, indexes in found]  # type: ignore[index]


def _indexes(url: str) -> Sequence[tuple[str, str, int]]:
    query = """
        SELECT c.relname, i.relname, pg_relation_size(i.oid) FROM pg_index x
        JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
        WHERE c.relnamespace = 'public'::regnamespace ORDER BY 3 DESC
    """
    with psycopg.connect(url) as connection:
        return [(row[0], row[1], int(row[2])) for row in connection.execute(query)]


def _report(url: str, before: dict[str, tuple[int, int, int]], issues: int, spent: Spent) -> None:
    lived_in = sum(size + indexes for _, _, size, indexes in _tables(url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM FULL ANALYZE")
    print(f"{issues} closed issues on PostgreSQL; per issue, after VACUUM FULL")
    print(f"  {'table':<24} {'rows':>7} {'table':>9} {'indexes':>9} {'together':>9}")
    total = [0.0, 0.0]
    for name, rows, size, indexes in _tables(url):
        known = before.get(name, (0, 0, 0))
        made = rows - known[0]
        if made < issues / 100:
            continue
        table, index = max(0, size - known[1]) / issues, max(0, indexes - known[2]) / issues
        total = [total[0] + table, total[1] + index]
        print(f"  {name:<24} {made / issues:7.2f} {table:7.0f} B {index:7.0f} B {table + index:7.0f} B")
    print(f"  {'all':<24} {'':>7} {total[0]:7.0f} B {total[1]:7.0f} B {sum(total):7.0f} B")
    print(f"  as it was lived in, before VACUUM FULL: {lived_in / issues:.0f} B")
    print("largest indexes, per issue")
    for owner, name, size in _indexes(url)[:16]:
        print(f"  {owner:<18} {name:<44} {size / issues:7.0f} B")
    print("processor time per issue, in milliseconds")
    spent.ours["all"], spent.postgres["all"] = sum(spent.ours.values()), sum(spent.postgres.values())
    for what, seconds in spent.ours.items():
        theirs = spent.postgres[what] / issues * 1000
        print(f"  {what:<10} ours {seconds / issues * 1000:6.2f}   PostgreSQL {theirs:6.2f}")


if __name__ == "__main__":
    main()
