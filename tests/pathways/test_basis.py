"""An author's own words and statements beside a pathway, and everything that can be wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.machine import OFF_PATHWAY
from pathways.basis import Basis, basis_in, shipped_basis
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.document import SourceError
from pathways.vocabulary import load_vocabulary

WORDS = """\
code_lists:
  smell: {none: nothing to smell, foul: one notices it}
facts:
  diabetes: {type: boolean3, world: open}
events:
  wound_check:
    class: finding
    world: closed
    fields:
      smell: {type: code, codes_from: smell, open_field: true}
      width: {type: decimal, unit: mm, minimum: 0}
"""
STATEMENTS = """\
sources:
  ward: {title: 'A handbook, made up', currency: '2025, made up', prefixes: [ward-]}
statements:
- id: ward-weekly
  source: {seed: ward, section: Wounds, lines: [12, 13]}
  kind: schedule
  obligation: must
  statement: A wound is looked at every week.
- id: ward-honey
  source: {seed: ward, section: Dressings}
  kind: recommendation
  obligation: consider
  statement: Honey may be tried.
  gr: weak
  grade_system: as-printed
"""


def basis(folder: Path, words: str = "", statements: str = "") -> Basis:
    for name, text in (("vocabulary.yaml", words), ("statements.yaml", statements)):
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return basis_in(folder)


def faults(folder: Path, words: str = "", statements: str = "") -> list[str]:
    with pytest.raises(SourceError) as caught:
        basis(folder, words, statements)
    return [str(problem) for problem in caught.value.problems]


def test_the_library_rests_on_what_ships() -> None:
    assert shipped_basis() is shipped_basis()
    assert shipped_basis().vocabulary is load_vocabulary()
    assert shipped_basis().statements is load_catalogue().statements


def test_a_folder_without_such_files_adds_nothing(tmp_path: Path) -> None:
    found = basis(tmp_path)
    assert found.vocabulary is load_vocabulary()
    assert dict(found.statements) == dict(load_catalogue().statements)
    assert found.conflicts is load_catalogue().conflicts


def test_own_words_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    shipped, found = load_vocabulary(), basis(tmp_path, WORDS).vocabulary
    kind = found.event_type("wound_check")
    assert kind.fields["smell"].codes == ("none", "foul")
    assert kind.fields["width"].parse(2.5) == 2.5
    assert found.code_meanings["smell"]["foul"] == "one notices it"
    assert found.rank("wound_check") == found.rank("imaging_done") < found.rank("death")
    assert found.common["type"].parse("wound_check") == "wound_check"
    assert found.facts["diabetes"].type == "boolean3"
    assert "diabetes" in found.events["finding_recorded"].fields, "facts may be stated anew"
    assert found.events.keys() - shipped.events.keys() == {"wound_check"}
    assert found.settings is shipped.settings
    assert "wound_check" not in shipped.events
    assert "diabetes" not in shipped.facts


def test_own_statements_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    found = basis(tmp_path, statements=STATEMENTS).statements
    weekly, honey = found["ward-weekly"], found["ward-honey"]
    assert weekly.grade_text == "grade not in source"
    assert weekly.source_text == "A handbook, made up, Wounds, lines 12, 13"
    assert honey.grade_text == "Grade weak"
    assert honey.source_text == "A handbook, made up, Dressings"
    assert honey.confidence is None
    assert len(found) == len(load_catalogue().statements) + 2


EVENT = "events:\n  check: {class: finding, world: closed, fields: {%s}}\n"


@pytest.mark.parametrize(
    ("words", "line", "told"),
    [
        ("settings: {}\n", 1, "unknown key 'settings': a file of one's own words has"),
        ("events: [", 2, "not YAML"),
        ("- events\n", 1, "a mapping is expected here"),
        ("code_lists:\n  organ: [skin]\n", 2, "'organ' is already in the shipped vocabulary"),
        ("code_lists:\n  size: 3\n", 2, "the code list 'size' must be a list or a mapping"),
        ("facts:\n  sex: {type: text, world: open}\n", 2, "'sex' is already in the shipped vocabulary"),
        ("facts:\n  primary_er: {type: text, world: open}\n", 2, "'primary_er' is already"),
        ("facts:\n  bad name: {type: text, world: open}\n", 2, "'bad name' is no name"),
        ("facts:\n  limb: {type: text}\n", 2, "the fact 'limb' needs `world: open`"),
        ("facts:\n  limb: {type: text, world: closed}\n", 2, "the fact 'limb' needs `world: open`"),
        ("facts:\n  limb: {type: text, world: open, aliases: [leg]}\n", 2, "no other spellings"),
        ("facts:\n  limbs: {type: text, world: open, list: true}\n", 2, "'limbs' must be of type text"),
        ("facts:\n  limb: {type: code, world: open}\n", 2, "no codes are listed"),
        ("events:\n  death: {class: finding, world: closed}\n", 2, "'death' is already in the shipped"),
        ("events:\n  check: {class: morning, world: closed}\n", 2, "'class' must be one of finding"),
        ("events:\n  check: {class: finding, world: closed, title: x}\n", 2, "unknown key 'title'"),
        (EVENT % "date: {type: date}", 2, "'date' is already in the shipped vocabulary"),
        (EVENT % "a.b: {type: text}", 2, "'a.b' is no name"),
        (EVENT % "wounds: {type: list, of: facts}", 2, "'wounds' must be of type text"),
        (EVENT % "'*': {type: text}", 2, "'*' is no name"),
    ],
)
def test_broken_words_are_refused(tmp_path: Path, words: str, line: int, told: str) -> None:
    assert any(
        fault.startswith(f"vocabulary.yaml:{line}: ") and told in fault for fault in faults(tmp_path, words)
    )


@pytest.mark.parametrize(
    ("found", "broken", "line", "told"),
    [
        ("title: 'A handbook, made up', ", "", 2, "'title' is missing"),
        ("seed: ward, section: Wounds", "seed: wart, section: Wounds", 5, "'seed' must be one of ward"),
        ("id: ward-weekly", "id: weekly", 4, "must start with ward-"),
        ("id: ward-honey", "id: ward-weekly", 9, "stands twice"),
        ("lines: [12, 13]", "lines: [13, 12]", 5, "rising from 1"),
        ("  grade_system: as-printed\n", "", 9, "a grade needs a grade system"),
        ("obligation: must", "obligation: ought", 7, "'obligation' must be one of"),
        ("  statement: Honey may be tried.\n", "", 9, "'statement' is missing"),
        ("prefixes: [ward-]", "prefixes: [ombc-, ward-]", 0, ""),
    ],
)
def test_broken_statements_are_refused(tmp_path: Path, found: str, broken: str, line: int, told: str) -> None:
    assert STATEMENTS.count(found) == 1
    text = STATEMENTS.replace(found, broken)
    if not told:
        text = text.replace("ward-honey", "ombc-board-before-decisions")
        line, told = 9, "'ombc-board-before-decisions' is in the shipped catalogue"
    told_at = f"statements.yaml:{line}: "
    assert any(fault.startswith(told_at) and told in fault for fault in faults(tmp_path, statements=text))


def test_no_own_event_is_the_one_that_leads_off_the_pathway(tmp_path: Path) -> None:
    assert faults(tmp_path, f"events:\n  '{OFF_PATHWAY}': {{class: finding, world: closed}}\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("[a, b]: c\n", "1: a key must be a plain name"),
        ("? {a: b}\n: c\n", "1: a key must be a plain name"),
        ("facts: !!set {a}\nevents: !!binary eA==\n", "2: the tag 'tag:yaml.org,2002:binary' is not read"),
        ("facts: !!int x\n", "1: 'x' is no value of the kind int"),
        ("facts: !!bool x\n", "1: 'x' is no value of the kind bool"),
        (f"facts: {'9' * 5000}\n", "is no value of the kind int"),
        ("facts: &a [*a]\n", "nested too deeply"),
        ("facts: " + "[" * 900 + "]" * 900 + "\n", "nested too deeply"),
        ("facts: " + "[" * 2000 + "]" * 2000 + "\n", "1: not"),
        (
            "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{f'*a{n}, ' * 9}]\n" for n in range(9)),
            "that aliases repeat",
        ),
    ],
)
def test_words_that_have_no_plain_value_or_no_end_are_refused(tmp_path: Path, words: str, told: str) -> None:
    found = faults(tmp_path, words)
    assert any(fault.startswith("vocabulary.yaml:") and told in fault for fault in found), found


def test_an_alias_stands_for_what_has_its_name(tmp_path: Path) -> None:
    words = (
        "code_lists: {a: &codes [x, y], b: *codes}\nfacts:\n  f: {type: code, codes_from: b, world: open}\n"
    )
    assert basis(tmp_path, words).vocabulary.facts["f"].codes == ("x", "y")
