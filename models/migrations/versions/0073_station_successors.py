"""Which station carries on what a closed one had open"""

import sqlalchemy as sa
from alembic import op


revision = '0073'
down_revision = '0072'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('station') as batch_op:
        batch_op.add_column(sa.Column('successor_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_station_successor_id'), ['successor_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_station_successor_id_station'), 'station', ['successor_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('station') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_station_successor_id_station'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_station_successor_id'))
        batch_op.drop_column('successor_id')
