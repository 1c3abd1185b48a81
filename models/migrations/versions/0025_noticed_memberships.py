"""Who served where when issues last followed the register"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_COLUMNS = 'participant_id, station_id, organisation_id, function, level'


def upgrade() -> None:
    op.create_table('noticed_membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('function', _TEXT(length=40), nullable=False),
    sa.Column('level', _TEXT(length=40), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_noticed_membership_participant_id_participant')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_noticed_membership_station_id_station')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_noticed_membership_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_noticed_membership'))
    )
    op.create_index(op.f('ix_noticed_membership_participant_id'), 'noticed_membership', ['participant_id'])
    # whoever has served until now is known to
    op.execute(f'INSERT INTO noticed_membership ({_COLUMNS}) SELECT DISTINCT {_COLUMNS} FROM membership')


def downgrade() -> None:
    op.drop_table('noticed_membership')
