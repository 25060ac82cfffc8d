"""Core statements compiled once and run on the driver's own cursor, for the write door.

What SQLAlchemy does anew for each execution takes longer than SQLite takes for the work
(bench/bench_store.py). The statement is written in Core, its SQL and the conversion of values are
SQLAlchemy's; only the way round is shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one kind of database takes it; `positions` where values go by place, not by name.

    `fixed` are the values that stand in the statement itself.
    """

    sql: str
    positions: tuple[str, ...] | None
    given: tuple[tuple[str, Callable[[Any], Any]], ...]
    got: tuple[tuple[int, Callable[[Any], Any]], ...]
    fixed: Mapping[str, Any]

    def parameters(self, values: Values) -> Any:
        if self.fixed:
            values = {**self.fixed, **values}
        if self.given:
            values = {**values, **{name: convert(values[name]) for name, convert in self.given}}
        return values if self.positions is None else tuple([values[name] for name in self.positions])


def sent_together(connection: Connection) -> AbstractContextManager[object]:
    """Within it a server is not waited for until somebody reads what was found, or it ends: what goes wrong
    is raised there, and `run` knows no number of rows.
    """
    if connection.dialect.name != "postgresql":  # SQLite is in this process
        return nullcontext()
    driven: Any = connection.connection.driver_connection
    together: AbstractContextManager[object] = driven.pipeline()
    return together


class Prepared:
    """One statement. `columns` are those an INSERT or UPDATE sets, all of them by default."""

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._forms: dict[str, _Form] = {}

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """What a SELECT finds, or a statement returns."""
        form = self._form(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.execute(form.sql, form.parameters(values))
        rows: list[tuple[Any, ...]] = list(cursor.fetchall())
        cursor.close()
        return [_converted(row, form.got) for row in rows] if form.got else rows

    def run(self, connection: Connection, values: Values) -> int:
        """Execute once; answers how many rows it touched."""
        form = self._form(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.execute(form.sql, form.parameters(values))
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def run_all(self, connection: Connection, rows: Iterable[Values]) -> None:
        """Execute once for each row."""
        form = self._form(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.executemany(form.sql, [form.parameters(row) for row in rows])
        cursor.close()

    def run_all_in_order(self, connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
        """Execute once for each row, which holds the values in the order of `columns`."""
        assert self._columns is not None, "the columns have an order"
        form = self._form(connection.dialect)
        if form.positions != tuple(self._columns):
            self.run_all(connection, [dict(zip(self._columns, row, strict=True)) for row in rows])
            return
        converted = [(form.positions.index(name), convert) for name, convert in form.given]
        cursor = connection.connection.cursor()
        cursor.executemany(form.sql, [_converted(row, converted) for row in rows])
        cursor.close()

    def _form(self, dialect: Dialect) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = self._compiled(dialect)
        return form

    def _compiled(self, dialect: Dialect) -> _Form:
        assert isinstance(self._statement, ClauseElement)
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        assert isinstance(compiled, SQLCompiler)
        given = [(name, _given(bind.type, dialect)) for name, bind in compiled.binds.items()]
        chosen = getattr(self._statement, "selected_columns", ())
        got = [(place, _got(column.type, dialect)) for place, column in enumerate(chosen)]
        return _Form(
            str(compiled),
            tuple(compiled.positiontup) if compiled.positiontup is not None else None,
            tuple((name, convert) for name, convert in given if convert),
            tuple((place, convert) for place, convert in got if convert),
            {name: bind.value for name, bind in compiled.binds.items() if not bind.required},
        )


def _given(type: Any, dialect: Dialect) -> Convert:
    convert: Convert = type.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _got(type: Any, dialect: Dialect) -> Convert:
    convert: Convert = type.dialect_impl(dialect).result_processor(dialect, None)
    return convert


def _converted(row: Sequence[Any], got: Sequence[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for place, convert in got:
        values[place] = convert(values[place])
    return tuple(values)
