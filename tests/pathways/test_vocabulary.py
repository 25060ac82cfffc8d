"""The vocabulary holds all of its file, knows every spelling, and does not exist when the file is broken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from pathways.vocabulary import FieldSet, ValueFault, load_vocabulary
from pathways.vocabulary_reader import VocabularyError, read_vocabulary, shipped

vocabulary = load_vocabulary()
file: dict[str, Any] = yaml.load(shipped.read_text(encoding="utf-8"), yaml.BaseLoader)  # plain text only


def test_it_is_read_once() -> None:
    assert load_vocabulary() is vocabulary


def test_every_event_type_with_its_class_and_world() -> None:
    assert list(vocabulary.events) == list(file["events"])
    assert len(vocabulary.events) == 33
    for name, event in vocabulary.events.items():
        assert (event.name, event.order_class, event.world) == (
            name,
            file["events"][name]["class"],
            file["events"][name]["world"],
        )


@pytest.mark.parametrize("name", file["events"])
def test_every_field_of_an_event(name: str) -> None:
    stated = file["events"][name]["fields"]
    fields = vocabulary.events[name].fields
    for key, attributes in stated.items():
        if key in ("*", "(facts)"):
            continue
        assert key in fields
        if name != "finding_recorded":
            check(fields, key, attributes)
    if name != "finding_recorded":
        assert list(fields) == list(stated)


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("common_event_fields", vocabulary.common),
        ("case_fields", vocabulary.case),
        ("lesion_fields", vocabulary.lesion),
        ("finding_fields", vocabulary.findings),
        ("facts", vocabulary.facts),
        ("derived_facts", vocabulary.derived_facts),
    ],
)
def test_every_field_of_a_section(section: str, fields: FieldSet) -> None:
    stated = {key: attributes for key, attributes in file[section].items() if not key.startswith("(")}
    for key, attributes in stated.items():
        check(fields, key, attributes)
    extra = set(vocabulary.findings) if section == "facts" else set()
    assert set(fields) == {*stated, *extra}


def check(fields: FieldSet, key: str, attributes: dict[str, Any]) -> None:
    """Every attribute of the file is in the field, and nothing else."""
    field = fields[key]
    lists: dict[str, Any] = file["code_lists"] | {"events": file["events"]}
    assert field.name == key
    assert field.type == attributes["type"]
    assert field.codes == tuple(attributes.get("codes", lists.get(attributes.get("codes_from", ""), ())))
    for name in ("unit", "note", "world", "default", "default_from", "applies_to", "codes_from"):
        assert getattr(field, name) == attributes.get(name)
    for name in ("required", "open_field", "exclusive", "free_text", "with_time", "ignorable"):
        assert getattr(field, name) is (attributes.get(name) == "true")
    for name in ("minimum", "maximum"):
        assert getattr(field, name) == (float(attributes[name]) if name in attributes else None)
    for name in ("aliases", "codes_known"):
        assert getattr(field, name) == tuple(attributes.get(name, ()))
    assert field.is_list is (attributes.get("list") == "true")
    assert (field.of is not None) is ("of" in attributes)


def test_lists_and_order() -> None:
    assert vocabulary.order_within_day == ("finding", "decision", "treatment", "administrative")
    assert list(vocabulary.companions) == file["companions"]
    assert len(vocabulary.companions) == 14
    assert list(vocabulary.ignorable) == file["ignorable"]
    assert {name: list(codes) for name, codes in vocabulary.code_lists.items()} == {
        name: list(codes) for name, codes in file["code_lists"].items()
    }
    assert (
        vocabulary.code_meanings["board_decision"]["recommended"]
        == "the treatment asked about is recommended"
    )


def test_words_that_yaml_would_read_as_truth_values_stay_words() -> None:
    assert vocabulary.events["task_progress"].fields["on"].type == "date"
    assert vocabulary.findings["ascites"].codes[0] == "none"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("primary_symptomatic", "primary.symptomatic"),
        ("primary.symptomatic", "primary.symptomatic"),
        ("primary_local_complication", "primary.local_complication"),
        ("primary_treatment_completed", "primary.treatment_completed"),
        ("primary_er", "primary.er"),
        ("primary_pr", "primary.pr"),
        ("primary_her2", "primary.her2"),
        ("metastasis_first_diagnosis_date", "metastasis.first_diagnosis_date"),
        ("ascites", "ascites"),
    ],
)
def test_every_spelling_of_a_fact_is_one_fact(spelling: str, name: str) -> None:
    assert vocabulary.facts.canonical(spelling) == name
    assert vocabulary.facts[spelling] is vocabulary.facts[name]
    assert vocabulary.events["finding_recorded"].fields.canonical(spelling) == name


def test_aliases_are_those_of_the_file() -> None:
    facts = {key: field for key, field in file["facts"].items() if not key.startswith("(")}
    stated = {alias: key for key, field in facts.items() for alias in field.get("aliases", ())}
    assert vocabulary.facts.aliases == stated
    assert len(stated) == 7
    assert not stated.keys() & set(vocabulary.facts)


def test_a_nested_group_means_the_same_as_dotted_names() -> None:
    nested = vocabulary.facts.read({"primary": {"status": "intact", "er": "positive"}, "metastasis": None})
    dotted = vocabulary.facts.read({"primary.status": "intact", "primary_er": "positive"})
    assert nested == dotted
    assert nested.values == {"primary.status": "intact", "primary.er": "positive"}


def test_a_fact_stated_twice_must_be_the_same() -> None:
    agreeing = vocabulary.facts.read({"primary": {"symptomatic": True}, "primary_symptomatic": True})
    assert agreeing == ({"primary.symptomatic": True}, ())
    differing = vocabulary.facts.read({"primary": {"symptomatic": True}, "primary_symptomatic": None})
    assert [problem.field for problem in differing.problems] == ["primary_symptomatic"]
    assert "stated twice with different values" in differing.problems[0].message


def test_a_group_that_is_no_mapping_is_refused() -> None:
    reading = vocabulary.facts.read({"primary": "intact", "metastasis": {"day": "2024-07-01"}})
    assert [problem.message for problem in reading.problems] == [
        "'primary' must be a mapping, not 'intact'",
        "there is no field 'metastasis.day' in the facts",
    ]


def test_a_finding_may_be_any_finding_and_any_fact_of_the_open_world() -> None:
    fields = vocabulary.events["finding_recorded"].fields
    open_facts = {name for name, field in vocabulary.facts.items() if field.world == "open"}
    assert set(fields) == open_facts
    assert set(vocabulary.findings) < open_facts
    assert "imaging_history_reviewed" not in fields
    reading = fields.read({"ascites": "malignant", "primary_local_complication": "bleeding", "cN": None})
    assert reading == ({"ascites": "malignant", "primary.local_complication": ("bleeding",), "cN": None}, ())


def test_the_snapshot_of_a_board_holds_facts_and_counts() -> None:
    snapshot = vocabulary.events["board_held"].fields["snapshot"]
    stated = {"lesion_count_total": 5, "primary_er": "positive", "imaging": {"pet_done": True}}
    assert snapshot.parse(stated) == {
        "lesion_count_total": 5,
        "primary.er": "positive",
        "imaging.pet_done": True,
    }
    assert "did you mean 'lesion_count_total'?" in str(snapshot.problem({"lesion_count_totals": 5}))


def test_required_keys_are_asked_for_once() -> None:
    fields = vocabulary.events["mdt_started"].fields
    assert [problem.field for problem in fields.read({}).problems] == ["targets", "modality"]
    refused = fields.read({"targets": ["L1"], "modality": "laser"})
    assert [problem.field for problem in refused.problems] == ["modality"]
    assert fields.read({"targets": None, "modality": None}).problems == ()


def test_all_problems_of_an_entry_come_at_once() -> None:
    reading = vocabulary.events["imaging_done"].fields.read(
        {"complete": "maybe", "lesionz": [], "modality": "ct", "findings": {"ascites": "lots", "fever": True}}
    )
    assert reading.values == {"modality": "ct"}
    assert [problem.field for problem in reading.problems] == ["complete", "lesionz", "findings"]
    assert (
        reading.problems[1].message == "there is no field 'lesionz' in imaging_done; did you mean 'lesions'?"
    )
    assert "'ascites' must be one of none, benign" in reading.problems[2].message
    assert "there is no field 'fever' in the findings" in reading.problems[2].message


@pytest.mark.parametrize(
    ("event", "path", "name"),
    [
        ("imaging_done", "lesion_count_total", "lesion_count_total"),
        ("imaging_done", "lesions.L2.status", "status"),
        ("imaging_done", "lesions.L.2.status", "status"),
        ("imaging_done", "findings.ascites", "ascites"),
        ("imaging_done", "date", "date"),
        ("board_held", "snapshot.primary.er", "primary.er"),
        ("finding_recorded", "primary_er", "primary.er"),
    ],
)
def test_the_field_of_a_correction(event: str, path: str, name: str) -> None:
    assert vocabulary.field_at(event, path).name == name


def test_a_correction_may_replace_a_whole_lesion() -> None:
    row = vocabulary.field_at("imaging_done", "lesions.L6")
    assert row.parse({"id": "L6", "organ": "lung"}) == {"id": "L6", "organ": "lung"}
    assert row.parse(None) is None


@pytest.mark.parametrize(
    ("event", "path", "message"),
    [
        (
            "imaging_done",
            "lesions.L2.organs",
            "no field 'organs' in a lesion; did you mean 'organ'?",
        ),
        ("imaging_done", "overall", "there is no field 'overall' in imaging_done"),
        ("imaging_done", "modality.name", "'modality' has no parts"),
        ("imaging_done", "findings.fever", "there is no field 'fever' in the findings"),
        ("imaging_done", "type", "'type' cannot be corrected; retract the entry"),
        ("imaging_done", "recorded", "'recorded' cannot be corrected"),
        ("imaging", "date2", "there is no event type 'imaging'; did you mean"),
    ],
)
def test_a_correction_that_leads_nowhere(event: str, path: str, message: str) -> None:
    with pytest.raises(ValueFault, match=message.replace("?", r"\?")):
        vocabulary.field_at(event, path)


def test_an_unknown_event_type_names_the_closest() -> None:
    with pytest.raises(ValueFault, match=r"no event type 'imaging_don'; did you mean 'imaging_done'\?"):
        vocabulary.event_type("imaging_don")
    with pytest.raises(ValueFault, match="must be the name of an event type, not 7"):
        vocabulary.event_type(7)


def test_field_sets_show_what_they_hold() -> None:
    assert repr(vocabulary.events["ortho_evaluated"].fields) == "<fields of ortho_evaluated: lesion>"
    assert vocabulary.lesion["diameter_mm"].expected == "a number (more than 0)"


@dataclass(frozen=True)
class Broken:
    """A change to the file, and the message it must bring."""

    old: str
    new: str
    message: str


modality = "modality: {type: code, codes_from: imaging_modality"
BROKEN = [
    Broken("source: {type: text}", "source: {type: words}", "'type' must be one of text, date"),
    Broken("source: {type: text}", "source: {type: text, unti: mm}", "unknown key 'unti'"),
    Broken("source: {type: text}", "source: text", "a mapping is expected here"),
    Broken("source: {type: text}", "note: {type: text}", "the field 'note' is already common to all events"),
    Broken("class: finding", "class: result", "'class' must be one of finding, decision"),
    Broken("world: closed\n", "world: half\n", "'world' must be one of open, closed"),
    Broken(modality, "modality: {type: code, codes_from: machine", "'codes_from' must be one of"),
    Broken(modality, "modality: {type: code", "'modality' takes a code, but no codes are listed"),
    Broken("of: lesion_fields", "of: lesions", "'of' must be one of lesion_fields"),
    Broken("codes: [cN0, cN1, other]", "codes: [cN0, cN0]", "a code of 'cN' stands twice"),
    Broken("cN: {type: code", "cN: {minimum: 0, type: code", "'cN' has a bound, but is no number"),
    Broken("minimum: 0, exclusive", "minimum: none, exclusive", "'minimum' must be a number"),
    Broken("default: metastatic", "default: metastasis", "the default is refused: 'intent' must be one of"),
    Broken("default: metastatic", "default: [metastatic]", "a default must be text or a whole number"),
    Broken("aliases: [primary_pr]", "aliases: [primary_er]", "the alias 'primary_er' already stands for"),
    Broken("pdl1: {type: code, codes_from: receptor, world: open}", "pdl1: {type: text}", "states no world"),
    Broken("codes: [3, 6], default: 3", "codes: [6, 3], default: 3", "must be its default"),
    Broken("applies_to: lung", "applies_to: lungs", "'applies_to' must be one of bone, lung"),
    Broken("  receptor: [positive", "  receptor: positive # [", "the code list 'receptor' must be a list or"),
    Broken("day: [finding, decision", "day: [decision, finding", "the order within a day must be finding"),
    Broken("version: 1", "version: one", "'version' must be a whole number, not 'one'"),
    Broken("order_within_day:", "version: 2\norder_within_day:", "the key 'version' stands twice"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.message)
def test_a_broken_copy_is_refused_with_the_line(tmp_path: Path, broken: Broken) -> None:
    text = shipped.read_text(encoding="utf-8")
    assert broken.old in text
    copy = tmp_path / "vocabulary.yaml"
    copy.write_text(text.replace(broken.old, broken.new, 1), encoding="utf-8")
    with pytest.raises(VocabularyError) as refused:
        read_vocabulary(copy)
    found = [problem for problem in refused.value.problems if broken.message in problem.message]
    assert [problem.line for problem in found] == [text[: text.index(broken.old)].count("\n") + 1]
    assert str(found[0]).startswith("vocabulary.yaml:")


def test_a_missing_key_is_reported(tmp_path: Path) -> None:
    copy = tmp_path / "vocabulary.yaml"
    copy.write_text(shipped.read_text(encoding="utf-8").replace("version: 1", "edition: 1"), encoding="utf-8")
    with pytest.raises(VocabularyError, match="unknown key 'edition'") as refused:
        read_vocabulary(copy)
    assert "'version' is missing" in str(refused.value)


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "vocabulary.yaml"
    copy.write_text("version: 1\nevents: [}", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"^vocabulary\.yaml:2: not YAML: "):
        read_vocabulary(copy)
