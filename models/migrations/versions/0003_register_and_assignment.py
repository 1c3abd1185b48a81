"""What the register knows of industries, competences, absence and dated duty; who was last given which role"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assignment',
    sa.Column('definition_key', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('role', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('party', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('definition_key', 'role', 'party', name=op.f('pk_assignment'))
    )
    op.create_table('code',
    sa.Column('list', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('name_zh', sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
    sa.Column('name_en', sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('list', 'code', name=op.f('pk_code'))
    )
    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('substitute_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_absence_participant_id_participant')),
    sa.ForeignKeyConstraint(['substitute_id'], ['participant.id'], name=op.f('fk_absence_substitute_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index('ix_absence_participant', ['participant_id', 'first_day'], unique=False)

    op.create_table('participant_code',
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('list', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_participant_code_participant_id_participant')),
    sa.PrimaryKeyConstraint('participant_id', 'list', 'code', name=op.f('pk_participant_code'))
    )
    with op.batch_alter_table('participant_code', schema=None) as batch_op:
        batch_op.create_index('ix_participant_code_code', ['list', 'code', 'participant_id'], unique=False)

    op.create_table('dated_duty',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=True),
    sa.Column('ends_at', sa.Time(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_dated_duty_participant_id_participant')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_dated_duty_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dated_duty'))
    )
    with op.batch_alter_table('dated_duty', schema=None) as batch_op:
        batch_op.create_index('ix_dated_duty_station_day', ['station_id', 'day'], unique=False)

    op.create_table('organisation_code',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('list', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_code_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('organisation_id', 'list', 'code', name=op.f('pk_organisation_code'))
    )
    with op.batch_alter_table('organisation_code', schema=None) as batch_op:
        batch_op.create_index('ix_organisation_code_code', ['list', 'code', 'organisation_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('organisation_code', schema=None) as batch_op:
        batch_op.drop_index('ix_organisation_code_code')

    op.drop_table('organisation_code')
    with op.batch_alter_table('dated_duty', schema=None) as batch_op:
        batch_op.drop_index('ix_dated_duty_station_day')

    op.drop_table('dated_duty')
    with op.batch_alter_table('participant_code', schema=None) as batch_op:
        batch_op.drop_index('ix_participant_code_code')

    op.drop_table('participant_code')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index('ix_absence_participant')

    op.drop_table('absence')
    op.drop_table('code')
    op.drop_table('assignment')
