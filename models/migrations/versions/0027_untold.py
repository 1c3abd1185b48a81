"""Messages that wait to be told by phone"""

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    only = sa.text("status = 'untold'")
    op.create_index('ix_delivery_untold', 'delivery', ['station_id', 'issue_id'], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_index('ix_delivery_untold', 'delivery')
