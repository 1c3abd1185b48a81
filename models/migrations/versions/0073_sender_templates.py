"""Templates that providers approved"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0073'
down_revision = '0072'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('sender_template',
    sa.Column('id', _KEY, nullable=False),
    sa.Column('sender_key', _TEXT(length=60), nullable=False),
    sa.Column('occasion', _TEXT(length=40), nullable=False),
    sa.Column('language', _TEXT(length=20), nullable=False),
    sa.Column('code', _TEXT(length=100), nullable=False),
    sa.Column('title', _TEXT(length=200), nullable=False),
    sa.Column('text', _TEXT(length=2000), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('state', _TEXT(length=20), nullable=False),
    sa.Column('remark', _TEXT(length=500), nullable=False),
    sa.Column('changed_at', models.base.MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['sender_key'], ['sender.key'], name=op.f('fk_sender_template_sender_key_sender')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_template'))
    )
    op.create_index(op.f('ix_sender_template_sender_key'), 'sender_template', ['sender_key'])


def downgrade() -> None:
    op.drop_table('sender_template')
