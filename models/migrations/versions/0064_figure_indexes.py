"""Whether an issue was closed after its time, and indexes of figures that most actions leave alone"""

import sqlalchemy as sa
from alembic import op


revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None

_OPENED, _FINISH, _DEPUTY = (f'ix_issue_figures_{name}' for name in ('opened', 'finish', 'deputy'))


def upgrade() -> None:
    op.add_column('issue', sa.Column('finished_late', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute('UPDATE issue SET finished_late = (closed_at >= finish_at) WHERE closed_at IS NOT NULL AND finish_at IS NOT NULL')
    for name in (_OPENED, _FINISH, _DEPUTY):
        op.drop_index(name, 'issue')
    op.create_index(_OPENED, 'issue', ['station_id', 'opened_on', 'definition_version_id', 'outcome', 'channel'])
    finish = ['station_id', 'finish_on', 'definition_version_id', 'outcome', 'channel', 'closed_on', 'finished_late', 'finish_at']
    op.create_index(_FINISH, 'issue', finish)


def downgrade() -> None:
    for name in (_OPENED, _FINISH):
        op.drop_index(name, 'issue')
    op.create_index(_DEPUTY, 'issue', ['answerable_id', 'opened_on'])
    op.create_index(_FINISH, 'issue', ['station_id', 'finish_on', 'definition_version_id', 'outcome', 'closed_at', 'finish_at'])
    op.create_index(_OPENED, 'issue', ['station_id', 'opened_on', 'definition_version_id', 'channel', 'outcome', 'kind'])
    op.drop_column('issue', 'finished_late')
