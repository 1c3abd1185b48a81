"""Keys of the API"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.base import MomentColumn


revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENTS = (('made_at', False), ('expires_at', False), ('agreed_at', True), ('used_at', True), ('ended_at', True))
_OTHERS = (
    ('participant_id', 'participant'),
    ('area_id', 'area'),
    ('station_id', 'station'),
    ('made_by_id', 'participant'),
    ('ended_by_id', 'participant'),
)


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('api_key',
    sa.Column('id', _TEXT(length=8), nullable=False),
    sa.Column('secret_hash', _TEXT(length=64), nullable=False),
    sa.Column('name', _TEXT(length=100), nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('made_by_id', key, nullable=False),
    sa.Column('ended_by_id', key, nullable=True),
    *(sa.Column(name, MomentColumn(), nullable=empty) for name, empty in _MOMENTS),
    *(sa.ForeignKeyConstraint([name], [f'{of}.id'], name=op.f(f'fk_api_key_{name}_{of}')) for name, of in _OTHERS),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key'))
    )
    op.create_index(op.f('ix_api_key_participant_id'), 'api_key', ['participant_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_api_key_participant_id'), table_name='api_key')
    op.drop_table('api_key')
