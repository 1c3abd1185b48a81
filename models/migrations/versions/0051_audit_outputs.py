"""How far the audit log was handed on to places outside"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('audit_output',
    sa.Column('place', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('seq', key, nullable=False),
    sa.PrimaryKeyConstraint('place', name=op.f('pk_audit_output'))
    )


def downgrade() -> None:
    op.drop_table('audit_output')
