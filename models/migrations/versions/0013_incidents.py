"""Incidents: what could not be carried out after all attempts; what had been given up before becomes one"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString
_OPEN = sa.text("status <> 'closed'")


def upgrade() -> None:
    op.create_table('incident',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('what', _TEXT(length=20), nullable=False),
    sa.Column('what_id', _BIG, nullable=False),
    sa.Column('issue_id', _BIG, nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('visit', sa.Integer(), nullable=True),
    sa.Column('kind', _TEXT(length=20), nullable=False),
    sa.Column('step', _TEXT(length=60), nullable=False),
    sa.Column('reason', _TEXT(length=500), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('status', _TEXT(length=20), nullable=False),
    sa.Column('outcome', _TEXT(length=20), nullable=True),
    sa.Column('opened_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('changed_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('closed_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('closed_by_id', _BIG, nullable=True),
    sa.Column('note', _TEXT(length=500), nullable=True),
    sa.ForeignKeyConstraint(['closed_by_id'], ['participant.id'], name=op.f('fk_incident_closed_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    op.create_index('uq_incident_open', 'incident', ['what', 'issue_id', 'what_id'], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index('ix_incident_status', 'incident', ['status', 'opened_at'], unique=False)
    op.execute(
        "INSERT INTO incident (what, what_id, issue_id, station_id, kind, step, reason, attempts, status, opened_at, changed_at)"
        " SELECT 'effect', outbox.id, outbox.issue_id, issue.station_id, outbox.kind, '', substr(coalesce(outbox.error, ''), 1, 500),"
        " outbox.attempts, 'open', outbox.available_at, outbox.available_at"
        " FROM outbox JOIN issue ON issue.id = outbox.issue_id WHERE outbox.status = 'failed'"
    )
