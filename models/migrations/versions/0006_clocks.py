"""Clocks of issues and tasks: whether a deadline is provisional, since when it stands, by which calendar it was reckoned"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.add_column(sa.Column('provisional', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('paused_at', models.base.MomentColumn(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('calendar', models.base.Name, nullable=False, server_default=''))
        batch_op.create_index('ix_issue_calendar', ['calendar', 'id'], unique=False, sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))
    with op.batch_alter_table('work_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('provisional', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('paused_at', models.base.MomentColumn(timezone=True), nullable=True))
