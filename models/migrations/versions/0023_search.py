"""The words of issues, and who may find them"""

import secrets

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString

_ON_SQLITE = (
    "CREATE VIRTUAL TABLE search_text USING fts5(subject, words, private, reporter, tokenize = 'ascii')",
    "CREATE TRIGGER search_due_opened AFTER INSERT ON issue"
    " BEGIN INSERT INTO search_due (issue_id) VALUES (NEW.id); END",
    "CREATE TRIGGER search_due_changed AFTER UPDATE OF version ON issue"
    " BEGIN INSERT INTO search_due (issue_id) VALUES (NEW.id); END",
    "CREATE TRIGGER search_due_renamed AFTER UPDATE OF name, phone ON participant"
    " BEGIN INSERT INTO search_due (issue_id) SELECT id FROM issue WHERE reporter_id = NEW.id; END",
)
_ON_POSTGRESQL = (
    "CREATE TABLE search_text (issue_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_text_words ON search_text USING gin (words)",
    "CREATE FUNCTION search_due_issue() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN INSERT INTO search_due (issue_id) VALUES (NEW.id); RETURN NULL; END'",
    "CREATE FUNCTION search_due_reporter() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN INSERT INTO search_due (issue_id) SELECT id FROM issue WHERE reporter_id = NEW.id; RETURN NULL; END'",
    "CREATE TRIGGER search_due_opened AFTER INSERT ON issue FOR EACH ROW EXECUTE FUNCTION search_due_issue()",
    "CREATE TRIGGER search_due_changed AFTER UPDATE OF version ON issue"
    " FOR EACH ROW EXECUTE FUNCTION search_due_issue()",
    "CREATE TRIGGER search_due_renamed AFTER UPDATE OF name, phone ON participant"
    " FOR EACH ROW EXECUTE FUNCTION search_due_reporter()",
)


def upgrade() -> None:
    op.create_table('search_party',
    sa.Column('party', _TEXT(length=40), nullable=False),
    sa.Column('issue_id', _BIG, nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('party', 'issue_id', name=op.f('pk_search_party'))
    )
    op.create_index(op.f('ix_search_party_issue_id'), 'search_party', ['issue_id'])
    op.create_table('search_due',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('issue_id', _BIG, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_due'))
    )
    key = op.create_table('search_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('secret', _TEXT(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_key'))
    )
    op.create_table('private_search',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('participant_id', _BIG, nullable=False),
    sa.Column('at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('kind', _TEXT(length=20), nullable=False),
    sa.Column('said', _TEXT(length=200), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_private_search_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_private_search'))
    )
    op.create_index(op.f('ix_private_search_participant_id'), 'private_search', ['participant_id'])
    op.bulk_insert(key, [{'secret': secrets.token_hex(32)}])
    for statement in _ON_SQLITE if op.get_bind().dialect.name == 'sqlite' else _ON_POSTGRESQL:
        op.execute(statement)
    # what there is already is read in portions, while the house is open
    op.execute("INSERT INTO search_due (issue_id) SELECT id FROM issue ORDER BY id")


def downgrade() -> None:
    for trigger, table in (('opened', 'issue'), ('changed', 'issue'), ('renamed', 'participant')):
        on = '' if op.get_bind().dialect.name == 'sqlite' else f' ON {table}'
        op.execute(f"DROP TRIGGER search_due_{trigger}{on}")
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP FUNCTION search_due_issue")
        op.execute("DROP FUNCTION search_due_reporter")
    for table in ('search_text', 'private_search', 'search_key', 'search_due', 'search_party'):
        op.drop_table(table)
