"""Proposals that were made at the command line"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    with op.batch_alter_table('proposal') as table:
        table.add_column(sa.Column('hand', _TEXT(length=100), nullable=False, server_default=''))
        table.alter_column('proposed_by_id', existing_type=key, nullable=True)
    with op.batch_alter_table('proposal') as table:
        table.alter_column('hand', existing_type=_TEXT(length=100), server_default=None)


def downgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.execute('DELETE FROM proposal WHERE proposed_by_id IS NULL')
    with op.batch_alter_table('proposal') as table:
        table.alter_column('proposed_by_id', existing_type=key, nullable=False)
        table.drop_column('hand')
