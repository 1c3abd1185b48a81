"""Messages that come in, senders that are blocked, and how far mailboxes were read"""

import sqlalchemy as sa
from alembic import op

import models.base


revision = '0076'
down_revision = '0075'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = models.base.MomentColumn
    op.create_table('inbound_message',
    sa.Column('id', key, nullable=False),
    sa.Column('channel', sa.String(20), nullable=False),
    sa.Column('key', sa.String(80), nullable=False),
    sa.Column('state', sa.String(20), nullable=False),
    sa.Column('kind', sa.String(20), nullable=False),
    sa.Column('at', moment(), nullable=False),
    sa.Column('sender', sa.Text(), nullable=True),
    sa.Column('sender_index', sa.String(40), nullable=True),
    sa.Column('sender_name', sa.Text(), nullable=True),
    sa.Column('trust', sa.String(10), nullable=False),
    sa.Column('recipients', sa.JSON().with_variant(sa.Text(), 'postgresql'), nullable=True),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('whole', sa.Text(), nullable=True),
    sa.Column('files', sa.JSON().with_variant(sa.Text(), 'postgresql'), nullable=True),
    sa.Column('raw', sa.JSON().with_variant(sa.Text(), 'postgresql'), nullable=True),
    sa.Column('why', sa.String(200), nullable=False),
    sa.Column('suggestion', sa.JSON().with_variant(sa.Text(), 'postgresql'), nullable=True),
    sa.Column('definition', sa.String(60), nullable=True),
    sa.Column('delivery_id', key, nullable=True),
    sa.Column('issue_id', key, nullable=True),
    sa.Column('participant_id', key, nullable=True),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('available_at', moment(), nullable=False),
    sa.Column('answered_at', moment(), nullable=True),
    sa.Column('settled_at', moment(), nullable=True),
    sa.Column('settled_by', sa.String(100), nullable=False),
    sa.Column('emptied_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_inbound_message_issue_id_issue')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_inbound_message_participant_id_participant')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_inbound_message_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_message')),
    sa.UniqueConstraint('channel', 'key', name=op.f('uq_inbound_message_channel_key'))
    )
    for name in ('at', 'sender_index', 'delivery_id', 'issue_id', 'participant_id'):
        op.create_index(f'ix_inbound_message_{name}', 'inbound_message', [name])
    for name, columns, state in (('received', ['available_at', 'id'], 'received'), ('tray', ['station_id', 'id'], 'tray')):
        where = sa.text(f"state = '{state}'")
        op.create_index(f'ix_inbound_message_{name}', 'inbound_message', columns, sqlite_where=where, postgresql_where=where)
    op.create_table('blocked_sender',
    sa.Column('id', key, nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('target_index', sa.String(40), nullable=True),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(300), nullable=False),
    sa.Column('blocked_at', moment(), nullable=False),
    sa.Column('blocked_by_id', key, nullable=False),
    sa.Column('lifted_at', moment(), nullable=True),
    sa.Column('lifted_by_id', key, nullable=True),
    sa.ForeignKeyConstraint(['blocked_by_id'], ['participant.id'], name=op.f('fk_blocked_sender_blocked_by_id_participant')),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['participant.id'], name=op.f('fk_blocked_sender_lifted_by_id_participant')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_blocked_sender_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blocked_sender'))
    )
    op.create_index('ix_blocked_sender_target_index', 'blocked_sender', ['target_index'])
    op.create_table('mail_folder',
    sa.Column('key', sa.String(64), nullable=False),
    sa.Column('validity', key, nullable=False),
    sa.Column('last_uid', key, nullable=False),
    sa.Column('read_at', moment(), nullable=True),
    sa.Column('fault', sa.String(300), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_mail_folder'))
    )


def downgrade() -> None:
    for table in ('mail_folder', 'blocked_sender', 'inbound_message'):
        op.drop_table(table)
