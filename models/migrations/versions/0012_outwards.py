"""Webhooks out of the house, and the trace that an action's effects and messages belong to"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    for table in ('outbox', 'delivery'):
        op.add_column(table, sa.Column('trace', _TEXT(length=55), nullable=True))

    op.create_table('event_subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', _TEXT(length=100), nullable=False),
    sa.Column('url', _TEXT(length=2000), nullable=False),
    sa.Column('secret', _TEXT(length=200), nullable=False),
    sa.Column('old_secret', _TEXT(length=200), nullable=True),
    sa.Column('old_secret_until', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('definitions', sa.JSON(), nullable=False),
    sa.Column('happenings', sa.JSON(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('stopped', _TEXT(length=1000), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('not_before', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('created_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('created_by', _TEXT(length=100), nullable=False),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_event_subscription_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_subscription'))
    )

    op.create_table('event_delivery',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=False),
    sa.Column('issue_id', _BIG, nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', _TEXT(length=40), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('status', _TEXT(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('available_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('created_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('ended_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('reason', _TEXT(length=1000), nullable=True),
    sa.Column('trace', _TEXT(length=55), nullable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_event_delivery_issue_id_issue')),
    sa.ForeignKeyConstraint(['subscription_id'], ['event_subscription.id'], name=op.f('fk_event_delivery_subscription_id_event_subscription')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_delivery')),
    sa.UniqueConstraint('subscription_id', 'issue_id', 'sequence', 'position', name=op.f('uq_event_delivery_subscription_id_issue_id_sequence_position'))
    )
    with op.batch_alter_table('event_delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_delivery_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index('ix_event_delivery_pending', ['subscription_id', 'available_at', 'id'], unique=False, sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'"))
        batch_op.create_index('ix_event_delivery_ended', ['ended_at'], unique=False, sqlite_where=sa.text('ended_at IS NOT NULL'), postgresql_where=sa.text('ended_at IS NOT NULL'))
        batch_op.create_index('ix_event_delivery_given_up', ['subscription_id'], unique=False, sqlite_where=sa.text("status = 'failed'"), postgresql_where=sa.text("status = 'failed'"))
        batch_op.create_index('ix_event_delivery_subscription', ['subscription_id', 'id'], unique=False)
