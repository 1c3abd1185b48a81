"""Where stations are, and what the figures of a year count"""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('station', sa.Column('latitude', sa.Float(), nullable=True))
    op.add_column('station', sa.Column('longitude', sa.Float(), nullable=True))
    op.create_index('ix_issue_opened', 'issue', ['opened_at', 'resolution', 'reporter_id'])
    op.create_index('ix_issue_closed', 'issue', ['closed_at', 'definition_version_id', 'resolution', 'reporter_id', 'status'])


def downgrade() -> None:
    op.drop_index('ix_issue_closed', table_name='issue')
    op.drop_index('ix_issue_opened', table_name='issue')
    op.drop_column('station', 'longitude')
    op.drop_column('station', 'latitude')
