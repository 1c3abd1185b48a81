"""Numbers given on the way, and resources booked"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table('booking',
    sa.Column('issue_id', _BIG, nullable=False),
    sa.Column('resource', _TEXT(length=60), nullable=False),
    sa.Column('unit', _TEXT(length=500), nullable=False),
    sa.Column('begins_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('ends_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_booking_issue_id_issue')),
    sa.PrimaryKeyConstraint('issue_id', 'resource', name=op.f('pk_booking'))
    )
    op.create_index('ix_booking_resource', 'booking', ['resource', 'unit', 'ends_at'])
    op.create_table('given_number',
    sa.Column('series', _TEXT(length=121), nullable=False),
    sa.Column('station', _TEXT(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('number', _TEXT(length=80), nullable=False),
    sa.Column('issue_id', _BIG, nullable=False),
    sa.Column('field', _TEXT(length=60), nullable=False),
    sa.Column('given_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_given_number_issue_id_issue')),
    sa.PrimaryKeyConstraint('series', 'station', 'year', 'sequence', name=op.f('pk_given_number')),
    sa.UniqueConstraint('series', 'number', name=op.f('uq_given_number_series_number'))
    )
    op.create_index(op.f('ix_given_number_number'), 'given_number', ['number'])
    op.create_index(op.f('ix_given_number_issue_id'), 'given_number', ['issue_id'])


def downgrade() -> None:
    op.drop_table('given_number')
    op.drop_table('booking')
