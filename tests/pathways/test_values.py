"""Values become canonical or are refused in words: a table for each type, and generated values."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.vocabulary import Field, FieldSet, ValueFault, load_vocabulary

vocabulary = load_vocabulary()
imaging = vocabulary.events["imaging_done"].fields
FIELDS = {
    "text": vocabulary.events["board_held"].fields["decision_text"],
    "texts": vocabulary.case["tags"],
    "date": vocabulary.facts["birth_date"],
    "moment": vocabulary.common["date"],
    "integer": vocabulary.facts["performance_status"],
    "decimal": vocabulary.lesion["diameter_mm"],
    "percent": vocabulary.facts["remnant_liver_function_percent"],
    "boolean3": imaging["complete"],
    "code": vocabulary.events["response_assessed"].fields["overall"],
    "fluid": vocabulary.findings["ascites"],
    "free code": vocabulary.lesion["location_detail"],
    "codes": vocabulary.events["board_held"].fields["disciplines"],
    "id": vocabulary.events["retraction"].fields["target"],
    "ids": vocabulary.events["mdt_started"].fields["targets"],
    "mapping": vocabulary.events["board_held"].fields["uncovered_lesions"],
    "findings": imaging["findings"],
    "lesions": imaging["lesions"],
    "any": vocabulary.events["correction"].fields["new"],
    "list": vocabulary.case["events"],
}
plus_two = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("name", "value", "canonical"),
    [
        ("text", "as said", "as said"),
        ("text", 12, "12"),
        ("text", 1.5, "1.5"),
        ("text", date(2024, 7, 1), "2024-07-01"),
        ("texts", ["a", 1], ("a", "1")),
        ("date", "1970-04-12", date(1970, 4, 12)),
        ("date", " 1970-04-12 ", date(1970, 4, 12)),
        ("date", date(1970, 4, 12), date(1970, 4, 12)),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("moment", "2024-07-01", date(2024, 7, 1)),
        ("moment", "2024-07-01T09:30", datetime(2024, 7, 1, 9, 30)),  # noqa: DTZ001
        ("moment", "2024-07-01 09:30:15+02:00", datetime(2024, 7, 1, 9, 30, 15, tzinfo=plus_two)),
        ("moment", "2024-07-01T09:30Z", datetime(2024, 7, 1, 9, 30, tzinfo=UTC)),
        ("moment", datetime(2024, 7, 1, 9, 30, tzinfo=UTC), datetime(2024, 7, 1, 9, 30, tzinfo=UTC)),
        ("integer", 0, 0),
        ("integer", 5, 5),
        ("decimal", 9, 9.0),
        ("decimal", 0.1, 0.1),
        ("percent", 100, 100.0),
        ("boolean3", True, True),
        ("boolean3", False, False),
        ("code", "PR", "PR"),
        ("fluid", "none", "none"),
        ("free code", "femur", "femur"),
        ("free code", "rib", "rib"),
        ("codes", "radiology", ("radiology",)),
        ("codes", ["radiology", "genetics", "radiology"], ("radiology", "genetics")),
        ("codes", [], ()),
        ("id", "e01", "e01"),
        ("id", 7, "7"),
        ("ids", ["L1", 2], ("L1", "2")),
        ("ids", "L1", ("L1",)),
        ("ids", 1, ("1",)),
        ("mapping", {"L1": "refused", 2: None}, {"L1": "refused", "2": None}),
        ("findings", {"ascites": "none", "paresis": None}, {"ascites": "none", "paresis": None}),
        ("lesions", [{"id": 1, "organ": "lung"}], ({"id": "1", "organ": "lung"},)),
        ("lesions", [], ()),
        ("any", {"a": [1]}, {"a": [1]}),
        ("list", [1, 2], (1, 2)),
    ],
)
def test_accepted(name: str, value: object, canonical: object) -> None:
    parsed = FIELDS[name].parse(value)
    assert parsed == canonical
    assert type(parsed) is type(canonical)
    assert FIELDS[name].problem(value) is None


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - {"id", "moment"}))
def test_null_is_unknown(name: str) -> None:
    assert FIELDS[name].parse(None) is None


@pytest.mark.parametrize(
    "field",
    [
        vocabulary.common["id"],
        vocabulary.common["date"],
        vocabulary.common["type"],
        vocabulary.lesion["id"],
        vocabulary.events["correction"].fields["field"],
        vocabulary.events["retraction"].fields["target"],
        vocabulary.events["task_progress"].fields["item"],
    ],
    ids=lambda field: field.name,
)
def test_what_makes_an_entry_cannot_be_unknown(field: Field) -> None:
    assert "not empty" in str(field.problem(None))


day = "a day as YYYY-MM-DD"
trap = "(YAML reads an unquoted"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("text", {"a": 1}, "'decision_text' must be text, not a mapping"),
        ("text", ["a"], "'decision_text' must be text, not a list"),
        ("text", True, f"not true {trap} yes, on or true so: put it in quotes)"),
        ("texts", "a", "'tags' must be a list, not 'a'"),
        ("date", "70-04-12", f"'birth_date' must be {day}, not '70-04-12'"),
        ("date", "0070-04-12", f"{day}, not '0070-04-12' (years from 1800 to 2199)"),
        ("date", "9999-12-31", "(years from 1800 to 2199)"),
        ("date", "2024-02-31", "not '2024-02-31': there is no such day or time"),
        ("date", "2023-02-29", "there is no such day or time"),
        ("date", "2024-7-1", f"must be {day}, not '2024-7-1'"),
        ("date", "20240701", f"must be {day}, not '20240701'"),
        ("date", "2024-W27-1", f"must be {day}"),
        ("date", "01.07.2024", f"must be {day}"),
        ("date", "٢٠٢٤-٠٧-٠١", f"must be {day}"),
        ("date", 20240701, f"must be {day}, not 20240701"),
        ("date", "2024-07-01T09:30", f"must be {day}, not '2024-07-01T09:30'"),
        ("date", datetime(2024, 7, 1, tzinfo=UTC), f"must be {day}, not 2024-07-01T00:00:00+00:00"),
        ("date", "unknown", f"must be {day}, not 'unknown'"),
        (
            "moment",
            "2024-07-01T25:00",
            "a time (2024-07-01T09:30+02:00), not '2024-07-01T25:00': there",
        ),
        ("moment", "2024-07-01T09", "with or without a time"),
        ("integer", True, "'performance_status' must be a whole number (at least 0 and at most 5), not true"),
        ("integer", 1.0, "must be a whole number (at least 0 and at most 5), not 1.0"),
        ("integer", "1", "not '1' (write the number without quotes)"),
        ("integer", -1, "not -1"),
        ("integer", 6, "not 6"),
        ("decimal", 0, "'diameter_mm' must be a number (more than 0), not 0"),
        ("decimal", math.nan, "must be a number (more than 0), not nan"),
        ("decimal", math.inf, "must be a number"),
        ("decimal", 10**400, "must be a number"),
        ("decimal", False, "must be a number (more than 0), not false"),
        ("decimal", "9 mm", "must be a number (more than 0), not '9 mm'"),
        ("percent", 100.5, "(at least 0 and at most 100), not 100.5"),
        (
            "boolean3",
            "yes",
            "'complete' must be true, false or null (unknown), not 'yes': write true where it is so, false",
        ),
        ("boolean3", "bestätigt", "not 'bestätigt': write true where it is so, false where it is not"),
        ("boolean3", 1, "'complete' must be true, false or null (unknown), not 1"),
        ("code", "pr", "'overall' must be one of CR, PR, SD, PD, NE, not 'pr'; did you mean 'PR'?"),
        ("code", "good", "'overall' must be one of CR, PR, SD, PD, NE, not 'good'"),
        ("code", ["PR"], "not a list"),
        ("code", 3, "not 3"),
        (
            "fluid",
            False,
            f"unknown, not false {trap} no, off or false so: put it in quotes)",
        ),
        ("free code", False, "'location_detail' must be a code or text, not false"),
        ("codes", ["radiology", "surgery"], "'disciplines' must be one or more of medical_oncology"),
        ("codes", {"radiology": True}, "'disciplines' must be a list, not a mapping"),
        ("codes", [None], "not empty"),
        ("id", True, "'target' must be an id (text, or a whole number), not true"),
        ("id", " ", "not ' '"),
        ("id", 1.5, "not 1.5"),
        ("ids", [None], "'targets' must be a list of ids, not empty"),
        ("ids", 1.5, "'targets' must be a list, not 1.5"),
        ("mapping", ["L1"], "'uncovered_lesions' must be a mapping, not a list"),
        ("mapping", {None: "x"}, "a key of 'uncovered_lesions' must be a name, not empty"),
        ("mapping", {"L1": {}}, "in 'uncovered_lesions': 'L1' must be text, not a mapping"),
        ("findings", {"fever": True}, "in 'findings': there is no field 'fever' in the findings"),
        ("lesions", {"id": "L1"}, "'lesions' must be a list, not a mapping"),
        ("lesions", ["L1"], "entry 1 of 'lesions' must be a mapping, not 'L1'"),
        ("lesions", [{"organ": "lung"}], "in 'lesions', entry 1: 'id' is missing"),
        ("lesions", [{"id": "L1"}], "in 'lesions', L1: 'organ' is missing: one of bone"),
        (
            "lesions",
            [{"id": "L1", "organ": "lung", "size": 1}],
            "L1: there is no field 'size' in a lesion",
        ),
        ("lesions", [{"id": "L1", "organ": "lung"}] * 2, "'lesions': the id 'L1' stands twice"),
        ("lesions", [{"id": 1, "organ": "lung"}, {"id": "1", "organ": "lung"}], "the id '1' stands twice"),
    ],
)
def test_refused(name: str, value: object, message: str) -> None:
    field = FIELDS[name]
    with pytest.raises(ValueFault) as refused:
        field.parse(value)
    assert message in str(refused.value)
    assert field.problem(value) == str(refused.value)


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(str(FIELDS["code"].problem("x" * 1_000))) < 120


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)
content: list[FieldSet] = [event.fields for event in vocabulary.events.values()]
every_field = [
    field for fields in (vocabulary.facts, vocabulary.common, *content) for field in fields.values()
]


def same(one: object, other: object) -> bool:
    """Equal, where what is not a number (in a field for anything) counts as equal to itself."""
    return repr(one) == repr(other)


@given(st.sampled_from(every_field), json_like)
def test_any_value_is_either_canonical_or_a_fault(field: Field, value: object) -> None:
    """Nothing else is raised, and a canonical value read again stays what it is."""
    problem = field.problem(value)
    if problem is None:
        parsed = field.parse(value)
        assert same(field.parse(parsed), parsed)
    else:
        assert repr(field.name) in problem


@given(st.sampled_from(content), st.data())
def test_any_content_is_read(fields: FieldSet, data: st.DataObject) -> None:
    keys = st.sampled_from([*fields, *fields.aliases]) if fields else st.nothing()
    reading = fields.read(data.draw(st.dictionaries(keys | st.text(), json_like, max_size=4)))

    assert set(reading.values) <= set(fields)
    assert same(fields.read(reading.values).values, reading.values)


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_a_day_reads_back(day: date) -> None:
    assert FIELDS["date"].parse(day.isoformat()) == day


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False, allow_nan=False))
def test_a_diameter_reads_back(number: float) -> None:
    assert FIELDS["decimal"].parse(number) == number
