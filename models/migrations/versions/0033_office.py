"""The office whose house this is"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('office',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=100), nullable=True),
    sa.Column('name_en', sa.String(length=100), nullable=True),
    sa.Column('address', sa.String(length=200), nullable=True),
    sa.Column('calendar', sa.String(length=60), nullable=False),
    sa.Column('languages', sa.String(length=40), nullable=False),
    sa.Column('logo', sa.LargeBinary(), nullable=True),
    sa.Column('logo_digest', sa.String(length=16), nullable=True),
    sa.Column('settled_at', models.base.MomentColumn(), nullable=True),
    sa.Column('sample_at', models.base.MomentColumn(), nullable=True),
    sa.Column('cleared_at', models.base.MomentColumn(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_office'))
    )


def downgrade() -> None:
    op.drop_table('office')
