"""Overrides of definitions by stations and areas, and the variants of a version that they make"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('definition_override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('definition_key', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('scope', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('published_at', models.base.MomentColumn(timezone=True), nullable=False),
    sa.Column('published_by', sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
    sa.Column('problem', sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_override')),
    sa.UniqueConstraint('definition_key', 'scope', 'version', name=op.f('uq_definition_override_definition_key_scope_version'))
    )
    with op.batch_alter_table('definition_override', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_definition_override_definition_key'), ['definition_key'], unique=False)
    with op.batch_alter_table('definition_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('variant', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False, server_default=''))
        batch_op.drop_constraint(op.f('uq_definition_version_key_version'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_definition_version_key_version_variant'), ['key', 'version', 'variant'])
