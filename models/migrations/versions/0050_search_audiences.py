"""Words that only some may read: by audience, and hashed"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None

_ON_SQLITE = ("CREATE VIRTUAL TABLE search_text_shared USING fts5(words, tokenize = 'ascii')",)
_ON_POSTGRESQL = (
    "CREATE TABLE search_text_shared (passage BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_text_shared_words ON search_text_shared USING gin (words)",
)


def upgrade() -> None:
    with op.batch_alter_table('search_party') as table:
        table.add_column(sa.Column('follows', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('search_reader',
    sa.Column('party', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('passage', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('party', 'passage', name=op.f('pk_search_reader'))
    )
    op.create_index(op.f('ix_search_reader_issue_id'), 'search_reader', ['issue_id'])
    for statement in _ON_SQLITE if op.get_bind().dialect.name == 'sqlite' else _ON_POSTGRESQL:
        op.execute(statement)
    # what the search knows was written in plain where it was private: it is read anew, in portions, while the house is open
    op.execute("INSERT INTO search_due (issue_id) SELECT id FROM issue ORDER BY id")


def downgrade() -> None:
    op.drop_table('search_text_shared')
    op.drop_table('search_reader')
    with op.batch_alter_table('search_party') as table:
        table.drop_column('follows')
    op.execute("INSERT INTO search_due (issue_id) SELECT id FROM issue ORDER BY id")
