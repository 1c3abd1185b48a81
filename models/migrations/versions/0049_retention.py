"""How long things are kept, what is held back, and what is erased"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = models.base.MomentColumn
    op.create_table('retention_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('what', _TEXT(length=40), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('definition_key', _TEXT(length=60), nullable=False),
    sa.Column('span', _TEXT(length=20), nullable=False),
    sa.Column('reason', _TEXT(length=1000), nullable=False),
    sa.Column('set_at', moment(), nullable=False),
    sa.Column('set_by_id', key, nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_retention_rule_area_id_area')),
    sa.ForeignKeyConstraint(['set_by_id'], ['participant.id'], name=op.f('fk_retention_rule_set_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_rule'))
    )
    op.create_table('hold',
    sa.Column('id', key, nullable=False),
    sa.Column('issue_id', key, nullable=True),
    sa.Column('participant_id', key, nullable=True),
    sa.Column('cause', _TEXT(length=20), nullable=False),
    sa.Column('reason', _TEXT(length=1000), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('placed_at', moment(), nullable=False),
    sa.Column('placed_by_id', key, nullable=False),
    sa.Column('lifted_at', moment(), nullable=True),
    sa.Column('lifted_by_id', key, nullable=True),
    sa.Column('lifted_reason', _TEXT(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_hold_issue_id_issue')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_hold_participant_id_participant')),
    sa.ForeignKeyConstraint(['placed_by_id'], ['participant.id'], name=op.f('fk_hold_placed_by_id_participant')),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['participant.id'], name=op.f('fk_hold_lifted_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    standing = sa.text('lifted_at IS NULL')
    op.create_index('ix_hold_issue', 'hold', ['issue_id'], sqlite_where=standing, postgresql_where=standing)
    op.create_index('ix_hold_person', 'hold', ['participant_id'], sqlite_where=standing, postgresql_where=standing)
    op.create_table('erasure',
    sa.Column('id', key, nullable=False),
    sa.Column('cause', _TEXT(length=20), nullable=False),
    sa.Column('state', _TEXT(length=20), nullable=False),
    sa.Column('reason', _TEXT(length=1000), nullable=False),
    sa.Column('proposed_at', moment(), nullable=False),
    sa.Column('proposed_by_id', key, nullable=True),
    sa.Column('approved_at', moment(), nullable=True),
    sa.Column('approved_by', _TEXT(length=300), nullable=False),
    sa.Column('ended_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['participant.id'], name=op.f('fk_erasure_proposed_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure'))
    )
    op.create_index(op.f('ix_erasure_state'), 'erasure', ['state'])
    op.create_table('erasure_part',
    sa.Column('erasure_id', key, nullable=False),
    sa.Column('of', _TEXT(length=20), nullable=False),
    sa.Column('number', key, nullable=False),
    sa.Column('what', _TEXT(length=10), nullable=False),
    sa.Column('state', _TEXT(length=10), nullable=False),
    sa.Column('why', _TEXT(length=200), nullable=False),
    sa.Column('done_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['erasure_id'], ['erasure.id'], name=op.f('fk_erasure_part_erasure_id_erasure')),
    sa.PrimaryKeyConstraint('erasure_id', 'of', 'number', name=op.f('pk_erasure_part'))
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index('ix_erasure_part_waiting', 'erasure_part', ['erasure_id'], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index('ix_erasure_part_of', 'erasure_part', ['of', 'number'])
    op.add_column('issue', sa.Column('erased', _TEXT(length=10), nullable=True))
    op.add_column('participant', sa.Column('erased_at', moment(), nullable=True))


def downgrade() -> None:
    op.drop_column('participant', 'erased_at')
    op.drop_column('issue', 'erased')
    op.drop_table('erasure_part')
    op.drop_table('erasure')
    op.drop_table('hold')
    op.drop_table('retention_rule')
