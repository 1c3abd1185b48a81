"""Calls of other systems are taken apart from everything else that waits"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("status = 'pending' AND kind = 'request'")
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_call', ['available_at', 'id'], unique=False, sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_call')
