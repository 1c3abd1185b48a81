"""Who somebody is at a provider of log-ins"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.base import MomentColumn


revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('identity',
    sa.Column('issuer', _TEXT(length=300), nullable=False),
    sa.Column('subject', _TEXT(length=255), nullable=False),
    sa.Column('participant_id', key, nullable=False),
    sa.Column('bound_at', MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_identity_participant_id_participant')),
    sa.PrimaryKeyConstraint('issuer', 'subject', name=op.f('pk_identity')),
    sa.UniqueConstraint('participant_id', name=op.f('uq_identity_participant_id'))
    )


def downgrade() -> None:
    op.drop_table('identity')
