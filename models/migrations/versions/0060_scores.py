"""Scoring tables and the results that were reckoned by them"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('score_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', _TEXT(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', _TEXT(length=64), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('begins', sa.Date(), nullable=True),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.Column('published_at', models.base.MomentColumn(), nullable=False),
    sa.Column('published_by', _TEXT(length=100), nullable=False),
    sa.Column('note', _TEXT(length=1000), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_version')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_score_version_key_version'))
    )
    op.create_index(op.f('ix_score_version_key'), 'score_version', ['key'])
    op.create_table('score_result',
    sa.Column('id', key, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', key, nullable=True),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('issue_id', key, nullable=True),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=False),
    sa.Column('entries', sa.JSON(), nullable=False),
    sa.Column('digest', _TEXT(length=64), nullable=False),
    sa.Column('points', _TEXT(length=60), nullable=False),
    sa.Column('band', _TEXT(length=60), nullable=False),
    sa.Column('made_at', models.base.MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_score_result_issue_id_issue')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_score_result_participant_id_participant')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_score_result_station_id_station')),
    sa.ForeignKeyConstraint(['version_id'], ['score_version.id'], name=op.f('fk_score_result_version_id_score_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_result'))
    )
    op.create_index('ix_score_result_person', 'score_result', ['participant_id', 'begins'])
    op.create_index('ix_score_result_station', 'score_result', ['station_id', 'begins'])
    op.create_index(op.f('ix_score_result_issue_id'), 'score_result', ['issue_id'])


def downgrade() -> None:
    op.drop_table('score_result')
    op.drop_table('score_version')
