"""Residents who came on several ways and are one person"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0074'
down_revision = '0073'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = models.base.MomentColumn
    people = ('kept_id', 'joined_id', 'by_id', 'parted_by_id')
    op.create_table('person_join',
    sa.Column('id', key, nullable=False),
    sa.Column('kept_id', key, nullable=False),
    sa.Column('joined_id', key, nullable=False),
    sa.Column('confirmed_by', sa.String(20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', key, nullable=True),
    sa.Column('joined_at', moment(), nullable=False),
    sa.Column('part_reason', sa.Text(), nullable=False),
    sa.Column('parted_by_id', key, nullable=True),
    sa.Column('parted_at', moment(), nullable=True),
    *(sa.ForeignKeyConstraint([name], ['participant.id'], name=op.f(f'fk_person_join_{name}_participant')) for name in people),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_join'))
    )
    holds = sa.text('parted_at IS NULL')
    op.create_index('uq_person_join_holds', 'person_join', ['joined_id'], unique=True, sqlite_where=holds, postgresql_where=holds)
    for name in ('kept_id', 'joined_id'):
        op.create_index(f'ix_person_join_{name}', 'person_join', [name])


def downgrade() -> None:
    op.drop_table('person_join')
