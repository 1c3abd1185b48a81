"""Lists of issues by what changed last and by step, and the issue of a run, are found by indexes"""

import sqlalchemy as sa
from alembic import op


revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None

_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    op.create_index('ix_issue_step', 'issue', ['definition_version_id', 'step'], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index('ix_issue_changed', 'issue', ['changed_at', 'id'])
    op.create_index('ix_issue_run', 'issue', ['run_id'])


def downgrade() -> None:
    for name in ('ix_issue_run', 'ix_issue_changed', 'ix_issue_step'):
        op.drop_index(name, 'issue')
