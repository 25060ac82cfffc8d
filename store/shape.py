"""Are the tables those that carepath makes, with nothing beside them that changes what is written?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, inspect, select, text

from store.problem import Problem
from store.table_base import Base
from store.tables import site


def problems(connection: Connection) -> Iterator[Problem]:
    """Tables and columns that are missing, triggers and rules, and the one row that there must be."""
    inspected = inspect(connection)
    there = set(inspected.get_table_names())
    for table in sorted(Base.metadata.tables.values(), key=lambda table: table.name):
        if table.name not in there:
            yield Problem(f"table {table.name}", "is missing")
            continue
        columns = {column["name"] for column in inspected.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                yield Problem(f"table {table.name}", f"has no column {column.name}")
    for kind, name in connection.execute(_acting[connection.dialect.name]):
        yield Problem(f"{kind} {name}", "was not made by carepath")
    if site.name in there:
        rows = connection.execute(select(func.count()).select_from(site)).scalar_one()
        if rows != 1:
            yield Problem(f"table {site.name}", f"holds {rows} rows, and must hold one")


_acting = {
    "sqlite": text("SELECT type, name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"),
    "postgresql": text(
        "SELECT 'trigger', tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        " UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = current_schema() ORDER BY 1, 2"
    ),
}
"""What acts by itself on what is written; carepath makes none of it."""
