"""Migrations of running issues to another version of their definition"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString
_WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.create_table('process_migration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', _TEXT(length=60), nullable=False),
    sa.Column('leaving', sa.Integer(), nullable=False),
    sa.Column('entering', sa.Integer(), nullable=False),
    sa.Column('plan', models.base.Json, nullable=False),
    sa.Column('reason', _TEXT(length=500), nullable=False),
    sa.Column('status', _TEXT(length=20), nullable=False),
    sa.Column('reverts', sa.Integer(), nullable=True),
    sa.Column('asked_by', _TEXT(length=100), nullable=False),
    sa.Column('asked_by_id', _BIG, nullable=True),
    sa.Column('asked_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('ended_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['participant.id'], name=op.f('fk_process_migration_asked_by_id_participant')),
    sa.ForeignKeyConstraint(['reverts'], ['process_migration.id'], name=op.f('fk_process_migration_reverts_process_migration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_migration'))
    )
    op.create_index(op.f('ix_process_migration_key'), 'process_migration', ['key'], unique=False)
    op.create_table('process_migration_issue',
    sa.Column('migration_id', sa.Integer(), nullable=False),
    sa.Column('issue_id', _BIG, nullable=False),
    sa.Column('status', _TEXT(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('available_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=True),
    sa.Column('leaving_id', sa.Integer(), nullable=True),
    sa.Column('entering_id', sa.Integer(), nullable=True),
    sa.Column('obstacles', models.base.Json, nullable=False),
    sa.ForeignKeyConstraint(['entering_id'], ['definition_version.id'], name=op.f('fk_process_migration_issue_entering_id_definition_version')),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_process_migration_issue_issue_id_issue')),
    sa.ForeignKeyConstraint(['leaving_id'], ['definition_version.id'], name=op.f('fk_process_migration_issue_leaving_id_definition_version')),
    sa.ForeignKeyConstraint(['migration_id'], ['process_migration.id'], name=op.f('fk_process_migration_issue_migration_id_process_migration')),
    sa.PrimaryKeyConstraint('migration_id', 'issue_id', name=op.f('pk_process_migration_issue'))
    )
    op.create_index(op.f('ix_process_migration_issue_issue_id'), 'process_migration_issue', ['issue_id'], unique=False)
    op.create_index('ix_process_migration_issue_waiting', 'process_migration_issue', ['available_at'], unique=False, sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.create_index('ix_process_migration_issue_status', 'process_migration_issue', ['migration_id', 'status'], unique=False)
