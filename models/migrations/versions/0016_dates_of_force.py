"""Versions of definitions come into force on a day, can be withdrawn, and keep what was found when they were published"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    moment = models.base.MomentColumn(timezone=True)
    op.add_column('definition_version', sa.Column('in_force_from', moment, nullable=True))
    op.add_column('definition_version', sa.Column('withdrawn_at', moment, nullable=True))
    op.add_column('definition_version', sa.Column('withdrawn_by', _TEXT(length=100), nullable=True))
    op.add_column('definition_version', sa.Column('withdrawn_because', _TEXT(length=500), nullable=True))
    op.add_column('definition_version', sa.Column('report', models.base.Json, nullable=True))
    op.execute('UPDATE definition_version SET in_force_from = published_at')
    with op.batch_alter_table('definition_version') as batch_op:
        batch_op.alter_column('in_force_from', existing_type=moment, nullable=False)
