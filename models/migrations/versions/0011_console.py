"""What is done through Prefect's pages, and what the projection remembers of each issue"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_INDEXES = (('outbox', 'ix_outbox_given_up', 'issue_id'), ('delivery', 'ix_delivery_failed', 'ended_at'))


def upgrade() -> None:
    with op.batch_alter_table('history', schema=None) as batch_op:
        batch_op.add_column(sa.Column('via', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True))
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_as', sa.JSON(), nullable=True))
    for table, name, column in _INDEXES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(name, [column], unique=False, sqlite_where=sa.text("status = 'failed'"), postgresql_where=sa.text("status = 'failed'"))
    # a run that was made before has no deployment, without which Prefect's page can neither cancel nor retry: it is made anew
    op.execute(sa.text('UPDATE issue SET shown_version = 0, run_id = NULL'))


def downgrade() -> None:
    for table, name, _ in _INDEXES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(name)
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.drop_column('shown_as')
    with op.batch_alter_table('history', schema=None) as batch_op:
        batch_op.drop_column('via')
