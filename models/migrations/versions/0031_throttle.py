"""How often something was tried"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.base import MomentColumn


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        'throttle',
        sa.Column('key', _TEXT(length=120), nullable=False),
        sa.Column('hits', sa.Integer(), nullable=False),
        sa.Column('ends_at', MomentColumn(), nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_throttle')),
    )
    op.create_index(op.f('ix_throttle_ends_at'), 'throttle', ['ends_at'])
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE throttle SET UNLOGGED')


def downgrade() -> None:
    op.drop_table('throttle')
