"""Sheets of matters from before the house, and which issues came of them"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0078'
down_revision = '0077'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = models.base.MomentColumn
    op.create_table('legacy_import',
    sa.Column('id', key, nullable=False),
    sa.Column('name', sa.String(200), nullable=False),
    sa.Column('by_id', key, nullable=True),
    sa.Column('at', moment(), nullable=False),
    sa.Column('kept_until', moment(), nullable=False),
    sa.Column('state', sa.String(20), nullable=False),
    sa.Column('definition', sa.String(80), nullable=False),
    sa.Column('head', sa.String(64), nullable=False),
    sa.Column('understood', sa.JSON(), nullable=False),
    sa.Column('book', sa.LargeBinary().with_variant(sa.Text(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['participant.id'], name=op.f('fk_legacy_import_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legacy_import'))
    )
    op.create_index('ix_legacy_import_head', 'legacy_import', ['head'])
    op.create_index('ix_legacy_import_kept_until', 'legacy_import', ['kept_until'])
    op.create_table('legacy_matter',
    sa.Column('issue_id', key, nullable=False),
    sa.Column('import_id', key, nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('ours', sa.String(80), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_legacy_matter_issue_id_issue')),
    sa.ForeignKeyConstraint(['import_id'], ['legacy_import.id'], name=op.f('fk_legacy_matter_import_id_legacy_import')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_legacy_matter_station_id_station')),
    sa.PrimaryKeyConstraint('issue_id', name=op.f('pk_legacy_matter')),
    sa.UniqueConstraint('station_id', 'ours', name=op.f('uq_legacy_matter_station_id_ours'))
    )
    op.create_index('ix_legacy_matter_import_id', 'legacy_matter', ['import_id'])


def downgrade() -> None:
    op.drop_table('legacy_matter')
    op.drop_table('legacy_import')
