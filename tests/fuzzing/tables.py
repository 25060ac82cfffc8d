"""Long tables as rows of words: right ones from small stories, and spoiled ones."""

from __future__ import annotations

import csv
import io
from random import Random

from interop.case import Case
from interop.case_file import read_cases
from interop.table_writer import write_long_table
from tests.fuzzing.line import room
from tests.fuzzing.odd import odd_text
from tests.fuzzing.patients import small_case
from tests.fuzzing.texts import as_json

Rows = list[list[str]]

_bare: Rows = [["patient", "id", "type", "date"], ["P1", "e01", "metastasis_suspected", "2025-01-07"]]


def table(chance: Random) -> Rows:
    """The header and rows of one to three patients, a fifth right, the others spoiled."""
    found = [case for _ in range(1 + chance.randrange(3)) if isinstance(case := _case(chance), Case)]
    rows = _rows(found) if found else [list(row) for row in _bare]
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        _spoil(rows, chance)
    return rows


def _case(chance: Random) -> object:
    return next(read_cases(as_json(small_case(chance), chance), "made"))


def _rows(cases: list[Case]) -> Rows:
    file = room() / "made.csv"
    write_long_table(cases, file)
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def _spoil(rows: Rows, chance: Random) -> None:
    row = chance.choice(rows)
    place = chance.randrange(len(row) + 1)
    match chance.randrange(9):
        case 0 | 1 | 2 if place < len(row):
            row[place] = odd_text(chance)
        case 3:
            row.insert(place, odd_text(chance))
        case 4 if place < len(row) and len(row) > 1:
            del row[place]
        case 5:
            rows.append(list(row) * chance.choice((1, 1, 1, 60)))
        case 6:
            rows.extend(list(row) for _ in range(chance.choice((1, 2, 300))))
        case 7:
            rows[0].append(
                chance.choice((*rows[0], "lesion.id", "lesions", "fact.hr_status", "nothing", "error"))
            )
        case 8 if len(rows) > 2:
            rows.remove(row)


def as_csv(rows: Rows, chance: Random) -> str:
    """The rows as CSV with any delimiter and end of line."""
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=chance.choice(",,;\t|"),
        lineterminator=chance.choice(("\n", "\n", "\r\n", "\r")),
        quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    )
    writer.writerows(rows)
    return out.getvalue()
