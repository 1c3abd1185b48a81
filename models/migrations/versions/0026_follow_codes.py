"""Codes of those who follow an issue because theirs is the same"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    with op.batch_alter_table('involvement') as table:
        table.add_column(sa.Column('follow_code', _TEXT(length=20), nullable=True))
        table.add_column(sa.Column('request_key', _TEXT(length=120), nullable=True))
        table.create_unique_constraint(op.f('uq_involvement_request_key'), ['request_key'])


def downgrade() -> None:
    with op.batch_alter_table('involvement') as table:
        table.drop_constraint(op.f('uq_involvement_request_key'), type_='unique')
        table.drop_column('request_key')
        table.drop_column('follow_code')
