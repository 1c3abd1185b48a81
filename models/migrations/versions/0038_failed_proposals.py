"""Why a proposal that was approved could not be carried out"""

import sqlalchemy as sa
from alembic import op


revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('proposal', sa.Column('failure', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('proposal', 'failure')
