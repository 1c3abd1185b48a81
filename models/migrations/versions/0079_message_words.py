"""What a message says on channels on which its process says something else"""

import sqlalchemy as sa
from alembic import op


revision = '0079'
down_revision = '0078'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('delivery', sa.Column('by_channel', sa.JSON().with_variant(sa.Text(), 'postgresql'), nullable=True))


def downgrade() -> None:
    op.drop_column('delivery', 'by_channel')
