"""What an office demands of its stations, in versions"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    person = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    lists = ('haves', 'area_levels', 'team_levels', 'deputy_levels')
    numbers = ('dormant_days', 'remind_days', 'valid_months')
    op.create_table('station_standard',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    *(sa.Column(name, sa.JSON(), nullable=False) for name in lists),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
    sa.Column('note', _TEXT(length=1000), nullable=False),
    sa.Column('written_by_id', person, nullable=True),
    sa.Column('written_at', models.base.MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['written_by_id'], ['participant.id'], name=op.f('fk_station_standard_written_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station_standard'))
    )
    op.create_index(op.f('ix_station_standard_since'), 'station_standard', ['since'])


def downgrade() -> None:
    op.drop_table('station_standard')
