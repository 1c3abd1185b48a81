"""Papers that were made, and the templates of which they are made"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0062'
down_revision = '0061'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('paper_template',
    sa.Column('id', key, nullable=False),
    sa.Column('kind', _TEXT(length=60), nullable=False),
    sa.Column('language', _TEXT(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('file', sa.JSON(), nullable=False),
    sa.Column('published_at', models.base.MomentColumn(), nullable=False),
    sa.Column('published_by', _TEXT(length=200), nullable=False),
    sa.Column('note', _TEXT(length=1000), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_template')),
    sa.UniqueConstraint('kind', 'language', 'version', name=op.f('uq_paper_template_kind_language_version'))
    )
    op.create_table('paper',
    sa.Column('id', key, nullable=False),
    sa.Column('issue_id', key, nullable=True),
    sa.Column('kind', _TEXT(length=60), nullable=False),
    sa.Column('language', _TEXT(length=20), nullable=False),
    sa.Column('template', sa.Integer(), nullable=False),
    sa.Column('series', _TEXT(length=60), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('number', _TEXT(length=80), nullable=False),
    sa.Column('private', sa.Boolean(), nullable=False),
    sa.Column('file', sa.JSON(), nullable=False),
    sa.Column('replaces_id', key, nullable=True),
    sa.Column('made_by_id', key, nullable=False),
    sa.Column('made_at', models.base.MomentColumn(), nullable=False),
    sa.Column('request_key', _TEXT(length=120), nullable=True),
    sa.Column('voided_at', models.base.MomentColumn(), nullable=True),
    sa.Column('voided_by_id', key, nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_paper_issue_id_issue')),
    sa.ForeignKeyConstraint(['made_by_id'], ['participant.id'], name=op.f('fk_paper_made_by_id_participant')),
    sa.ForeignKeyConstraint(['replaces_id'], ['paper.id'], name=op.f('fk_paper_replaces_id_paper')),
    sa.ForeignKeyConstraint(['voided_by_id'], ['participant.id'], name=op.f('fk_paper_voided_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('request_key', name=op.f('uq_paper_request_key')),
    sa.UniqueConstraint('series', 'number', name=op.f('uq_paper_series_number')),
    sa.UniqueConstraint('series', 'year', 'sequence', name=op.f('uq_paper_series_year_sequence'))
    )
    op.create_index(op.f('ix_paper_issue_id'), 'paper', ['issue_id'], unique=False)
    op.create_index(op.f('ix_paper_number'), 'paper', ['number'], unique=False)


def downgrade() -> None:
    op.drop_table('paper')
    op.drop_table('paper_template')
