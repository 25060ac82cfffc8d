"""Case files in JSON and JSON lines: the same cases, the same refusals, with lines where there are any."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.case_file import Case, Refusal, read_cases
from tests.interop.test_case_file import refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"id": "A",\n "events": [\n {"id": "e1", "date": "2024-01-01",\n  "type": "x"}]}',
            ":4: e1: there is no event",
        ),
        ('{"id": "A", "facts": {\n"sex": "male",\n"sex": "male"}}', ":3: the key 'sex' stands twice"),
        ('{"id": "A",\n "facts": {"primary": {"er": NaN}}}', ":2: 'primary.er' must be one of"),
        ('{"id": "A\\u0000"}', "the character U+0000 may not stand in a text"),
        ('{"id": "A\x7f"}', "the character U+007F may not stand in a text"),
        ('{"id": "A\x9b2J"}', "the character U+009B may not stand in a text"),
        ('{"id": "A\\u202e"}', "the character U+202E may not stand in a text"),
        ('{"id": "A\u2028"}', "the character U+2028 may not stand in a text"),
        ('{"id": "A\\ud800"}', "may not stand in a text"),
        ('{"id": "A", "title": "\\ud83d\\ude00", "events": [1]}', "event 1: an event must be a mapping"),
        ('{"id": "A", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "more than 40 levels of nesting"),
        ('{"id": "A", "facts": {"birth_date": ' + "9" * 5000 + "}}", "'birth_date' must be a day"),
    ],
)
def test_wrong_json(text: str, expected: str) -> None:
    assert expected in refused(text).error


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"id": "A"', "f.json:1: this is no valid JSON"),
        ('{"id": \n NaN}', "f.json: this is no valid JSON: NaN is no number"),
        ("[" * 100_000, "f.json: the values are nested too deeply"),
        ('["A"]', "f.json: a case file is a mapping"),
        ("9" * 5000, "f.json: this is no valid JSON"),
    ],
)
def test_broken_json_files(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text)
    (refusal,) = read_cases(path, "f.json")
    assert isinstance(refusal, Refusal)
    assert refusal.error.startswith(expected)


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    lines = [
        b'{"id": "A"}',
        b"",
        b"{",
        b'{"id": "\xff"}',
        b'{"id": "B", "id": "C"}',
        b'{"id": "D", "events": [1]}',
        b'{"id": "E"}',
    ]
    path.write_bytes(b"\n".join(lines))
    cases = list(read_cases(path, "f"))
    assert [case.line for case in cases] == [1, 3, 4, 5, 6, 7]
    assert [type(case) for case in cases] == [Case, Refusal, Refusal, Refusal, Refusal, Case]
    told = [case.error for case in cases if isinstance(case, Refusal)]
    assert told[0].startswith("f:3: this is no valid JSON")
    assert told[1].startswith("f:4: byte 8 (0xff) is not UTF-8")
    assert told[2] == "f:5: the key 'id' stands twice in one object"
    assert told[3].startswith("f:6: event 1: an event must be a mapping")


@pytest.mark.parametrize("depth", [30, 500, 900, 950, 970, 980, 990, 1_000, 10_000])
def test_values_nested_without_end_stop_at_most_their_own_file(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    fields = f'"type": "correction", "target": "c", "field": "new", "reason": "\\u00e4", "new": {deep}'
    event = f'{{"id": "c", "date": "2024-01-01", {fields}}}'
    other = event.replace("new", "old", 1)
    first, *rest = read_cases(
        f'{{"vignettes": [{{"id": "A", "events": [{event}, {other}]}}, {{"id": "B"}}]}}'
    )
    assert isinstance(first, Refusal)
    assert all(isinstance(case, Case) for case in rest)


@pytest.mark.parametrize("name", ["f.jsonl", "f.ndjson", "f.yaml", "f.json"])
@pytest.mark.parametrize("content", [b"", b"\n \n", b'{"vignettes": []}\n', b"{}\n"])
def test_a_file_without_a_case_is_refused_whatever_its_form(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    (refusal,) = read_cases(path, "f")
    assert isinstance(refusal, Refusal)
    blank_json = name == "f.json" and not content.strip()
    assert ("no valid JSON" if blank_json else "the file holds no case") in refusal.error


def test_a_line_without_a_case_is_told_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('{"id": "A"}\n{}\n')
    assert [one.error for one in read_cases(path, "f") if isinstance(one, Refusal)] == [
        "f:2: the file holds no case"
    ]
