"""Values that may stand in one issue only"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'unique_value',
        sa.Column('definition_key', sa.String(length=60), nullable=False),
        sa.Column('field', sa.String(length=60), nullable=False),
        sa.Column('scope', sa.String(length=120), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_unique_value_issue_id_issue')),
        sa.PrimaryKeyConstraint('definition_key', 'field', 'scope', 'digest', name=op.f('pk_unique_value')),
    )
    op.create_index(op.f('ix_unique_value_issue_id'), 'unique_value', ['issue_id'])


def downgrade() -> None:
    op.drop_table('unique_value')
