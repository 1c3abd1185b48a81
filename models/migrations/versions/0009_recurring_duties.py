"""Plans and what came of them, duties that plans make and people swap"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table('plan',
    sa.Column('key', _TEXT(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('done_until', sa.Date(), nullable=False),
    sa.Column('next_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('paused_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('paused_by', _TEXT(length=100), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_plan'))
    )
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.create_index('ix_plan_next', ['next_at'], unique=False, sqlite_where=sa.text('paused_at IS NULL'), postgresql_where=sa.text('paused_at IS NULL'))

    op.create_table('plan_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', _TEXT(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', _TEXT(length=64), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('published_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('published_by', _TEXT(length=100), nullable=False),
    sa.Column('note', _TEXT(length=1000), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_plan_version_key_version'))
    )
    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_version_key'), ['key'], unique=False)

    op.create_table('plan_occurrence',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('plan_key', _TEXT(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('scope', _TEXT(length=60), nullable=False),
    sa.Column('rule_day', sa.Date(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('due_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('status', _TEXT(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('available_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=True),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.Column('issue_id', _BIG, nullable=True),
    sa.Column('error', _TEXT(length=1000), nullable=True),
    sa.Column('done_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_plan_occurrence_issue_id_issue')),
    sa.ForeignKeyConstraint(['plan_key'], ['plan.key'], name=op.f('fk_plan_occurrence_plan_key_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_occurrence')),
    sa.UniqueConstraint('plan_key', 'scope', 'rule_day', name=op.f('uq_plan_occurrence_plan_key_scope_rule_day'))
    )
    with op.batch_alter_table('plan_occurrence', schema=None) as batch_op:
        batch_op.create_index('ix_plan_occurrence_day', ['plan_key', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_occurrence_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index('ix_plan_occurrence_pending', ['available_at', 'id'], unique=False, sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'"))

    with op.batch_alter_table('dated_duty', schema=None) as batch_op:
        batch_op.add_column(sa.Column('status', _TEXT(length=20), nullable=False, server_default='planned'))
        batch_op.add_column(sa.Column('plan_key', _TEXT(length=60), nullable=True))
        batch_op.add_column(sa.Column('occurrence_id', _BIG, nullable=True))
        batch_op.add_column(sa.Column('place', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('announce_at', models.base.MomentColumn(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('announced_at', models.base.MomentColumn(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reason', _TEXT(length=1000), nullable=True))
        batch_op.add_column(sa.Column('changed_by_id', _BIG, nullable=True))
        batch_op.add_column(sa.Column('changed_at', models.base.MomentColumn(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_dated_duty_plan_key_plan'), 'plan', ['plan_key'], ['key'])
        batch_op.create_foreign_key(batch_op.f('fk_dated_duty_occurrence_id_plan_occurrence'), 'plan_occurrence', ['occurrence_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_dated_duty_changed_by_id_participant'), 'participant', ['changed_by_id'], ['id'])
    with op.batch_alter_table('dated_duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dated_duty_occurrence_id'), ['occurrence_id'], unique=False)
        batch_op.create_index('ix_dated_duty_participant_day', ['participant_id', 'day'], unique=False)
        batch_op.create_index('ix_dated_duty_to_announce', ['announce_at'], unique=False, sqlite_where=sa.text('announced_at IS NULL AND announce_at IS NOT NULL'), postgresql_where=sa.text('announced_at IS NULL AND announce_at IS NOT NULL'))

    op.create_table('duty_swap',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', _BIG, nullable=False),
    sa.Column('to_id', _BIG, nullable=False),
    sa.Column('other_duty_id', sa.Integer(), nullable=True),
    sa.Column('note', _TEXT(length=1000), nullable=False),
    sa.Column('status', _TEXT(length=20), nullable=False),
    sa.Column('reason', _TEXT(length=1000), nullable=True),
    sa.Column('asked_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('answered_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['participant.id'], name=op.f('fk_duty_swap_asked_by_id_participant')),
    sa.ForeignKeyConstraint(['duty_id'], ['dated_duty.id'], name=op.f('fk_duty_swap_duty_id_dated_duty')),
    sa.ForeignKeyConstraint(['other_duty_id'], ['dated_duty.id'], name=op.f('fk_duty_swap_other_duty_id_dated_duty')),
    sa.ForeignKeyConstraint(['to_id'], ['participant.id'], name=op.f('fk_duty_swap_to_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_swap'))
    )
    with op.batch_alter_table('duty_swap', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_swap_asked_by_id'), ['asked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_swap_duty_id'), ['duty_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_swap_other_duty_id'), ['other_duty_id'], unique=False)
        batch_op.create_index('ix_duty_swap_to', ['to_id', 'status'], unique=False)
        batch_op.create_index('uq_duty_swap_asked', ['duty_id'], unique=True, sqlite_where=sa.text("status = 'asked'"), postgresql_where=sa.text("status = 'asked'"))
