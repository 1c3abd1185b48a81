"""What is private is sealed by the ring of keys, and looked up by blind indexes"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.sealed import FIELDS, BlindIndex, Seals, cleaned_as, ring_of


revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None

#: By table: its key, and the columns that are sealed.
_COLUMNS = {
    'participant': (('id',), ('phone',)),
    'address': (('id',), ('target', 'secret')),
    'connection': (('key',), ('secret',)),
    'event_subscription': (('id',), ('secret', 'old_secret')),
    'event_delivery': (('id',), ('payload',)),
    'delivery': (('id',), ('target', 'subject', 'text', 'html')),
    'form_draft': (('issue_id', 'item', 'participant_id'), ('entered',)),
    'promise': (('issue_id', 'number'), ('what',)),
    'proposal': (('id',), ('body', 'diff')),
    'register_change': (('id',), ('before', 'after')),
    'register_import': (('id',), ('book', 'preview', 'corrections')),
}
#: Of these PostgreSQL knew the type; to SQLite text is text.
_LENGTHS = {
    ('participant', 'phone'): 40,
    ('address', 'target'): 500,
    ('address', 'secret'): 200,
    ('connection', 'secret'): 200,
    ('event_subscription', 'secret'): 200,
    ('event_subscription', 'old_secret'): 200,
    ('delivery', 'target'): 500,
    ('delivery', 'subject'): 300,
    ('promise', 'what'): 5000,
    ('proposal', 'diff'): None,
}
_JSON = (
    ('event_delivery', 'payload'), ('form_draft', 'entered'), ('proposal', 'body'), ('register_change', 'before'),
    ('register_change', 'after'), ('register_import', 'corrections'),
)
_BYTES = (('register_import', 'book'), ('register_import', 'preview'))
_INDEXES = (('participant', 'phone', 'phone_index'), ('address', 'target', 'target_index'), ('delivery', 'target', 'target_index'))
_TRIGGER = (
    "CREATE TRIGGER search_due_renamed AFTER UPDATE OF name, phone ON participant"
    " FOR EACH ROW EXECUTE FUNCTION search_due_reporter()"
)
_PORTION = 500
Row = dict[str, Any]


def upgrade() -> None:
    bind = op.get_bind()
    on_server = bind.dialect.name == 'postgresql'
    if on_server:
        op.execute("DROP TRIGGER search_due_renamed ON participant")
        for table, column in (*_LENGTHS, *_JSON):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT USING {column}::text")
        for table, column in _BYTES:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT USING encode({column}, 'base64')")
        op.execute(_TRIGGER)
    op.drop_index('ix_address_target', 'address')
    op.drop_index('ix_participant_phone_digits', 'participant')
    op.execute("ALTER TABLE participant RENAME COLUMN phone_digits TO phone_index")
    for table in ('address', 'delivery'):
        op.add_column(table, sa.Column('target_index', sa.String(length=40), nullable=True))
    for table, (key, columns) in _COLUMNS.items():
        for row in _rows(table, key, columns):
            _write(table, key, _sealed(ring_of(bind.dialect), table, row, columns))
    for table, column in (('participant', 'phone_index'), ('address', 'target_index')):
        op.create_index(f'ix_{table}_{column}', table, [column])
    _convert_secrets(lambda ring, kept: ring.seal(FIELDS, kept.removeprefix('plain:').encode(), 'second_factor.secret'), 'plain:%')
    # private words stand in the index of the search as digests from now on; their key comes from the ring
    op.drop_table('search_key')
    op.execute("INSERT INTO search_due (issue_id) SELECT id FROM issue ORDER BY id")


def downgrade() -> None:
    bind = op.get_bind()
    ring = ring_of(bind.dialect)
    op.drop_index('ix_address_target_index', 'address')
    op.drop_index('ix_participant_phone_index', 'participant')
    op.execute("ALTER TABLE participant RENAME COLUMN phone_index TO phone_digits")
    for table in ('address', 'delivery'):
        op.drop_column(table, 'target_index')
    for table, (key, columns) in _COLUMNS.items():
        for row in _rows(table, key, columns):
            made = {name: _opened(ring, table, name, value) if name in columns else value for name, value in row.items()}
            if table == 'participant':
                made['phone_digits'] = cleaned_as('phone', made['phone'] or '') or None
            _write(table, key, made)
    _convert_secrets(lambda ring, kept: f"plain:{ring.open(FIELDS, kept, 'second_factor.secret').decode()}", 'v1:%')
    if bind.dialect.name == 'postgresql':
        op.execute("DROP TRIGGER search_due_renamed ON participant")
        for (table, column), length in _LENGTHS.items():
            kind = f"VARCHAR({length})" if length else "VARCHAR"
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
        for table, column in _JSON:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE JSON USING {column}::json")
        for table, column in _BYTES:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE BYTEA USING decode({column}, 'base64')")
        op.execute(_TRIGGER)
    op.create_index('ix_address_target', 'address', ['target'])
    op.create_index('ix_participant_phone_digits', 'participant', ['phone_digits'])
    secret = op.create_table('search_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_key'))
    )
    op.bulk_insert(secret, [{'secret': secrets.token_hex(32)}])


def _opened(ring: Seals, table: str, column: str, kept: str | None) -> Any:
    if kept in (None, ''):
        return kept
    plain = ring.open(FIELDS, kept, f'{table}.{column}')
    if (table, column) not in _BYTES:
        return plain.decode()
    return plain if op.get_bind().dialect.name == 'sqlite' else b64encode(plain).decode()


def _rows(table: str, key: tuple[str, ...], columns: tuple[str, ...]) -> Iterator[Row]:
    """Every row, in portions, by its key."""
    bind, last = op.get_bind(), None
    names, keys = ', '.join((*key, *columns)), ', '.join(key)
    while True:
        after = '' if last is None else f" WHERE ({keys}) > ({', '.join(f':{name}' for name in key)})"
        query = sa.text(f"SELECT {names} FROM {table}{after} ORDER BY {keys} LIMIT {_PORTION}")
        found = bind.execute(query, last or {}).mappings().all()
        yield from (dict(row) for row in found)
        if len(found) < _PORTION:
            return
        last = {name: found[-1][name] for name in key}


def _write(table: str, key: tuple[str, ...], row: Row) -> None:
    said = ', '.join(f'{name} = :{name}' for name in row if name not in key)
    mine = ' AND '.join(f'{name} = :{name}' for name in key)
    op.get_bind().execute(sa.text(f"UPDATE {table} SET {said} WHERE {mine}"), row)


def _sealed(ring: Seals, table: str, row: Row, columns: tuple[str, ...]) -> Row:
    made = dict(row)
    for column in columns:
        plain = _plain(table, column, row[column])
        made[column] = _nothing(row[column]) if plain is None else ring.seal(FIELDS, plain, f'{table}.{column}')
    for of, column, index in _INDEXES:
        if of == table:
            kind = BlindIndex('phone' if column == 'phone' else 'address')
            made[index] = kind.process_bind_param(row[column], op.get_bind().dialect)
    return made


def _plain(table: str, column: str, value: Any) -> bytes | None:
    if value in (None, '') or ((table, column) in _JSON and value == 'null'):
        return None
    if isinstance(value, bytes):
        return value
    if (table, column) in _BYTES:
        return b64decode(value)
    return str(value).encode()


def _convert_secrets(kept: Callable[[Seals, str], str], like: str) -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, secret FROM second_factor WHERE kind = 'totp' AND secret LIKE :it"), {'it': like}).all()
    for number, secret in rows:
        made = kept(ring_of(bind.dialect), secret)
        bind.execute(sa.text("UPDATE second_factor SET secret = :secret WHERE id = :id"), {'id': number, 'secret': made})


def _nothing(value: Any) -> str | None:
    return '' if value == '' else None
