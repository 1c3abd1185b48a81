"""Somebody who has the database and writes into it past the house: no foreign key and no trigger holds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from huying.house.house import House
from models.sealed import attach


@contextmanager
def tampered(house: House) -> Iterator[Connection]:
    """A transaction in which nothing is looked after."""
    engine = create_engine(house.database.engine.url)
    attach(engine.dialect, house.database.ring)
    with engine.begin() as connection:
        if not house.database.sqlite:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
    engine.dispose()
