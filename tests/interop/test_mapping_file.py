"""A mapping is read whole, or refused with every fault of it, its line and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.mapping_file import BadMapping, read_mapping, read_mapping_text
from interop.toml_lines import line_of_path, toml_lines

GOOD = """carepath_mapping = 1
name = "x"
[days]
formats = ["DD.MM.YYYY"]
[words]
unknown = ["?"]
[values.receptor]
pos = "positive"
[[table]]
file = "p.csv"
register = true
patient = "Nr"
[table.facts]
sex = {column = "G", values = {w = "female"}}
"primary.er" = {column = "ER", values = "receptor"}
[[table.event]]
type = "response_assessed"
repeat = [1, 2]
date = "day_{n}"
when = {K = {not = ["a", "b"]}, L = {filled = true}, M = ["c"]}
[table.event.fields]
overall = {column = "response_{n}", unmapped = "unknown"}
[[table.event]]
type = "imaging_done"
date = {column = "B", formats = ["YYYY-MM-DD"]}
fields = {"findings.ascites" = {value = "none"}, note = {text = "seen by {W}"}}
[[table.event.lesion]]
id = {value = "L1"}
organ = {cases = [{when = {O = "Leber"}, value = "liver"}], otherwise = "unknown"}
diameter_mm = {column = "cm", unit = "cm", decimal = ","}
"""


def test_a_mapping_is_read_with_its_groups_of_columns() -> None:
    found = read_mapping_text(GOOD, "good.toml")
    [table] = found.tables
    assert found.register is table
    assert [event.name for event in table.events] == [
        "response_assessed1",
        "response_assessed2",
        "imaging_done",
    ]
    assert table.columns == (
        *("Nr", "G", "ER", "K", "L", "M", "day_1", "response_1", "day_2", "response_2", "B", "W", "O", "cm"),
    )


FAULTS = [
    ("carepath_mapping = 1", "carepath_mapping = 2", "line 1: carepath_mapping: the first line"),
    ('name = "x"', "name = 7", "line 2: name: this must be text in quotes, not 7"),
    ('name = "x"', 'name = " "', "line 2: name: this is empty"),
    ('name = "x"', 'name = "a\\u001b"', "line 2: name: the character U+001B"),
    ('name = "x"', 'nome = "x"', "line 2: nome: there is no key 'nome' here; did you mean 'name'?"),
    ('name = "x"', 'name = "x"\nunmapped = "skip"', "line 3: unmapped: 'skip' is none of refuse, unknown"),
    ('formats = ["DD.MM.YYYY"]', "", "line 3: days: say how days are written"),
    (
        'formats = ["DD.MM.YYYY"]',
        'formats = ["TT.MM.JJJJ"]',
        "line 4: days, formats: 'TT' is no part of a day",
    ),
    ('formats = ["DD.MM.YYYY"]', 'formats = ["MM.YYYY"]', "must name day, month and year once each"),
    ('formats = ["DD.MM.YYYY"]', 'formats = ["DD.MM.YY"]', "two_digit_years_from = 1930"),
    (
        'formats = ["DD.MM.YYYY"]',
        f'formats = ["DD.MM.YY"]\ntwo_digit_years_from = {10**30}',
        "this must be a year from 1800 to 2100",
    ),
    (
        'formats = ["DD.MM.YYYY"]',
        "formats = [7]",
        "line 4: days, formats: this must be a text in quotes, or a list",
    ),
    ("[words]", "[[words]]", "this must be a table of keys, not a list"),
    ('file = "p.csv"', 'file = "p.csv"\ndelimiter = "colon"', "'colon' is none of comma, semicolon, tab"),
    ('file = "p.csv"', 'file = "p.csv"\nencoding = "ebcdic"', "'ebcdic' is none of utf-8"),
    ('file = "p.csv"', 'file = "p.csv"\nheader_row = 0', "header_row: this must be at least 1"),
    (
        'file = "p.csv"',
        'file = "p.csv"\nskip_rows = true',
        "skip_rows: this must be a whole number, not true",
    ),
    ('patient = "Nr"', "", "patient: this is missing: the column that names the patient"),
    ("register = true", "", "table: exactly one table says register = true"),
    ("register = true", "several_rows = true", "several_rows = true is for the register only"),
    ("register = true", "a." * 10_001 + "b = 1", "line 11: the line has 20,007 characters; at most 20,000"),
    ("[[table]]", "[table]", "table: write [[table]] with two brackets"),
    (
        "sex =",
        "sexx =",
        "line 14: table 1, facts, sexx: there is no field 'sexx' in the facts; did you mean 'sex'?",
    ),
    ('"primary.er"', "primary.er", "write the parts as"),
    ('w = "female"', 'w = "femal"', "'w': 'sex' must be one of female, male, other, unknown, not 'femal'"),
    ('w = "female"', "w = []", "'w' must mean one value of 'sex'"),
    ('w = "female"', 'w = "female", W = "male"', "'W' stands twice with different meanings"),
    ('values = "receptor"', 'values = "recepter"', "there is no list [values.recepter]"),
    ('values = "receptor"', "values = 7", 'this must be {"word" = "code", ...}'),
    ('type = "response_assessed"', 'type = "response"', "there is no event type 'response'"),
    ('type = "response_assessed"\n', "", "type: this is missing: an event type"),
    ('date = "day_{n}"', "", "date: an event needs the column of its day"),
    ("overall =", "overal =", "there is no field 'overal' in response_assessed; did you mean 'overall'?"),
    (
        'overall = {column = "response_{n}", unmapped = "unknown"}',
        "",
        "response_assessed needs the field 'overall'",
    ),
    ('{column = "response_{n}", unmapped', '{column = "r", value = "PR", unmapped', "name one of column"),
    ("K = {not", "K = {nott", "write a word, a list of words"),
    ('K = {not = ["a", "b"]}', 'K = {not = "a", or_unknown = 1}', "write a word, a list of words"),
    ('K = {not = ["a", "b"]}', "K = {or_unknown = true}", "write a word, a list of words"),
    ("repeat = [1, 2]", "repeat = []", "repeat: this list is empty, so nothing would be read"),
    ('cases = [{when = {O = "Leber"}, value = "liver"}]', "cases = []", "cases: this list is empty"),
    ('"findings.ascites"', "findings", "'findings' has parts"),
    ('"findings.ascites"', '"findings.ascitis"', "there is no field 'ascitis'"),
    ('{value = "none"}', '{value = "non"}', "value: 'ascites' must be one of none, benign"),
    ('{value = "none"}', "{value = [1]}", "value: this must be one value"),
    ('{text = "seen by {W}"}', '{text = "seen"}', "a text made of {columns} can only fill a text"),
    ('{value = "L1"}\norgan', '{value = "L1"}\norgn', "a lesion needs 'organ'"),
    ('unit = "cm"', 'unit = "inch"', "'inch' cannot be converted to mm; units: mm, cm, m"),
    ('formats = ["YYYY-MM-DD"]', 'formats = ["YYYY-MM"]', "must name day, month and year once each"),
]


@pytest.mark.parametrize(("good", "bad", "told"), FAULTS)
def test_every_fault_is_told_with_what_would_be_right(good: str, bad: str, told: str) -> None:
    assert good in GOOD
    with pytest.raises(BadMapping) as refused:
        read_mapping_text(GOOD.replace(good, bad, 1), "bad.toml")
    assert told in str(refused.value)


def test_all_faults_are_told_in_the_order_of_the_file() -> None:
    bad = GOOD.replace("female", "femal").replace("overall", "overal").replace('name = "x"', "name = 7")
    with pytest.raises(BadMapping) as refused:
        read_mapping_text(bad, "bad.toml")
    lines = [fault.line or 0 for fault in refused.value.faults]
    assert lines == sorted(lines)
    assert lines[0] == 2


def test_two_tables_and_two_events_of_the_same_name_are_refused() -> None:
    table = GOOD[GOOD.index("[[table]]") :]
    with pytest.raises(BadMapping) as refused:
        read_mapping_text(GOOD + table, "bad.toml")
    assert "two do: p.csv, p.csv" in str(refused.value)
    assert "two tables are called 'p.csv'" in str(refused.value)
    event = table[table.index('[[table.event]]\ntype = "imaging_done"') :]
    with pytest.raises(BadMapping, match="two events of this table are called 'imaging_done'"):
        read_mapping_text(GOOD + event, "bad.toml")


def test_a_file_that_is_no_mapping_is_told(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    with pytest.raises(BadMapping, match="cannot be read: No such file"):
        read_mapping(file)
    file.write_text("a = ")
    with pytest.raises(BadMapping, match="this is no TOML: Invalid value"):
        read_mapping(file)
    file.write_bytes(b"name = 1\n# \xff")
    with pytest.raises(BadMapping, match="line 2: the mapping is not UTF-8"):
        read_mapping(file)
    file.write_bytes(b"#" * 5_000_001)
    with pytest.raises(BadMapping, match="at most 5 MB"):
        read_mapping(file)
    file.write_text("carepath_mapping = 1")
    with pytest.raises(BadMapping, match=r"at least one \[\[table\]\]"):
        read_mapping(file)


def test_the_line_of_a_key_is_found_in_nested_lists_of_tables() -> None:
    lines = toml_lines('a = 1\n[[t]]\nb.c = 2\n[[t]]\n[[t.e]]\n"d e" = 3\n[t.e.f]\nx = [\n 1]\n= broken\n')
    assert lines[("a",)] == 1
    assert lines[("t", 0, "b", "c")] == 3
    assert lines[("t", 1, "e", 0, "d e")] == 6
    assert lines[("t", 1, "e", 0, "f", "x")] == 8
    assert line_of_path(lines, ("t", 1, "e", 0, "f", "y")) == 7
    assert line_of_path(lines, ("z",)) is None


def test_a_number_without_end_is_refused() -> None:
    with pytest.raises(BadMapping, match="more digits than can be read"):
        read_mapping_text(f"x = {'9' * 5000}", "m.toml")


def test_lines_are_found_in_a_time_that_grows_with_the_text() -> None:
    words = ("a" * 5000, "a." * 5000, "a. " * 5000, "[" + "a." * 5000, "[" + "] " * 5000, '"' * 5001)
    assert set(toml_lines("\n".join(words))) <= {()}


def test_a_header_that_is_none_has_no_lines() -> None:
    assert toml_lines("[a = {b = 1, c = 2} #]") == {("a",): 1}
    assert toml_lines(f"[a = {'9' * 5000} #]\n[b]") == {(): 1, ("b",): 2}
