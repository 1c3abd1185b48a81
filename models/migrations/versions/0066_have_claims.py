"""What stations say that they have, with evidence, and who checked it"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0066'
down_revision = '0065'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    person = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('have_claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('have', _TEXT(length=40), nullable=False),
    sa.Column('extent', _TEXT(length=10), nullable=False),
    sa.Column('evidence', _TEXT(length=1000), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('entered_by_id', person, nullable=False),
    sa.Column('entered_at', models.base.MomentColumn(), nullable=False),
    sa.Column('status', _TEXT(length=20), nullable=False),
    sa.Column('checked_by_id', person, nullable=True),
    sa.Column('checked_at', models.base.MomentColumn(), nullable=True),
    sa.Column('remark', _TEXT(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_have_claim_station_id_station')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['participant.id'], name=op.f('fk_have_claim_entered_by_id_participant')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['participant.id'], name=op.f('fk_have_claim_checked_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_have_claim'))
    )
    op.create_index('ix_have_claim_of', 'have_claim', ['station_id', 'have'])
    op.create_index('ix_have_claim_status', 'have_claim', ['status', 'station_id'])
    op.add_column('station_have', sa.Column('partly', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column('station_have', 'partly')
    op.drop_table('have_claim')
