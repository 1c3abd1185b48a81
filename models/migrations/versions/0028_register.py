"""The register with dates, haves, mandates, former names, and its log"""

import sqlalchemy as sa
import models.base
import sqlmodel
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_MOMENT = models.base.MomentColumn(timezone=True)
_COLUMNS = (
    ('area', 'since', sa.Date()),
    ('area', 'until', sa.Date()),
    ('station', 'address', _TEXT(length=200)),
    ('station', 'phone', _TEXT(length=40)),
    ('station', 'opened', sa.Date()),
    ('station', 'closed', sa.Date()),
    ('membership', 'since', sa.Date()),
    ('membership', 'until', sa.Date()),
    ('membership', 'sub_area', _TEXT(length=200)),
    ('participant', 'profession', _TEXT(length=100)),
    ('participant', 'unit', _TEXT(length=200)),
    ('duty', 'starts_at', sa.Time()),
    ('duty', 'ends_at', sa.Time()),
    ('duty', 'first_day', sa.Date()),
    ('duty', 'last_day', sa.Date()),
)
_IN_USE = ('station', 'code')


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    for table in _IN_USE:
        op.add_column(table, sa.Column('active', sa.Boolean(), nullable=False, server_default=sa.true()))
    # in SQL: Alembic would make the whole table anew on SQLite, and half of the house refers to it
    op.execute('ALTER TABLE station ADD COLUMN parent_id INTEGER CONSTRAINT fk_station_parent_id_station REFERENCES station (id)')
    op.create_index(op.f('ix_station_parent_id'), 'station', ['parent_id'])
    _area_names()
    _haves()
    _mandates()
    _log()


def _area_names() -> None:
    op.create_table('area_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('code', _TEXT(length=40), nullable=False),
    sa.Column('name_zh', _TEXT(length=100), nullable=False),
    sa.Column('name_en', _TEXT(length=100), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_area_name_area_id_area')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area_name'))
    )
    op.create_index(op.f('ix_area_name_area_id'), 'area_name', ['area_id'])


def _haves() -> None:
    op.create_table('station_have',
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('have', _TEXT(length=40), nullable=False),
    sa.Column('has', sa.Boolean(), nullable=False),
    sa.Column('evidence', _TEXT(length=1000), nullable=True),
    sa.Column('confirmed_by_id', _BIG, nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_station_have_station_id_station')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['participant.id'], name=op.f('fk_station_have_confirmed_by_id_participant')),
    sa.PrimaryKeyConstraint('station_id', 'have', name=op.f('pk_station_have'))
    )


def _mandates() -> None:
    op.create_table('mandate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participant_id', _BIG, nullable=False),
    sa.Column('level', _TEXT(length=40), nullable=False),
    sa.Column('delegation', _TEXT(length=40), nullable=True),
    sa.Column('constituency', _TEXT(length=200), nullable=True),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_mandate_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandate')),
    sa.UniqueConstraint('participant_id', 'level', 'since', name=op.f('uq_mandate_participant_id_level_since'))
    )
    op.create_index(op.f('ix_mandate_level'), 'mandate', ['level'])


def _log() -> None:
    op.create_table('register_deed',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('way', _TEXT(length=20), nullable=False),
    sa.Column('by_id', _BIG, nullable=True),
    sa.Column('at', _MOMENT, nullable=False),
    sa.Column('why', _TEXT(length=1000), nullable=False),
    sa.Column('undoes_id', _BIG, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['participant.id'], name=op.f('fk_register_deed_by_id_participant')),
    sa.ForeignKeyConstraint(['undoes_id'], ['register_deed.id'], name=op.f('fk_register_deed_undoes_id_register_deed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_deed'))
    )
    op.create_index(op.f('ix_register_deed_at'), 'register_deed', ['at'])
    op.create_index(op.f('ix_register_deed_undoes_id'), 'register_deed', ['undoes_id'])
    op.create_table('register_change',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('deed_id', _BIG, nullable=False),
    sa.Column('of_table', _TEXT(length=40), nullable=False),
    sa.Column('row_key', _TEXT(length=120), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('person_id', _BIG, nullable=True),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['deed_id'], ['register_deed.id'], name=op.f('fk_register_change_deed_id_register_deed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_change'))
    )
    op.create_index('ix_register_change_of_row', 'register_change', ['of_table', 'row_key'])
    for name in ('deed_id', 'person_id', 'station_id', 'organisation_id'):
        op.create_index(op.f(f'ix_register_change_{name}'), 'register_change', [name])


def downgrade() -> None:
    for table in ('register_change', 'register_deed', 'mandate', 'station_have', 'area_name'):
        op.drop_table(table)
    op.drop_index(op.f('ix_station_parent_id'), 'station')
    with op.batch_alter_table('station') as batch_op:
        batch_op.drop_column('parent_id')
    for table in _IN_USE:
        op.drop_column(table, 'active')
    for table, name, _ in reversed(_COLUMNS):
        op.drop_column(table, name)
