"""Requests about data that is held about somebody, and codes by which they show who they are"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = models.base.MomentColumn
    person, issue = ['participant.id'], ['issue.id']
    op.create_table('data_request',
    sa.Column('id', key, nullable=False),
    sa.Column('kind', _TEXT(length=20), nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('issue_id', key, nullable=True),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('made_at', moment(), nullable=False),
    sa.Column('by_id', key, nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', _TEXT(length=20), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', moment(), nullable=True),
    sa.Column('answered_by_id', key, nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], person, name=op.f('fk_data_request_participant_id_participant')),
    sa.ForeignKeyConstraint(['issue_id'], issue, name=op.f('fk_data_request_issue_id_issue')),
    sa.ForeignKeyConstraint(['by_id'], person, name=op.f('fk_data_request_by_id_participant')),
    sa.ForeignKeyConstraint(['answered_by_id'], person, name=op.f('fk_data_request_answered_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_request'))
    )
    op.create_index(op.f('ix_data_request_participant_id'), 'data_request', ['participant_id'])
    op.create_index(op.f('ix_data_request_due_on'), 'data_request', ['due_on'])
    op.create_table('data_code',
    sa.Column('participant_id', key, nullable=False),
    sa.Column('code_hash', _TEXT(length=64), nullable=False),
    sa.Column('expires_at', moment(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], person, name=op.f('fk_data_code_participant_id_participant')),
    sa.PrimaryKeyConstraint('participant_id', name=op.f('pk_data_code'))
    )


def downgrade() -> None:
    op.drop_table('data_code')
    op.drop_table('data_request')
