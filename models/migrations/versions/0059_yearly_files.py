"""Yearly files: lines made from histories, and what people did to a file"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('file_line',
    sa.Column('key', _TEXT(length=120), nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', models.base.MomentColumn(), nullable=False),
    sa.Column('kind', _TEXT(length=60), nullable=False),
    sa.Column('rule', _TEXT(length=60), nullable=True),
    sa.Column('issue_id', key, nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=True),
    sa.Column('entry_id', key, nullable=True),
    sa.Column('points', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_file_line'))
    )
    op.create_index('ix_file_line_of', 'file_line', ['participant_id', 'day'])
    op.create_index('ix_file_line_issue', 'file_line', ['issue_id'])
    op.create_table('file_deed',
    sa.Column('id', key, nullable=False),
    sa.Column('at', models.base.MomentColumn(), nullable=False),
    sa.Column('by_id', key, nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('what', _TEXT(length=20), nullable=False),
    sa.Column('line', _TEXT(length=120), nullable=True),
    sa.Column('body', sa.Text().with_variant(sa.JSON(), 'sqlite'), nullable=True),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('request_key', _TEXT(length=120), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['participant.id'], name=op.f('fk_file_deed_by_id_participant')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_file_deed_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_deed')),
    sa.UniqueConstraint('request_key', name=op.f('uq_file_deed_request_key'))
    )
    op.create_index('ix_file_deed_of', 'file_deed', ['participant_id', 'year'])
    op.create_index('ix_file_deed_year', 'file_deed', ['year'])
    op.add_column('issue', sa.Column('filed_version', sa.Integer(), server_default='0', nullable=False))
    op.create_index(
        'ix_issue_to_file', 'issue', ['id'],
        sqlite_where=sa.text('filed_version < version'),
        postgresql_where=sa.text('filed_version < version'),
    )


def downgrade() -> None:
    op.drop_index('ix_issue_to_file', table_name='issue')
    op.drop_column('issue', 'filed_version')
    op.drop_table('file_deed')
    op.drop_table('file_line')
