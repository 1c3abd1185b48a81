"""Passkeys, and the questions that they answer"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.base import MomentColumn


revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('passkey',
    sa.Column('id', key, nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('credential', _TEXT(length=1400), nullable=False),
    sa.Column('public_key', _TEXT(length=4000), nullable=False),
    sa.Column('handle', _TEXT(length=100), nullable=False),
    sa.Column('name', _TEXT(length=60), nullable=False),
    sa.Column('sign_count', key, nullable=False),
    sa.Column('synced', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('made_at', MomentColumn(), nullable=False),
    sa.Column('used_at', MomentColumn(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_passkey_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential', name=op.f('uq_passkey_credential'))
    )
    op.create_index(op.f('ix_passkey_participant_id'), 'passkey', ['participant_id'], unique=False)
    op.create_table('passkey_challenge',
    sa.Column('challenge_hash', _TEXT(length=64), nullable=False),
    sa.Column('purpose', _TEXT(length=20), nullable=False),
    sa.Column('browser', _TEXT(length=64), nullable=False),
    sa.Column('participant_id', key, nullable=True),
    sa.Column('expires_at', MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_passkey_challenge_participant_id_participant')),
    sa.PrimaryKeyConstraint('challenge_hash', name=op.f('pk_passkey_challenge'))
    )
    op.create_index(op.f('ix_passkey_challenge_expires_at'), 'passkey_challenge', ['expires_at'], unique=False)
    op.create_index(op.f('ix_passkey_challenge_participant_id'), 'passkey_challenge', ['participant_id'], unique=False)


def downgrade() -> None:
    op.drop_table('passkey_challenge')
    op.drop_table('passkey')
