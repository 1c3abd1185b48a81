"""Stations take turns: effects and messages know theirs"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

_PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    for table in ('outbox', 'delivery'):
        # plain ALTERs: neither table is copied; a program of the version before may go on writing meanwhile
        op.add_column(table, sa.Column('station_id', sa.Integer(), nullable=False, server_default='0'))
        op.create_index(f'ix_{table}_turn', table, ['station_id', 'id'], unique=False, sqlite_where=_PENDING, postgresql_where=_PENDING)
        op.execute(
            f"UPDATE {table} SET station_id = (SELECT issue.station_id FROM issue WHERE issue.id = {table}.issue_id)"
            f" WHERE status IN ('pending', 'gathered') AND issue_id IS NOT NULL"
        )
