"""What is new since somebody looked is found by the person"""

from alembic import op


revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_attention_person', 'attention', ['participant_id', 'issue_id', 'version'])


def downgrade() -> None:
    op.drop_index('ix_attention_person', 'attention')
