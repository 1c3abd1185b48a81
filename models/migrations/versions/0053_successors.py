"""Who goes on with single tasks of somebody who leaves"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    person = ['participant.id']
    op.create_table('successor',
    sa.Column('issue_id', key, nullable=False),
    sa.Column('item', sa.Integer(), nullable=False),
    sa.Column('leaver_id', key, nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('by_id', key, nullable=True),
    sa.Column('made_at', models.base.MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_successor_issue_id_issue')),
    sa.ForeignKeyConstraint(['leaver_id'], person, name=op.f('fk_successor_leaver_id_participant')),
    sa.ForeignKeyConstraint(['participant_id'], person, name=op.f('fk_successor_participant_id_participant')),
    sa.ForeignKeyConstraint(['by_id'], person, name=op.f('fk_successor_by_id_participant')),
    sa.PrimaryKeyConstraint('issue_id', 'item', name=op.f('pk_successor'))
    )
    op.create_index(op.f('ix_successor_leaver_id'), 'successor', ['leaver_id'])


def downgrade() -> None:
    op.drop_table('successor')
