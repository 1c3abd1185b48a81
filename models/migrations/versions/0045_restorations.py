"""Restorations: what waits after a house was made again from a backup"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('restoration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('taken_at', models.base.MomentColumn(), nullable=False),
    sa.Column('restored_at', models.base.MomentColumn(), nullable=False),
    sa.Column('overdue', sa.JSON(), nullable=False),
    sa.Column('released_at', models.base.MomentColumn(), nullable=True),
    sa.Column('released_by_id', key, nullable=True),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('dropped', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['released_by_id'], ['participant.id'], name=op.f('fk_restoration_released_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_restoration'))
    )
    op.create_index(
        'ix_restoration_held', 'restoration', ['id'],
        sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'),
    )


def downgrade() -> None:
    op.drop_table('restoration')
