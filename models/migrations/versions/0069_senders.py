"""Addresses in an order with a state, senders, receipts, and how people want to be told"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0069'
down_revision = '0068'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _moment(name):
    return sa.Column(name, models.base.MomentColumn(), nullable=True)


def upgrade() -> None:
    _addresses()
    _deliveries()
    _senders()
    _receipts()
    _preferences()


# no table is made anew for it: messages are many, and on SQLite what seals evidence hangs on the table
def _addresses() -> None:
    for column in (
        sa.Column('rank', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('state', _TEXT(length=20), nullable=False, server_default='usable'),
        sa.Column('sender_key', _TEXT(length=60), nullable=True),
        _moment('confirmed_at'),
        sa.Column('code_hash', _TEXT(length=64), nullable=True),
        _moment('code_until'),
        sa.Column('code_tries', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('failures', sa.Integer(), nullable=False, server_default='0'),
        _moment('failing_since'),
        _moment('last_ok_at'),
        sa.Column('reason', sa.Text(), nullable=True),
    ):
        op.add_column('address', column)
    op.execute("UPDATE address SET state = 'unconfirmed' WHERE unconfirmed")
    op.drop_column('address', 'unconfirmed')


def _deliveries() -> None:
    for column in (
        sa.Column('address_id', _KEY, nullable=True),
        sa.Column('sender_key', _TEXT(length=60), nullable=True),
        sa.Column('fields', sa.JSON().with_variant(sa.Text(), 'postgresql'), nullable=True),
        sa.Column('reference', _TEXT(length=200), nullable=True),
        _moment('received_at'),
        _moment('read_at'),
        sa.Column('rung', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('instead_of_id', _KEY, nullable=True),
        _moment('wait_until'),
        sa.Column('urgent', sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column('delivery', column)
    for name, columns, where in (
        ('ix_delivery_reference', ['sender_key', 'reference'], 'reference IS NOT NULL'),
        ('ix_delivery_wait', ['wait_until'], 'wait_until IS NOT NULL'),
    ):
        op.create_index(name, 'delivery', columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _senders() -> None:
    sealed = sa.JSON().with_variant(sa.Text(), 'postgresql')
    op.create_table('sender',
    sa.Column('key', _TEXT(length=60), nullable=False),
    sa.Column('title', _TEXT(length=100), nullable=False),
    sa.Column('channel', _TEXT(length=20), nullable=False),
    sa.Column('kind', _TEXT(length=40), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('secret', sealed, nullable=True),
    sa.Column('hook_secret', sealed, nullable=True),
    sa.Column('per_minute', sa.Integer(), nullable=True),
    sa.Column('per_person_day', sa.Integer(), nullable=True),
    sa.Column('mode', _TEXT(length=20), nullable=False),
    sa.Column('guests', sa.JSON(), nullable=False),
    sa.Column('state', _TEXT(length=20), nullable=False),
    sa.Column('tokens', sa.Float(), nullable=False),
    _moment('filled_at'),
    _moment('checked_at'),
    sa.Column('last_error', _TEXT(length=1000), nullable=True),
    sa.Column('created_at', models.base.MomentColumn(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sender'))
    )


def _receipts() -> None:
    op.create_table('receipt',
    sa.Column('id', _KEY, nullable=False),
    sa.Column('sender_key', _TEXT(length=60), nullable=False),
    sa.Column('reference', _TEXT(length=200), nullable=False),
    sa.Column('code', _TEXT(length=80), nullable=False),
    sa.Column('means', _TEXT(length=20), nullable=False),
    sa.Column('at', models.base.MomentColumn(), nullable=False),
    sa.Column('delivery_id', _KEY, nullable=True),
    sa.Column('raw', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_receipt_delivery_id_delivery')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('sender_key', 'reference', 'code', name=op.f('uq_receipt_sender_key_reference_code'))
    )
    op.create_index(op.f('ix_receipt_delivery_id'), 'receipt', ['delivery_id'], unique=False)


def _preferences() -> None:
    op.create_table('preference',
    sa.Column('id', _KEY, nullable=False),
    sa.Column('participant_id', _KEY, nullable=True),
    sa.Column('kind', _TEXT(length=40), nullable=True),
    sa.Column('topic', _TEXT(length=20), nullable=False),
    sa.Column('channels', sa.JSON(), nullable=False),
    sa.Column('off', sa.Boolean(), nullable=False),
    sa.Column('digest', _TEXT(length=20), nullable=False),
    sa.Column('daily_at', _TEXT(length=5), nullable=False),
    sa.Column('wait_minutes', sa.Integer(), nullable=False),
    sa.Column('changed_at', models.base.MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_preference_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preference')),
    sa.UniqueConstraint('participant_id', 'topic', name=op.f('uq_preference_participant_id_topic')),
    sa.UniqueConstraint('kind', 'topic', name=op.f('uq_preference_kind_topic'))
    )
    op.create_table('quiet_hours',
    sa.Column('id', _KEY, nullable=False),
    sa.Column('participant_id', _KEY, nullable=True),
    sa.Column('kind', _TEXT(length=40), nullable=True),
    sa.Column('starts', _TEXT(length=5), nullable=False),
    sa.Column('ends', _TEXT(length=5), nullable=False),
    sa.Column('zone', _TEXT(length=60), nullable=False),
    sa.Column('changed_at', models.base.MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_quiet_hours_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiet_hours')),
    sa.UniqueConstraint('participant_id', name=op.f('uq_quiet_hours_participant_id')),
    sa.UniqueConstraint('kind', name=op.f('uq_quiet_hours_kind'))
    )


def downgrade() -> None:
    for table in ('quiet_hours', 'preference', 'receipt', 'sender'):
        op.drop_table(table)
    op.drop_index('ix_delivery_wait', 'delivery')
    op.drop_index('ix_delivery_reference', 'delivery')
    # what the earlier program does not know is as good as over
    op.execute("UPDATE delivery SET status = 'accepted' WHERE status IN ('delivered', 'unknown', 'skipped')")
    op.execute("UPDATE delivery SET status = 'failed' WHERE status = 'undelivered'")
    for name in (
        'urgent', 'wait_until', 'instead_of_id', 'rung', 'read_at', 'received_at', 'reference', 'fields', 'sender_key', 'address_id'
    ):
        op.drop_column('delivery', name)
    op.add_column('address', sa.Column('unconfirmed', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE address SET unconfirmed = (state <> 'usable')")
    for name in (
        'reason', 'last_ok_at', 'failing_since', 'failures', 'code_tries', 'code_until', 'code_hash', 'confirmed_at', 'sender_key', 'state', 'rank'
    ):
        op.drop_column('address', name)
