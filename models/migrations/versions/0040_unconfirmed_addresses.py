"""Addresses that a stranger named, and at which nobody has answered yet"""

import sqlalchemy as sa
from alembic import op


revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('address') as table:
        table.add_column(sa.Column('unconfirmed', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_index(op.f('ix_address_target'), ['target'])


def downgrade() -> None:
    with op.batch_alter_table('address') as table:
        table.drop_index(op.f('ix_address_target'))
        table.drop_column('unconfirmed')
