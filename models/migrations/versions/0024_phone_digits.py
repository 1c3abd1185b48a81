"""The digits of telephone numbers, by which callers are found"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op



revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

_PEOPLE = sa.table('participant', sa.column('id', sa.Integer), sa.column('phone', sa.String), sa.column('phone_digits', sa.String))


def upgrade() -> None:
    op.add_column('participant', sa.Column('phone_digits', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True))
    op.create_index(op.f('ix_participant_phone_digits'), 'participant', ['phone_digits'])
    connection = op.get_bind()
    known = connection.execute(sa.select(_PEOPLE.c.id, _PEOPLE.c.phone).where(_PEOPLE.c.phone.is_not(None))).all()
    if known:
        found = _PEOPLE.update().where(_PEOPLE.c.id == sa.bindparam('of_id')).values(phone_digits=sa.bindparam('found'))
        connection.execute(found, [{'of_id': number, 'found': re.sub(r'[^0-9]', '', phone) or None} for number, phone in known])


def downgrade() -> None:
    op.drop_index(op.f('ix_participant_phone_digits'), 'participant')
    op.drop_column('participant', 'phone_digits')
