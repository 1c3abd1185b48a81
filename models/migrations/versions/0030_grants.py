"""Grants: roles with a scope and an end, in the place of the kind administrator"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
#: What people of the kind could do until now.
_ROLES = ('registrar', 'editor', 'publisher', 'system')


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('role_grant',
    sa.Column('id', key, nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('role', _TEXT(length=40), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('reason', _TEXT(length=1000), nullable=False),
    sa.Column('made_at', models.base.MomentColumn(), nullable=False),
    sa.Column('made_by_id', key, nullable=True),
    sa.Column('approved_by_id', key, nullable=True),
    sa.Column('ended_at', models.base.MomentColumn(), nullable=True),
    sa.Column('ended_by_id', key, nullable=True),
    sa.Column('end_reason', _TEXT(length=1000), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_role_grant_participant_id_participant')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_role_grant_area_id_area')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_role_grant_station_id_station')),
    sa.ForeignKeyConstraint(['made_by_id'], ['participant.id'], name=op.f('fk_role_grant_made_by_id_participant')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['participant.id'], name=op.f('fk_role_grant_approved_by_id_participant')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['participant.id'], name=op.f('fk_role_grant_ended_by_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    op.create_index('ix_role_grant_participant', 'role_grant', ['participant_id', 'role'])
    # nobody loses what they can do today
    day = 'substr(created_at, 1, 10)' if op.get_bind().dialect.name == 'sqlite' else 'CAST(created_at AS date)'
    for role in _ROLES:
        op.execute(
            'INSERT INTO role_grant (participant_id, role, since, reason, made_at) '
            f"SELECT id, '{role}', {day}, '升级时由“管理员”转来 from the kind administrator', created_at "
            "FROM participant WHERE kind = 'administrator'"
        )


def downgrade() -> None:
    op.drop_table('role_grant')
