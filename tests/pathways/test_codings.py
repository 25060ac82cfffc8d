"""Standard terms: each stands beside something the vocabulary has, each code once, from a known system."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from pathways.codings import MCODE, SYSTEMS, Coding, Term, load_codings, things
from pathways.codings_reader import read_codings, shipped
from pathways.guidelines.document import SourceError
from pathways.vocabulary import load_vocabulary

vocabulary = load_vocabulary()
codings = load_codings()

OUTLINE = {
    "facts.sex": ("cancer-patient", None),
    "facts.birth_date": ("cancer-patient", None),
    "events.death": ("cancer-patient", None),
    "facts.performance_status": ("ecog-performance-status", "89247-1"),
    "facts.primary.diagnosis_date": ("primary-cancer-condition", None),
    "facts.primary.surgery_date": ("cancer-related-surgical-procedure", None),
    "facts.primary.stage": ("tnm-stage-group", None),
    "facts.cN": ("tnm-regional-nodes-category", None),
    "facts.axillary_nodes_at_primary": ("tnm-regional-nodes-category", None),
    "facts.primary.er": ("tumor-marker-test", "16112-5"),
    "facts.primary.pr": ("tumor-marker-test", "16113-3"),
    "facts.primary.her2": ("tumor-marker-test", "48676-1"),
    "facts.her2_status": ("tumor-marker-test", "48676-1"),
    "events.tissue_result.er": ("tumor-marker-test", "16112-5"),
    "events.tissue_result.pr": ("tumor-marker-test", "16113-3"),
    "events.tissue_result.her2": ("tumor-marker-test", "48676-1"),
    "facts.brca_status": ("genomic-variant", None),
    "facts.metastasis.first_diagnosis_date": ("secondary-cancer-condition", "128462008"),
    "lesion.organ": ("tumor", None),
    "lesion.id": ("tumor", None),
    "lesion.diameter_mm": ("tumor-size", None),
    "events.systemic_started.regimen": ("cancer-related-medication-request", None),
    "events.systemic_stopped": ("cancer-related-medication-administration", None),
    "events.response_assessed.overall": ("cancer-disease-status", "97509-4"),
    "events.response_assessed.intracranial": ("cancer-disease-status", "97509-4"),
    "events.mdt_planned.targets": ("cancer-related-surgical-procedure", None),
    "events.mdt_planned.modality": ("radiotherapy-course-summary", None),
    "events.local_treatment.dose_gy": ("radiotherapy-course-summary", None),
    "events.local_treatment.indication": ("radiotherapy-course-summary", None),
    "events.bma_given": ("cancer-related-medication-administration", None),
}
"""The standard terms that section 9 of the outline names."""


@pytest.mark.parametrize("thing", OUTLINE)
def test_what_the_outline_names_is_there(thing: str) -> None:
    profile, code = OUTLINE[thing]
    coding = codings.of(thing)
    assert profile in [one.id for one in coding.profiles]
    assert code is None or code in [term.code for term in coding.terms]


def test_snomed_ct_stands_only_where_the_outline_names_it() -> None:
    snomed = [term.code for term in codings.terms.values() if term.short_system == "snomed"]
    assert snomed == ["128462008"]


def test_what_has_no_certain_term_has_none() -> None:
    assert codings.of("facts.menopausal_status") == Coding()
    assert not codings.of("events.board_held")
    assert codings.of_code("facts.menopausal_status", vocabulary.facts["menopausal_status"], "pre") is None


def test_every_thing_that_is_coded_exists_and_its_value_has_a_place() -> None:
    known = dict(things(vocabulary))
    assert codings.things.keys() <= known.keys()
    for coding in codings.things.values():
        assert all(profile.url == f"{MCODE}{profile.id}" for profile in coding.profiles)
        assert not coding.element or re.fullmatch(r"[A-Za-z:.]+(\[x\])?", coding.element)


def test_a_finding_recorded_later_is_the_thing_that_the_fact_is() -> None:
    names = [name for name, _ in things(vocabulary)]
    assert "facts.ascites" in names
    assert "events.finding_recorded" in names
    assert not any(name.startswith("events.finding_recorded.") for name in names)


def test_codes_have_terms_by_field_or_by_code_list() -> None:
    er = vocabulary.events["tissue_result"].fields["er"]
    assert codings.of_code("events.tissue_result.er", er, "positive") == Term(
        SYSTEMS["interpretation"], "POS", "Positive"
    )
    assert codings.of_code("events.tissue_result.er", er, "unknown") is None
    sex = codings.of_code("facts.sex", vocabulary.facts["sex"], "unknown")
    assert sex == Term("http://hl7.org/fhir/administrative-gender", "unknown", "Unknown")


def test_units_are_ucum() -> None:
    lesion, facts = vocabulary.lesion, vocabulary.facts
    assert codings.unit_of(lesion["diameter_mm"]) == "mm"
    assert codings.unit_of(facts["remnant_liver_function_percent"]) == "%"
    assert codings.unit_of(vocabulary.events["local_treatment"].fields["dose_gy"]) == "Gy"
    assert codings.unit_of(vocabulary.settings["response_min_months"].field) == "mo"
    assert codings.unit_of(vocabulary.derived_facts["mdfi"]) is None
    assert codings.unit_of(facts["sex"]) is None


class Broken(NamedTuple):
    old: str
    new: str
    message: str


BROKEN = [
    Broken("code: 89247-1", "code: 89247-2", "'89247-2' is no code of loinc: its check digit is wrong"),
    Broken("'128462008'", "'128462009'", "'128462009' is no code of snomed: its check digit is wrong"),
    Broken("code: 16113-3", "code: 16112-5", "'16112-5' of loinc stands here a second time"),
    Broken("system: dicom, code: CT", "system: acr, code: CT", "'system' must be one of loinc, snomed"),
    Broken("  birth_date:", "  birthdate:", "the vocabulary has no 'facts.birthdate'; did you mean"),
    Broken("      fractions:", "      fraction:", "no 'events.local_treatment.fraction'; did you mean"),
    Broken("  organ: {profiles: [tumor]", "  organ: {profiles: [tumour]", "no 'tumour' among the profiles"),
    Broken("terms: [clinical_nodes]", "terms: [clinic_nodes]", "no 'clinic_nodes' among the terms"),
    Broken("{female: female,", "{women: female,", "there is no code 'women' here"),
    Broken("{ct: ct,", "{ct: cat,", "there is no 'cat' among the terms"),
    Broken(
        "{profiles: [cancer-patient], element: Patient.b", "{element: Patient.b", "an element needs the p"
    ),
    Broken("  tumor: Tumor\n", "  tumor: Tumor\n  node: Node\n", "nothing refers to 'node'"),
    Broken("  Gy: Gy", "  Gy: gray", "'Gy' must be one of"),
    Broken("  Gy: Gy\n", "", "'Gy' is a unit of the vocabulary and not listed"),
    Broken("  mm: mm", "  mm: mm\n  inch: mm", "'inch' is no unit of the vocabulary"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.message)
def test_a_broken_copy_is_refused(tmp_path: Path, broken: Broken) -> None:
    text = shipped.read_text(encoding="utf-8")
    assert broken.old in text
    copy = tmp_path / "codings.yaml"
    copy.write_text(text.replace(broken.old, broken.new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=re.escape(broken.message)):
        read_codings(copy, vocabulary)


def test_they_are_read_once() -> None:
    assert load_codings() is codings
    assert codings.edition == "STU4"
