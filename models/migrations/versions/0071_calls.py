"""Telephone calls, and how a connection tells of them"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0071'
down_revision = '0070'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = models.base.MomentColumn
    op.add_column('connection', sa.Column('calls', sa.JSON(), nullable=True))
    op.create_table('call',
    sa.Column('id', key, nullable=False),
    sa.Column('connection', sa.String(60), nullable=False),
    sa.Column('call_id', sa.String(100), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('number_index', sa.String(40), nullable=True),
    sa.Column('agent', sa.String(60), nullable=False),
    sa.Column('agent_id', key, nullable=True),
    sa.Column('taken_by_id', key, nullable=True),
    sa.Column('told_at', moment(), nullable=False),
    sa.Column('rang_at', moment(), nullable=True),
    sa.Column('answered_at', moment(), nullable=True),
    sa.Column('ended_at', moment(), nullable=True),
    sa.Column('recording', sa.Text(), nullable=True),
    sa.Column('outcome', sa.String(20), nullable=True),
    sa.Column('issue_id', key, nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['participant.id'], name=op.f('fk_call_agent_id_participant')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['participant.id'], name=op.f('fk_call_taken_by_id_participant')),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_call_issue_id_issue')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('connection', 'call_id', name=op.f('uq_call_connection_call_id'))
    )
    for name in ('number_index', 'told_at', 'issue_id'):
        op.create_index(f'ix_call_{name}', 'call', [name])


def downgrade() -> None:
    op.drop_table('call')
    op.drop_column('connection', 'calls')
