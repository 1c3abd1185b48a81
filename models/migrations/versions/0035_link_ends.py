"""When links in messages were made, opened and ended"""

import sqlalchemy as sa
from alembic import op

from models.base import MomentColumn


revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

_COLUMNS = ('issued_at', 'opened_at', 'ended_at')


def upgrade() -> None:
    with op.batch_alter_table('action_link') as table:
        for name in _COLUMNS:
            table.add_column(sa.Column(name, MomentColumn(), nullable=True))
        table.create_index(op.f('ix_action_link_participant_id'), ['participant_id'])


def downgrade() -> None:
    with op.batch_alter_table('action_link') as table:
        table.drop_index(op.f('ix_action_link_participant_id'))
        for name in _COLUMNS:
            table.drop_column(name)
