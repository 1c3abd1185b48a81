"""Which message went on in place of another"""

import sqlalchemy as sa
from alembic import op


revision = '0072'
down_revision = '0071'
branch_labels = None
depends_on = None

_NAME = 'ix_delivery_instead_of_id'


def upgrade() -> None:
    where = sa.text('instead_of_id IS NOT NULL')
    op.create_index(_NAME, 'delivery', ['instead_of_id'], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index(_NAME, 'delivery')
