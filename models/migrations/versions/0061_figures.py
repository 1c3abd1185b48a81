"""What figures need of issues, what happened to them that is counted, and figure sets as they are published"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0061'
down_revision = '0060'
branch_labels = None
depends_on = None

_INDEXES = {
    'ix_issue_figures_opened': ['station_id', 'opened_on', 'definition_version_id', 'channel', 'outcome', 'kind'],
    'ix_issue_figures_closed': ['station_id', 'closed_on', 'definition_version_id', 'outcome', 'verdict', 'channel'],
    'ix_issue_figures_finish': ['station_id', 'finish_on', 'definition_version_id', 'outcome', 'closed_at', 'finish_at'],
    'ix_issue_figures_deputy': ['answerable_id', 'opened_on'],
}


def upgrade() -> None:
    columns = [
        sa.Column('opened_on', sa.Date(), nullable=True),
        sa.Column('closed_on', sa.Date(), nullable=True),
        sa.Column('outcome', sa.String(60), nullable=True),
        sa.Column('verdict', sa.String(20), nullable=True),
        sa.Column('grade', sa.String(20), nullable=True),
        sa.Column('finish_at', models.base.MomentColumn(), nullable=True),
        sa.Column('finish_on', sa.Date(), nullable=True),
        sa.Column('department_id', sa.Integer(), nullable=True),
    ]
    for column in columns:
        op.add_column('issue', column)
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('tally',
    sa.Column('issue_id', key, nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(20), nullable=False),
    sa.Column('value', sa.String(20), nullable=False),
    sa.Column('nth', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_tally_issue_id_issue')),
    sa.PrimaryKeyConstraint('issue_id', 'sequence', 'position', name=op.f('pk_tally'))
    )
    op.create_index('ix_tally_what', 'tally', ['what', 'on_day', 'issue_id'])
    op.create_table('figure_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(64), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('published_at', models.base.MomentColumn(), nullable=False),
    sa.Column('published_by', sa.String(100), nullable=False),
    sa.Column('note', sa.String(1000), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_set')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_figure_set_key_version'))
    )
    for name, indexed in _INDEXES.items():
        op.create_index(name, 'issue', indexed)
    untold = sa.text('opened_on IS NULL')
    op.create_index('ix_issue_uncounted', 'issue', ['id'], sqlite_where=untold, postgresql_where=untold)


def downgrade() -> None:
    op.drop_index('ix_issue_uncounted', 'issue')
    for name in _INDEXES:
        op.drop_index(name, 'issue')
    op.drop_table('figure_set')
    op.drop_table('tally')
    for name in ('department_id', 'finish_on', 'finish_at', 'grade', 'verdict', 'outcome', 'closed_on', 'opened_on'):
        op.drop_column('issue', name)
