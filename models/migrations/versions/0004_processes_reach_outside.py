"""Files, publications, promises, links and connections: what processes reach beside their own issue"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('connection',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('url', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('secret', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
    sa.Column('timeout_seconds', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_connection'))
    )
    op.create_table('file_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('points', sa.Float(), nullable=True),
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_file_entry_issue_id_issue')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_file_entry_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_entry')),
    sa.UniqueConstraint('key', name=op.f('uq_file_entry_key'))
    )
    with op.batch_alter_table('file_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_file_entry_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index('ix_file_entry_of', ['participant_id', 'year'], unique=False)

    op.create_table('form_draft',
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('entered', sa.JSON(), nullable=False),
    sa.Column('saved_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_form_draft_issue_id_issue')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_form_draft_participant_id_participant')),
    sa.PrimaryKeyConstraint('issue_id', 'item', 'participant_id', name=op.f('pk_form_draft'))
    )
    op.create_table('involvement',
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('party', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_involvement_issue_id_issue')),
    sa.PrimaryKeyConstraint('issue_id', 'party', 'kind', name=op.f('pk_involvement'))
    )
    with op.batch_alter_table('involvement', schema=None) as batch_op:
        batch_op.create_index('ix_involvement_party', ['party'], unique=False)

    op.create_table('issue_link',
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_issue_link_issue_id_issue')),
    sa.PrimaryKeyConstraint('issue_id', 'other_id', 'kind', name=op.f('pk_issue_link'))
    )
    with op.batch_alter_table('issue_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_link_other_id'), ['other_id'], unique=False)

    op.create_table('promise',
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('party', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(length=5000), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('made_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('ended_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_promise_issue_id_issue')),
    sa.PrimaryKeyConstraint('issue_id', 'number', name=op.f('pk_promise'))
    )
    with op.batch_alter_table('promise', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promise_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_promise_party'), ['party'], unique=False)

    op.create_table('publication',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('published_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('withdrawn_at', models.base.MomentColumn(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_publication_issue_id_issue')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication')),
    sa.UniqueConstraint('key', name=op.f('uq_publication_key'))
    )
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publication_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_publication_kind'), ['kind'], unique=False)

    with op.batch_alter_table('work_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False, server_default='task'))
