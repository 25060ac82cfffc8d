"""What all tables have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import MetaData, Table, text
from sqlmodel import SQLModel


class Base(SQLModel):
    """The tables of this room, apart from what other rooms may add."""

    metadata: ClassVar[MetaData] = MetaData()


def only(condition: str) -> dict[str, Any]:
    """The options of an index that holds only the rows for which this is so."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model, as Core takes it."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it
    return table
