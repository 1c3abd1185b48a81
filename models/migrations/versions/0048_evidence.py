"""Evidence: segments, heads, and what was let go"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table('evidence_due',
    sa.Column('id', _KEY, nullable=False),
    sa.Column('of_table', _TEXT(length=40), nullable=False),
    sa.Column('aspect', _TEXT(length=20), nullable=False),
    sa.Column('row_key', _TEXT(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_due'))
    )
    op.create_table('evidence_segment',
    sa.Column('id', _KEY, nullable=False),
    sa.Column('sealed_at', models.base.MomentColumn(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('contents', sa.Text(), nullable=False),
    sa.Column('leaves', sa.LargeBinary(), nullable=False),
    sa.Column('root', _TEXT(length=64), nullable=False),
    sa.Column('previous', _TEXT(length=64), nullable=False),
    sa.Column('mac', _TEXT(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_segment'))
    )
    op.create_table('evidence_head',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('segments', _KEY, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('signature', _TEXT(length=128), nullable=False),
    sa.Column('handed', sa.JSON(), nullable=False),
    sa.Column('stamp', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_evidence_head'))
    )
    op.create_table('evidence_exemption',
    sa.Column('id', _KEY, nullable=False),
    sa.Column('at', models.base.MomentColumn(), nullable=False),
    sa.Column('of_table', _TEXT(length=40), nullable=False),
    sa.Column('row_keys', sa.JSON(), nullable=False),
    sa.Column('aspects', sa.JSON(), nullable=False),
    sa.Column('why', _TEXT(length=500), nullable=False),
    sa.Column('until', _KEY, nullable=False),
    sa.Column('mac', _TEXT(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_exemption'))
    )


def downgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == 'sqlite':
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'evidence_%'"
        for (name,) in bind.execute(sa.text(found)).all():
            op.execute(f'DROP TRIGGER {name}')
    else:
        found = "SELECT proname FROM pg_proc WHERE proname LIKE 'evidence_%' AND pronamespace = current_schema()::regnamespace"
        for (name,) in bind.execute(sa.text(found)).all():
            op.execute(f'DROP FUNCTION {name} CASCADE')
    for table in ('evidence_exemption', 'evidence_head', 'evidence_segment', 'evidence_due'):
        op.drop_table(table)
