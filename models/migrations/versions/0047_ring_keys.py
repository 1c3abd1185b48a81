"""What the house knows of the keys by which it is sealed"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ring_key',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
    sa.Column('proof', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('began_at', models.base.MomentColumn(), nullable=False),
    sa.Column('ended_at', models.base.MomentColumn(), nullable=True),
    sa.Column('copied_at', models.base.MomentColumn(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ring_key'))
    )


def downgrade() -> None:
    op.drop_table('ring_key')
