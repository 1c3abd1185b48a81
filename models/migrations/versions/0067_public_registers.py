"""Registers that the office has opened to the public"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('public_register',
    sa.Column('key', _TEXT(length=40), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('changed_at', models.base.MomentColumn(), nullable=False),
    sa.Column('changed_by_id', key, nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['participant.id'], name=op.f('fk_public_register_changed_by_id_participant')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_public_register'))
    )


def downgrade() -> None:
    op.drop_table('public_register')
