"""Whatever stands in tables and mapping: every row and every value is in one heap, and only once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from interop.mapped_join import Joined
from interop.mapped_report import Report
from interop.mapped_tables import open_tables
from interop.mapping import TableMapping
from interop.mapping_file import read_mapping_text

WORDS = ("", "", "a", "b", "?", "-", "zz", "2024-02-30", "2024-03-01", "2023-01-05", "12", "-3", "x y", '"q"')
cells = st.sampled_from(WORDS)
COLUMNS = ("Nr", "A", "B", "C", "D")
condition = st.sampled_from(
    ("", 'when = {A = "a"}', "when = {B = {filled = true}}", 'when = {C = {not = ["a", "b"]}}')
)
policy = st.sampled_from(("refuse", "unknown"))
days = st.sampled_from(('formats = ["YYYY-MM-DD"]', 'since = "surgery"'))
values = '{a = "positive", b = "negative", zz = "unknown"}'


@st.composite
def mappings(draw: st.DrawFn) -> TableMapping:
    """A register with facts and events, and a table with events of several kinds."""
    incomplete = draw(st.sampled_from(('"refuse"', '"leave out"')))
    id = draw(st.sampled_from(("", 'id = ["A", "B"]')))
    one_per = draw(st.sampled_from(("", 'one_per = ["A"]')))
    text = f"""carepath_mapping = 1
name = "generated"
unmapped = "{draw(policy)}"
[days]
{draw(days)}
[words]
unknown = ["?"]
not_stated = ["-"]
[[table]]
name = "r"
file = "r.csv"
register = true
patient = "Nr"
{draw(condition)}
[table.facts]
"primary.er" = {{column = "A", values = {values}}}
birth_date = "D"
[[table]]
name = "t"
file = "t.csv"
patient = "Nr"
[table.facts.her2_status]
cases = [{{when = {{A = "a"}}, value = "positive"}}, {{when = {{B = "b"}}, column = "A", values = {values}}}]
otherwise = "{draw(st.sampled_from(("unknown", "not stated", "unmapped")))}"
[[table.event]]
type = "response_assessed"
date = "C"
incomplete = {incomplete}
{draw(condition)}
{id}
fields.overall = {{column = "A", values = {{a = "PR", b = "PD"}}, unmapped = "{draw(policy)}"}}
[[table.event]]
type = "imaging_done"
date = "D"
incomplete = {incomplete}
{one_per}
{draw(condition)}
[[table.event.lesion]]
id = {{value = "L1"}}
organ = {{value = "bone"}}
diameter_mm = {{column = "B", unit = "cm"}}
"""
    return read_mapping_text(text, "generated")


rows = st.lists(st.tuples(st.sampled_from(("P", "Q", "R", "")), cells, cells, cells, cells), max_size=6)
known = st.lists(st.tuples(st.sampled_from(("P", "Q")), cells, cells, cells, cells), min_size=1, max_size=3)


def write(file: Path, table: Sequence[Sequence[str]]) -> None:
    lines = [
        ",".join(COLUMNS),
        *(",".join(one.replace('"', '""') if '"' not in one else '"""q"""' for one in row) for row in table),
    ]
    file.write_text("\n".join(lines) + "\n")


@settings(max_examples=150, deadline=None)
@given(mappings(), known, rows, st.booleans())
def test_rows_and_values_in_are_what_became_of_them(
    mapping: TableMapping,
    register: Sequence[Sequence[str]],
    table: Sequence[Sequence[str]],
    turned_away_by_the_store: bool,
) -> None:
    with TemporaryDirectory() as folder:
        write(Path(folder) / "r.csv", register)
        write(Path(folder) / "t.csv", table)
        opened = open_tables(Path(folder), mapping)
        report = Report.of([one.rule.name for one in opened.tables])
        seen: list[tuple[str, int]] = []
        for one in Joined(opened).patients():
            assert (one.story is None) == bool(one.errors)
            assert bool(one.told) == bool(one.errors)
            report.add_rows(one.tallies, refused=one.story is None or turned_away_by_the_store)
            seen += one.rows
    assert sorted(seen) == sorted((t.rule.name, row.number) for t in opened.tables for row in t.rows)
    for name, held in (("r", register), ("t", table)):
        tally = report.tables[name]
        filled = [row for row in held if any(row)]
        assert tally.rows_in == len(filled) == tally.rows_recorded + tally.rows_nothing + tally.rows_refused
        read = next(one.columns for one in mapping.tables if one.name == name)
        places = [COLUMNS.index(column) for column in read]
        assert tally.values_in == sum(bool(row[place]) for row in filled for place in places)
        assert tally.values_in == tally.values_recorded + tally.values_unknown + tally.values_refused
    assert report.total().rows_in == len(seen)


@settings(max_examples=50, deadline=None)
@given(mappings(), known, rows)
def test_the_order_of_rows_makes_no_difference_to_what_is_recorded(
    mapping: TableMapping, register: Sequence[Sequence[str]], table: Sequence[Sequence[str]]
) -> None:
    """Ids follow from columns or content, never from the place of a row."""
    named = [row for row in table if row[0]]
    one_each = {row[0]: row for row in register}.values()
    found = []
    for order in (named, named[::-1]):
        with TemporaryDirectory() as folder:
            write(Path(folder) / "r.csv", list(one_each))
            write(Path(folder) / "t.csv", order)
            read = Joined(open_tables(Path(folder), mapping)).patients()
            found.append(
                {one.patient: one.story and frozenset(e.id for e in one.story.entries) for one in read}
            )
    assert found[0] == found[1]
