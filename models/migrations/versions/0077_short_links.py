"""Short addresses for posters and slips, and how often each was followed on a day"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0077'
down_revision = '0076'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = models.base.MomentColumn
    op.create_table('short_link',
    sa.Column('id', key, nullable=False),
    sa.Column('code', sa.String(7), nullable=False),
    sa.Column('page', sa.String(20), nullable=False),
    sa.Column('definition', sa.String(80), nullable=True),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('title', sa.String(100), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('made_by_id', key, nullable=False),
    sa.Column('made_at', moment(), nullable=False),
    sa.Column('ended_at', moment(), nullable=True),
    sa.Column('ended_by_id', key, nullable=True),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_short_link_station_id_station')),
    sa.ForeignKeyConstraint(['made_by_id'], ['participant.id'], name=op.f('fk_short_link_made_by_id_participant')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['participant.id'], name=op.f('fk_short_link_ended_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_short_link')),
    sa.UniqueConstraint('code', name=op.f('uq_short_link_code'))
    )
    op.create_index('ix_short_link_station_id', 'short_link', ['station_id'])
    op.create_table('short_link_day',
    sa.Column('link_id', key, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('scans', sa.Integer(), nullable=False),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['short_link.id'], name=op.f('fk_short_link_day_link_id_short_link')),
    sa.PrimaryKeyConstraint('link_id', 'day', name=op.f('pk_short_link_day'))
    )


def downgrade() -> None:
    op.drop_table('short_link_day')
    op.drop_table('short_link')
