"""Which station carries on what a closed one had open"""

from alembic import op


revision = '0075'
down_revision = '0074'
branch_labels = None
depends_on = None

_COLUMN = 'successor_id INTEGER CONSTRAINT fk_station_successor_id_station REFERENCES station (id)'


def upgrade() -> None:
    # in SQL: Alembic would make the whole table anew on SQLite, and half of the house refers to it
    op.execute(f'ALTER TABLE station ADD COLUMN {_COLUMN}')
    op.create_index(op.f('ix_station_successor_id'), 'station', ['successor_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_station_successor_id'), 'station')
    op.execute('ALTER TABLE station DROP COLUMN successor_id')
