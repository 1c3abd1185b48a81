"""How many numbers of each series were left out when a house was restored"""

import sqlalchemy as sa
from alembic import op


revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('restoration', sa.Column('beyond', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    op.drop_column('restoration', 'beyond')
