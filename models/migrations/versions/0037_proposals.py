"""Proposals that a second person approves, and whether the house wants that"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('proposal',
    sa.Column('id', key, nullable=False),
    sa.Column('kind', _TEXT(length=40), nullable=False),
    sa.Column('digest', _TEXT(length=64), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('about', _TEXT(length=200), nullable=False),
    sa.Column('diff', _TEXT(), nullable=False),
    sa.Column('reason', _TEXT(length=1000), nullable=False),
    sa.Column('state', _TEXT(length=20), nullable=False),
    sa.Column('proposed_by_id', key, nullable=False),
    sa.Column('proposed_at', models.base.MomentColumn(), nullable=False),
    sa.Column('decided_by_id', key, nullable=True),
    sa.Column('decided_at', models.base.MomentColumn(), nullable=True),
    sa.Column('said', _TEXT(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['participant.id'], name=op.f('fk_proposal_proposed_by_id_participant')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['participant.id'], name=op.f('fk_proposal_decided_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    op.create_index(op.f('ix_proposal_state'), 'proposal', ['state'])
    op.create_table('four_eyes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule', _TEXT(length=10), nullable=False),
    sa.Column('changed_at', models.base.MomentColumn(), nullable=False),
    sa.Column('changed_by_id', key, nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['participant.id'], name=op.f('fk_four_eyes_changed_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_four_eyes'))
    )


def downgrade() -> None:
    op.drop_table('four_eyes')
    op.drop_table('proposal')
