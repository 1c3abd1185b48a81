"""Accounts, and the one-time links by which a passphrase is set"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.base import MomentColumn


revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('account',
    sa.Column('participant_id', key, nullable=False),
    sa.Column('passphrase_at', MomentColumn(), nullable=True),
    sa.Column('signed_in_at', MomentColumn(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_account_participant_id_participant')),
    sa.PrimaryKeyConstraint('participant_id', name=op.f('pk_account'))
    )
    op.create_table('credential_link',
    sa.Column('id', key, nullable=False),
    sa.Column('token_hash', _TEXT(length=64), nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('purpose', _TEXT(length=30), nullable=False),
    sa.Column('how', _TEXT(length=20), nullable=False),
    sa.Column('made_by_id', key, nullable=True),
    sa.Column('made_at', MomentColumn(), nullable=False),
    sa.Column('expires_at', MomentColumn(), nullable=False),
    sa.Column('used_at', MomentColumn(), nullable=True),
    sa.Column('ended_at', MomentColumn(), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['participant.id'], name=op.f('fk_credential_link_made_by_id_participant')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_credential_link_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credential_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_credential_link_token_hash'))
    )
    op.create_index(op.f('ix_credential_link_participant_id'), 'credential_link', ['participant_id'])
    op.create_index(op.f('ix_credential_link_expires_at'), 'credential_link', ['expires_at'])


def downgrade() -> None:
    op.drop_table('credential_link')
    op.drop_table('account')
