"""What is known of a log-in, and second factors"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.base import MomentColumn


revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_NEW = (
    sa.Column('made_at', MomentColumn(), nullable=True),
    sa.Column('seen_at', MomentColumn(), nullable=True),
    sa.Column('agent', _TEXT(length=200), nullable=False, server_default=''),
    sa.Column('how', _TEXT(length=20), nullable=False, server_default=''),
    sa.Column('awaits', _TEXT(length=20), nullable=False, server_default=''),
    sa.Column('tries', sa.Integer(), nullable=False, server_default='0'),
    sa.Column('served', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('second_factor_at', MomentColumn(), nullable=True),
)


def upgrade() -> None:
    for column in _NEW:
        op.add_column('session', column._copy())
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('second_factor',
    sa.Column('id', key, nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('kind', _TEXT(length=20), nullable=False),
    sa.Column('secret', _TEXT(length=300), nullable=False),
    sa.Column('last_step', key, nullable=False),
    sa.Column('made_at', MomentColumn(), nullable=False),
    sa.Column('used_at', MomentColumn(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_second_factor_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factor'))
    )
    op.create_index(op.f('ix_second_factor_participant_id'), 'second_factor', ['participant_id'])


def downgrade() -> None:
    op.drop_table('second_factor')
    for column in reversed(_NEW):
        op.drop_column('session', column.name)
