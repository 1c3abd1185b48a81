"""A key for each issue, by which what people wrote is sealed in state, history and outbox"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('data_key',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('of', sa.String(length=40), nullable=False),
    sa.Column('wrapped', sa.Text(), nullable=True),
    sa.Column('made_at', models.base.MomentColumn(), nullable=False),
    sa.Column('destroyed_at', models.base.MomentColumn(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_key'))
    )
    op.create_index(op.f('ix_data_key_of'), 'data_key', ['of'])
    op.add_column('issue', sa.Column('data_key', sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column('issue', 'data_key')
    op.drop_table('data_key')
