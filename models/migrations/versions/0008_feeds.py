"""Calendar feeds; the urgency of open issues by index; when what is shown of an issue changes by time alone"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    op.create_table('calendar_feed',
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subjects', sa.Boolean(), nullable=False),
    sa.Column('created_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('revoked_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.Column('last_read_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_calendar_feed_participant_id_participant')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_calendar_feed'))
    )
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feed_participant_id'), ['participant_id'], unique=False)
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_until', models.base.MomentColumn(timezone=True), nullable=True))
        # nearly every list asks for the open ones, which have indexes of their own; this one kept the planner from them
        batch_op.drop_index('ix_issue_status')
        batch_op.create_index('ix_issue_board', ['station_id', 'definition_version_id', 'due_at', 'paused_at', 'provisional', 'calendar'], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.create_index('ix_issue_due', ['due_at', 'id'], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.create_index('ix_issue_shown_until', ['shown_until'], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN)
    with op.batch_alter_table('work_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_version', sa.Integer(), nullable=False, server_default='0'))
    # issues that are shown already are shown once more, which also finds out when they change next
    op.execute("UPDATE issue SET shown_version = 0 WHERE status = 'open'")
