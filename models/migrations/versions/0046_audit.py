"""The audit log"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('audit',
    sa.Column('seq', key, nullable=False),
    sa.Column('at', models.base.MomentColumn(), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('by_id', key, nullable=True),
    sa.Column('via', sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
    sa.Column('on_behalf_id', key, nullable=True),
    sa.Column('object', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('about_id', key, nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('address', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('agent', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('session', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('outcome', sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit'))
    )
    op.create_index(op.f('ix_audit_at'), 'audit', ['at'])
    op.create_index(op.f('ix_audit_object'), 'audit', ['object'])
    op.create_index('ix_audit_what_at', 'audit', ['what', 'at'])
    op.create_index('ix_audit_by_id_at', 'audit', ['by_id', 'at'])
    op.create_index('ix_audit_about_id_at', 'audit', ['about_id', 'at'])


def downgrade() -> None:
    op.drop_table('audit')
