"""What staff wrote of incidents, why messages failed, saved lists and how issues are shown are sealed too"""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.sealed import FIELDS, ring_of


revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None

#: The columns that are sealed, by table.
_COLUMNS = (('issue', 'shown_as'), ('incident', 'note'), ('delivery', 'reason'), ('saved_view', 'query'))
#: Of these PostgreSQL knew the type; to SQLite text is text.
_TYPES = {
    ('issue', 'shown_as'): 'JSON',
    ('incident', 'note'): 'VARCHAR(500)',
    ('delivery', 'reason'): 'VARCHAR(1000)',
    ('saved_view', 'query'): 'VARCHAR(2000)',
}
_PORTION = 500


def upgrade() -> None:
    # asked where there is something to seal: an empty house is made without a ring
    bind = op.get_bind()
    for table, column in _COLUMNS:
        if bind.dialect.name == 'postgresql':
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT USING {column}::text")
        _change(table, column, lambda kept, place: ring_of(bind.dialect).seal(FIELDS, kept.encode(), place))


def downgrade() -> None:
    bind = op.get_bind()
    for table, column in _COLUMNS:
        _change(table, column, lambda kept, place: ring_of(bind.dialect).open(FIELDS, kept, place).decode())
        if bind.dialect.name == 'postgresql':
            kind = _TYPES[table, column]
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} USING {column}::{kind}")


def _change(table: str, column: str, to: Callable[[str, str], str]) -> None:
    """Write every value of a column anew, where there is one."""
    bind, place = op.get_bind(), f'{table}.{column}'
    write = sa.text(f"UPDATE {table} SET {column} = :made WHERE id = :id")
    for rows in _portions(table, column):
        made = [{'id': number, 'made': None if kept == 'null' else to(kept, place)} for number, kept in rows if kept]
        if made:
            bind.execute(write, made)


def _portions(table: str, column: str) -> Iterator[list[tuple[int, Any]]]:
    query = sa.text(f"SELECT id, {column} FROM {table} WHERE id > :last AND {column} IS NOT NULL ORDER BY id LIMIT {_PORTION}")
    last = 0
    while found := [tuple(row) for row in op.get_bind().execute(query, {'last': last})]:
        yield found
        last = found[-1][0]
