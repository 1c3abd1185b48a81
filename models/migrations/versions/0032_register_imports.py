"""Workbooks of the register that were handed in"""

import sqlalchemy as sa
import models.base
import sqlmodel
from alembic import op


revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_MOMENT = models.base.MomentColumn(timezone=True)
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table('register_import',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('name', _TEXT(length=200), nullable=False),
    sa.Column('by_id', _BIG, nullable=True),
    sa.Column('at', _MOMENT, nullable=False),
    sa.Column('kept_until', _MOMENT, nullable=False),
    sa.Column('state', _TEXT(length=20), nullable=False),
    sa.Column('base', _TEXT(length=40), nullable=False),
    sa.Column('book', sa.LargeBinary(), nullable=False),
    sa.Column('preview', sa.LargeBinary(), nullable=False),
    sa.Column('corrections', sa.JSON(), nullable=False),
    sa.Column('ends', sa.JSON(), nullable=False),
    sa.Column('deed_id', _BIG, nullable=True),
    sa.Column('undo_id', _BIG, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['participant.id'], name=op.f('fk_register_import_by_id_participant')),
    sa.ForeignKeyConstraint(['deed_id'], ['register_deed.id'], name=op.f('fk_register_import_deed_id_register_deed')),
    sa.ForeignKeyConstraint(['undo_id'], ['register_deed.id'], name=op.f('fk_register_import_undo_id_register_deed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_import'))
    )
    op.create_index(op.f('ix_register_import_kept_until'), 'register_import', ['kept_until'])


def downgrade() -> None:
    op.drop_table('register_import')
