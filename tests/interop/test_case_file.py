"""Case files: what YAML and JSON may look like, and the clear refusal of what is wrong, with its place."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop import sources, yaml_source
from interop.case_file import Case, Checkpoint, Refusal, read_cases, write_case
from tests.interop.stories import plain_values

visit = "{id: e1, date: '2024-07-01', type: follow_up_visit}"
response = "{id: e2, date: '2024-07-02', type: response_assessed, overall: PR}"


def one(text: str) -> Case | Refusal:
    (case,) = read_cases(text, "f.yaml")
    return case


def read(text: str) -> Case:
    case = one(text)
    assert isinstance(case, Case), case
    return case


def refused(text: str) -> Refusal:
    case = one(text)
    assert isinstance(case, Refusal), case
    return case


def test_a_file_with_several_cases_and_checkpoints() -> None:
    first, second = read_cases(
        f"""
title: a collection
vignettes:
- id: A
  title: First
  tags: [x]
  note: not read
  facts: {{sex: female, primary: {{status: intact}}}}
  events: [{visit}]
  checkpoints:
  - as_of: 2024-07-05
  - as_of: '2024-07-05'
    known_at: '2024-07-06T10:00Z'
    settings: {{lead_days: 7}}
    expected: {{state: x}}
    note: not read
- id: 2
""",
        "f.yaml",
    )
    assert isinstance(first, Case)
    assert isinstance(second, Case)
    assert (first.id, first.title, first.file, first.line) == ("A", "First", "f.yaml", 4)
    assert first.facts == {"sex": "female", "primary.status": "intact"}
    assert [event.id for event in first.story.entries] == ["e1"]
    day = date(2024, 7, 5)
    assert first.checkpoints == (
        Checkpoint(day, day),
        Checkpoint(day, datetime(2024, 7, 6, 10, tzinfo=UTC), {"lead_days": 7}, {"state": "x"}),
    )
    assert (second.id, second.title, second.story.entries, second.checkpoints) == ("2", None, (), ())


def test_a_bare_mapping_is_one_case() -> None:
    assert read(f"id: A\nevents: [{visit}]\n").line == 1
    assert read('{"id": "A", "events": []}').id == "A"
    assert read("{id: A, events: []}").id == "A"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("none", "none"),
        ("2024-07-01", "2024-07-01"),
        ("012", "012"),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("1e3", "1e3"),
        ("0x1f", "0x1f"),
        (".5", ".5"),
        ("'12'", "12"),
        ("=", "="),
        ("'null'", "null"),
        ("null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("False", False),
        ("-12", -12),
        ("12.50", 12.5),
        ("[a, 1]", ["a", 1]),
        ("{no: yes}", {"no": "yes"}),
        ('"\\U0001F600"', "\U0001f600"),
    ],
)
def test_plain_words_of_yaml(written: str, value: object) -> None:
    case = read(f"id: A\ncheckpoints: [{{as_of: 2024-01-01, expected: {{x: {written}}}}}]")
    assert case.checkpoints[0].expected == {"x": value}


def test_anchors_may_spare_repetition() -> None:
    facts = "facts: &facts {sex: female}\n"
    cases = list(read_cases(f"vignettes:\n- id: A\n  {facts}- id: B\n  facts: *facts\n"))
    assert [case.facts for case in cases if isinstance(case, Case)] == [{"sex": "female"}] * 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "the file holds no case"),
        ("# nothing\n", None, "the file holds no case"),
        ("vignettes: []", None, "the file holds no case"),
        ("just text", 1, "a case file is a mapping"),
        ("- id: A\n- id: B", 1, "a case file is a mapping"),
        ("vignettes: {id: A}", 1, "'vignettes' must be a list of cases"),
        ("id: A\nevents: [\n", 3, "this is no valid YAML"),
        ("id: A\n\tevents: []", 2, "this is no valid YAML"),
        ("id: A\n---\nid: B", 2, "a second YAML document begins"),
        ("id: \x00", None, "this is no valid YAML: control characters are not allowed"),
        ("id: A\nx: " + "[" * 60 + "]" * 60, 2, "more than 40 levels of nesting"),
        ("id: \ud800", None, "half a character"),
        ('{"id": "A"', 2, "this is no valid YAML"),
    ],
)
def test_a_broken_file_is_one_refusal(text: str, line: int | None, words: str) -> None:
    refusal = refused(text)
    place = f"f.yaml:{line}: " if line else "f.yaml: "
    assert (refusal.case, refusal.file, refusal.line) == (None, "f.yaml", line)
    assert refusal.error.startswith(place)
    assert words in refusal.error


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("facts: {}", "f.yaml:1: a case needs an id: 'id' must be an id"),
        ("id: A\nevent: []", "f.yaml:2: there is no field 'event' in a case; did you mean 'events'?"),
        ("id: A\nevents: 3", "f.yaml:2: 'events' must be a list"),
        ("id: A\nfacts: [sex]", "f.yaml:2: the facts must be a mapping"),
        ("id: A\nfacts:\n  sex: f", "f.yaml:3: 'sex' must be one of female, male, other, unknown, not 'f'"),
        ("id: A\nfacts:\n  primary:\n    er: x", "f.yaml:4: 'primary.er' must be one of"),
        ("id: A\nevents: [3]", "f.yaml:2: event 1: an event must be a mapping"),
        (
            "id: A\nevents:\n- id: e1\n  type: x\n  date: 2024-01-01",
            "f.yaml:4: e1: there is no event type 'x'",
        ),
        ("id: A\nevents: [{type: death, date: 2024-01-01}]", "f.yaml:2: event 1: 'id' is missing"),
        (
            f"id: A\nevents:\n- {response}\n- {response.replace('PR', 'CR')}",
            "f.yaml:4: e2: the id is used twice",
        ),
        (
            "id: A\nfacts: {birth_date: 2025-01-01}\nevents:\n- " + visit,
            "f.yaml:4: e1: the event is dated 2024-07-01",
        ),
        ("id: A\nid: B", "f.yaml:2: the key 'id' stands twice"),
        ("id: A\nfacts: {sex: male, sex: female}", "f.yaml:2: the key 'sex' stands twice (first on line 2)"),
        ("id: A\nfacts: !x {sex: male}", "f.yaml:2: tags such as '!x' are not read"),
        ("id: A\nfacts: {sex: *sex}", "f.yaml:2: the alias *sex has no anchor before it"),
        ("id: A\n? [a]\n: b", "f.yaml:2: a key must be a plain name"),
        ('id: "a\\eb"', "f.yaml:1: the character U+001B may not stand in a text"),
        ("id: a\u202eb", "f.yaml:1: the character U+202E may not stand in a text"),
        ("id: 'a\u2066b'", "f.yaml:1: the character U+2066 may not stand in a text"),
        ("id: A\ncheckpoints: [1]", "f.yaml:2: checkpoint 1 must be a mapping with as_of"),
        (
            "id: A\ncheckpoints:\n- as_off: 2024-01-01",
            "f.yaml:3: checkpoint 1 has no field 'as_off'; did you mean 'as_of'?",
        ),
        ("id: A\ncheckpoints:\n- as_of: 2024-02-31", "f.yaml:3: checkpoint 1: 'as_of' must be a day"),
        ("id: A\ncheckpoints:\n- known_at: 2024-02-01", "f.yaml:3: checkpoint 1: 'as_of' must be a day"),
        (
            "id: A\ncheckpoints: [{as_of: 2024-02-01, known_at: x}]",
            "f.yaml:2: checkpoint 1: 'known_at' must be a day",
        ),
        (
            "id: A\ncheckpoints: [{as_of: 2024-02-01, expected: 1}]",
            "f.yaml:2: checkpoint 1: 'expected' must be a mapping",
        ),
        (
            "id: A\ncheckpoints: [{as_of: 2024-02-01, settings: 1}]",
            "f.yaml:2: checkpoint 1: 'settings' must be a mapping",
        ),
        (
            "id: A\ncheckpoints:\n- as_of: 2024-02-01\n  settings: {lead_dais: 1}",
            "f.yaml:4: checkpoint 1: there is no setting 'lead_dais'; did you mean 'lead_days'?",
        ),
        (
            "id: A\ncheckpoints: [{as_of: 2024-02-01, settings: {lead_days: -1}}]",
            "f.yaml:2: checkpoint 1: setting 'lead_days' must be a whole number (at least 0), not -1",
        ),
    ],
)
def test_a_wrong_case_is_one_refusal(text: str, expected: str) -> None:
    refusal = refused(text)
    assert any(line.startswith(expected) for line in refusal.error.splitlines()), refusal.error


def test_all_that_is_wrong_is_said_in_the_order_of_the_file() -> None:
    refusal = refused(
        f"""id: A
facts: {{sexx: female}}
events:
- {{id: e1, date: 2024-02-31, type: follow_up_visit}}
- {response}
- {response.replace("PR", "SD")}
- {{id: c1, date: 2024-07-03, type: correction, target: e1, field: date, new: 2024-07-03}}
extra: 1
"""
    )
    assert [line.split(":")[1] for line in refusal.error.splitlines()] == ["2", "4", "6", "8"]
    assert (refusal.case, refusal.line) == ("A", 2)


def test_one_refused_case_does_not_stop_the_others() -> None:
    text = f"vignettes:\n- id: A\n- {{id: B, id: C}}\n- 3\n- id: D\n  events: [{visit}]\n"
    assert [type(case) for case in read_cases(text)] == [Case, Refusal, Refusal, Case]


def test_what_stands_beside_the_cases_is_refused_after_them() -> None:
    case, refusal = read_cases("vignettes: [{id: A}]\nid: B\n", "f.yaml")
    assert isinstance(case, Case)
    assert isinstance(refusal, Refusal)
    assert refusal.error.startswith("f.yaml:2: 'id' cannot stand beside 'vignettes'")


def test_repeated_aliases_cannot_grow_without_limit() -> None:
    laughs = ["&a0 [x]"] + [f"&a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    refusal = refused(f"id: A\nfacts: [{', '.join(laughs)}]")
    assert "aliases repeat more than 10000 values" in refusal.error


def test_a_case_with_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "most_values", 50)
    assert "one case has more than 50 values" in refused(f"id: A\ntags: [{', '.join('x' * 60)}]").error
    many = "".join(f"- id: A{n}\n  tags: [a, b, c]\n" for n in range(60))
    assert all(isinstance(case, Case) for case in read_cases(f"vignettes:\n{many}"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("id: Müller".encode("latin-1"), "f:1: byte 5 (0xfc) is not UTF-8; save the file as UTF-8"),
        ("id: A\ntitle: ä\nnote: ".encode() + "ö".encode("cp1252"), "f:3: byte 22 (0xf6) is not UTF-8"),
        ("id: A".encode("utf-16"), "f:1: byte 0: the file is UTF-16; save it as UTF-8"),
    ],
)
def test_other_encodings_are_refused_with_their_place(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(data)
    (refusal,) = read_cases(path, "f")
    assert isinstance(refusal, Refusal)
    assert refusal.error.startswith(words)


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    for suffix, text in ((".yaml", "id: Ä"), (".json", '{"id": "Ä"}'), (".jsonl", '{"id": "Ä"}\n')):
        path = (tmp_path / "f").with_suffix(suffix)
        path.write_bytes(text.encode("utf-8-sig"))
        (case,) = read_cases(path)
        assert isinstance(case, Case)
        assert case.id == "Ä"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.yaml", tmp_path / "missing.jsonl"):
        (refusal,) = read_cases(path)
        assert isinstance(refusal, Refusal)
        assert refusal.error.startswith(f"{path}: the file cannot be read")


def test_ten_megabytes(tmp_path: Path) -> None:
    finding = f"ascites: none, note: '{'as before, no new findings; ' * 20}'"
    path = tmp_path / "large.yaml"
    with path.open("w") as file:
        file.write("id: A\nevents:\n")
        for n in range(17_000):
            file.write(f"- {{id: e{n}, date: '2024-07-01', type: finding_recorded, {finding}}}\n")
    assert path.stat().st_size > 10_000_000
    (case,) = read_cases(path)
    assert isinstance(case, Case)
    assert len(case.story.entries) == 17_000


def test_a_file_beyond_all_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.json"
    path.write_text('{"id": "A"}')
    monkeypatch.setattr(sources, "largest_json", 10)
    (refusal,) = read_cases(path)
    assert isinstance(refusal, Refusal)
    assert "split it, or write one case a line as JSON (.jsonl)" in refusal.error


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "T.XLSX"])
def test_a_table_is_no_case_file(tmp_path: Path, name: str) -> None:
    (refusal,) = read_cases(tmp_path / name)
    assert isinstance(refusal, Refusal)
    assert "`carepath import` reads tables" in refusal.error


def test_an_ending_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "F.JSONL"
    path.write_text('{"id": "A"}\n{"id": "B"}\n')
    assert len(list(read_cases(path))) == 2


def test_a_file_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "largest_file", 10)
    (refusal,) = read_cases(Path("/dev/zero"))
    assert isinstance(refusal, Refusal)
    assert "the file has more than 0 MB" in refusal.error


def test_a_long_file_that_breaks_off_is_refused_before_its_first_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "vignettes:\n- id: A\n- id: B\n- id: [\n"
    monkeypatch.setattr(sources, "read_ahead", 5)
    assert "this is no valid YAML" in refused(text).error
    assert len(list(read_cases("vignettes:\n- id: A\n- id: B\n"))) == 2


def test_the_shape_of_a_written_case() -> None:
    head = "id: A\ntitle: T\nfacts: {primary.er: positive}\n"
    text = f"{head}events: [{visit}]\ncheckpoints: [{{as_of: 2024-07-01}}]"
    assert write_case(read(text)) == (
        "vignettes:\n- id: A\n  title: T\n  facts: {primary: {er: positive}}\n  events:\n"
        "  - {id: e1, date: '2024-07-01', type: follow_up_visit}\n  checkpoints:\n  - as_of: '2024-07-01'\n"
    )


@given(st.text() | st.text("{}[]:-&*!|>'\"\n\t ab0.#,?%@`~", max_size=60))
def test_no_text_raises(text: str) -> None:
    for case in read_cases(text):
        assert isinstance(case, Case | Refusal)


@given(
    st.dictionaries(
        st.sampled_from(["id", "facts", "events", "checkpoints", "vignettes", "title"]), plain_values
    )
)
def test_no_content_raises(content: dict[str, object]) -> None:
    for case in read_cases(json.dumps(content)):
        assert isinstance(case, Case | Refusal)


@given(st.binary(max_size=60))
def test_no_file_raises(data: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        for suffix in (".yaml", ".json", ".jsonl"):
            path = Path(folder, f"f{suffix}")
            path.write_bytes(data)
            assert all(isinstance(case, Case | Refusal) for case in read_cases(path))


@pytest.mark.parametrize(
    ("word", "told"),
    [("SABR", "did you mean 'stereotactic_rt'?"), ("RT", "did you mean 'stereotactic_rt' or 'other_rt'?")],
)
def test_another_word_for_a_code_is_refused_with_the_code(word: str, told: str) -> None:
    plan = f"{{id: e1, date: '2024-07-01', type: mdt_planned, modality: {word}}}"
    assert told in refused(f"id: A\nevents: [{plan}]").error
