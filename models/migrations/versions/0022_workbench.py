"""What lists are sorted into: steps and kinds of issues; saved lists; what people have an eye on"""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = models.base.MomentColumn(timezone=True)
_OPEN = sa.text("status = 'open'")
_BEFORE = ['station_id', 'definition_version_id', 'due_at', 'paused_at', 'provisional', 'calendar']


def upgrade() -> None:
    op.add_column('issue', sa.Column('step', _TEXT(length=60), nullable=True))
    op.add_column('issue', sa.Column('kind', _TEXT(length=60), nullable=True))
    _sort()
    op.drop_index('ix_issue_board', 'issue')
    op.create_index('ix_issue_board', 'issue', [*_BEFORE, 'step', 'kind'], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table('saved_view',
    sa.Column('id', _BIG, nullable=False),
    sa.Column('owner_id', _BIG, nullable=False),
    sa.Column('title', _TEXT(length=60), nullable=False),
    sa.Column('query', _TEXT(length=2000), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('saved_at', _MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['participant.id'], name=op.f('fk_saved_view_owner_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view'))
    )
    op.create_index(op.f('ix_saved_view_owner_id'), 'saved_view', ['owner_id'])
    op.create_table('attention',
    sa.Column('issue_id', _BIG, nullable=False),
    sa.Column('participant_id', _BIG, nullable=False),
    sa.Column('followed_at', _MOMENT, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_attention_issue_id_issue')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_attention_participant_id_participant')),
    sa.PrimaryKeyConstraint('issue_id', 'participant_id', name=op.f('pk_attention'))
    )
    followed = sa.text('followed_at IS NOT NULL')
    op.create_index('ix_attention_followed', 'attention', ['participant_id', 'issue_id'], sqlite_where=followed, postgresql_where=followed)


def _sort() -> None:
    """Say of the issues that there are at which step they are, and of which kind."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == 'sqlite'

    def part(*path: str | int) -> str:
        if sqlite:
            return "json_extract(state, '$" + ''.join(f'[{one}]' if isinstance(one, int) else f'."{one}"' for one in path) + "')"
        return "state #>> '{" + ','.join(str(one) for one in path) + "}'"

    step = part('visits', 0, 'step')
    connection.execute(sa.text(f"UPDATE issue SET step = {step} WHERE status = 'open'"))
    for version, body in connection.execute(sa.text('SELECT id, body FROM definition_version')).all():
        name = _sorted_by(json.loads(body) if isinstance(body, str) else body)
        if name:
            said = sa.text(f'UPDATE issue SET kind = {part("data", name)} WHERE definition_version_id = :version')
            connection.execute(said, {'version': version})


def _sorted_by(body: Mapping[str, Any]) -> str | None:
    """The first choice that everybody may read."""
    for name, field in (body.get('fields') or {}).items():
        if field.get('type') == 'choice' and field.get('options') and not (field.get('private') or field.get('seen by')):
            return name
    return None


def downgrade() -> None:
    op.drop_table('attention')
    op.drop_table('saved_view')
    op.drop_index('ix_issue_board', 'issue')
    op.create_index('ix_issue_board', 'issue', _BEFORE, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.drop_column('issue', 'kind')
    op.drop_column('issue', 'step')
