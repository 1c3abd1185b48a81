"""Ways in, as an office publishes them"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0070'
down_revision = '0069'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('channel_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(64), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('published_at', models.base.MomentColumn(), nullable=False),
    sa.Column('published_by', sa.String(100), nullable=False),
    sa.Column('note', sa.String(1000), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_version')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_channel_version_key_version'))
    )


def downgrade() -> None:
    op.drop_table('channel_version')
