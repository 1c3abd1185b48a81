"""Timers that failed, messages gathered into digests, calendars of stations and departments"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attempts', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('retry_at', models.base.MomentColumn(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('error', sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True))
        batch_op.drop_index('ix_timer_due')
        batch_op.create_index('ix_timer_due', ['due_at', 'issue_id', 'number'], unique=False)

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.alter_column('issue_id', existing_type=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True)
        batch_op.add_column(sa.Column('digest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('instead_of', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_delivery_digest_id_delivery'), 'delivery', ['digest_id'], ['id'])
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_gathered', ['created_at'], unique=False, sqlite_where=sa.text("status = 'gathered'"), postgresql_where=sa.text("status = 'gathered'"))
        batch_op.create_index('ix_delivery_digest', ['digest_id'], unique=False, sqlite_where=sa.text("digest_id IS NOT NULL"), postgresql_where=sa.text("digest_id IS NOT NULL"))

    with op.batch_alter_table('station', schema=None) as batch_op:
        batch_op.add_column(sa.Column('calendar', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True))
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('calendar', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True))
