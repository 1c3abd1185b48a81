"""Reports that are frozen when they are prepared, and their corrections"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0068'
down_revision = '0067'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('frozen_report',
    sa.Column('id', key, nullable=False),
    sa.Column('number', _TEXT(length=80), nullable=False),
    sa.Column('plan_key', _TEXT(length=60), nullable=False),
    sa.Column('span', _TEXT(length=20), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('as_of', models.base.MomentColumn(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('digest', _TEXT(length=64), nullable=False),
    sa.Column('issued_at', models.base.MomentColumn(), nullable=True),
    sa.Column('issued_by_id', key, nullable=True),
    sa.Column('issued_by', _TEXT(length=100), nullable=True),
    sa.Column('note', _TEXT(length=2000), nullable=True),
    sa.Column('files', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['issued_by_id'], ['participant.id'], name=op.f('fk_frozen_report_issued_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frozen_report')),
    sa.UniqueConstraint('number', name=op.f('uq_frozen_report_number'))
    )
    op.create_index(op.f('ix_frozen_report_plan_key'), 'frozen_report', ['plan_key'], unique=False)
    op.create_table('report_amendment',
    sa.Column('id', key, nullable=False),
    sa.Column('report_id', key, nullable=False),
    sa.Column('nth', sa.Integer(), nullable=False),
    sa.Column('made_at', models.base.MomentColumn(), nullable=False),
    sa.Column('made_by_id', key, nullable=False),
    sa.Column('made_by', _TEXT(length=100), nullable=False),
    sa.Column('why', _TEXT(length=2000), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.Column('digest', _TEXT(length=64), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['participant.id'], name=op.f('fk_report_amendment_made_by_id_participant')),
    sa.ForeignKeyConstraint(['report_id'], ['frozen_report.id'], name=op.f('fk_report_amendment_report_id_frozen_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_amendment')),
    sa.UniqueConstraint('report_id', 'nth', name=op.f('uq_report_amendment_report_id_nth'))
    )
    op.create_index(op.f('ix_report_amendment_report_id'), 'report_amendment', ['report_id'], unique=False)


def downgrade() -> None:
    op.drop_table('report_amendment')
    op.drop_table('frozen_report')
