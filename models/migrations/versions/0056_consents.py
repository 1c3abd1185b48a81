"""What people were told when they gave their data, and to what they agreed"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('collection_notice',
    sa.Column('digest', _TEXT(length=64), nullable=False),
    sa.Column('language', _TEXT(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_at', models.base.MomentColumn(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_collection_notice'))
    )
    op.create_table('consent',
    sa.Column('issue_id', key, nullable=False),
    sa.Column('notice', _TEXT(length=64), nullable=False),
    sa.Column('sensitive', sa.JSON(), nullable=False),
    sa.Column('minor', sa.Boolean(), nullable=False),
    sa.Column('guardian', sa.Text(), nullable=False),
    sa.Column('given_at', models.base.MomentColumn(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_consent_issue_id_issue')),
    sa.ForeignKeyConstraint(['notice'], ['collection_notice.digest'], name=op.f('fk_consent_notice_collection_notice')),
    sa.PrimaryKeyConstraint('issue_id', name=op.f('pk_consent'))
    )
    op.add_column('delivery', sa.Column('emptied_at', models.base.MomentColumn(), nullable=True))


def downgrade() -> None:
    op.drop_column('delivery', 'emptied_at')
    op.drop_table('consent')
    op.drop_table('collection_notice')
