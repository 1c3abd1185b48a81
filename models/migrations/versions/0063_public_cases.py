"""Public cases: what each tells of, its photographs, who is credited, what is searched, and why it was withdrawn"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0063'
down_revision = '0062'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about_id', key, nullable=True))
        batch_op.add_column(sa.Column('station_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('matter', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('days', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('photos', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('credit', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('words', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('withdrawn_by_id', key, nullable=True))
        batch_op.add_column(sa.Column('withdrawn_why', _TEXT(length=300), server_default='', nullable=False))
        batch_op.create_foreign_key(op.f('fk_publication_about_id_issue'), 'issue', ['about_id'], ['id'])
        batch_op.create_foreign_key(op.f('fk_publication_station_id_station'), 'station', ['station_id'], ['id'])
        batch_op.create_foreign_key(op.f('fk_publication_withdrawn_by_id_participant'), 'participant', ['withdrawn_by_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_publication_about_id'), ['about_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_publication_station_id'), ['station_id'], unique=False)
    op.execute('UPDATE publication SET station_id = (SELECT station_id FROM issue WHERE issue.id = publication.issue_id)')
    told = sa.table('publication', sa.column('id'), sa.column('title', sa.JSON()), sa.column('text', sa.JSON()), sa.column('words'))
    bind = op.get_bind()
    for row in bind.execute(sa.select(told.c.id, told.c.title, told.c.text)).all():
        texts = dict.fromkeys(str(one) for said in (row.title, row.text) for one in (said or {}).values())
        bind.execute(sa.update(told).where(told.c.id == row.id).values(words='\n'.join(texts).lower()))


def downgrade() -> None:
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publication_station_id'))
        batch_op.drop_index(batch_op.f('ix_publication_about_id'))
        for name in ('withdrawn_by_id_participant', 'station_id_station', 'about_id_issue'):
            batch_op.drop_constraint(f'fk_publication_{name}', type_='foreignkey')
        for name in (
            'withdrawn_why', 'withdrawn_by_id', 'words', 'credit', 'photos', 'days', 'matter', 'station_id', 'about_id',
        ):
            batch_op.drop_column(name)
