"""Definitions that are being written"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table('definition_draft',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('base_key', _TEXT(length=60), nullable=True),
    sa.Column('base_version', sa.Integer(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('scenarios', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('saved_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('saved_by', _TEXT(length=100), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_draft'))
    )


def downgrade() -> None:
    op.drop_table('definition_draft')
