"""Words in tables that stand for a code: read as it, told, kept where the source asks, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.case import Case
from interop.cells import read_cell, write_cell
from interop.long_table import PatientStory, TableReading, read_long_table, write_long_table
from interop.words import Word, with_labels
from pathways.vocabulary import Field, ValueFault, load_vocabulary

vocabulary = load_vocabulary()
plan = vocabulary.events["mdt_planned"].fields["modality"]
modality = vocabulary.events["imaging_done"].fields["modality"]
disciplines = vocabulary.events["board_held"].fields["disciplines"]
place = vocabulary.lesion["location_detail"]
regimen = vocabulary.events["systemic_started"].fields["regimen"]
er = vocabulary.facts["primary.er"]

HEADER = "patient,id,type,date,modality,lesion.id,lesion.organ,note,fact.sex\n"


def table(folder: Path, *rows: str) -> TableReading:
    path = folder / "t.csv"
    path.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return read_long_table(path)


def one(reading: TableReading) -> PatientStory:
    (patient,) = reading.patients
    return patient


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (plan, "SABR", "stereotactic_rt"),
        (plan, "igrt", "stereotactic_rt"),
        (plan, "TARE", "sirt"),
        (modality, "PET/CT", "pet_ct"),
        (modality, "MRT", "mri"),
        (er, "Positive", "positive"),
        (er, "Unknown", "unknown"),
        (place, "Long bone", "long_bone"),
        (regimen, "Trastuzumab-Pertuzumab", "trastuzumab_pertuzumab"),
    ],
)
def test_a_word_is_read_as_its_code_and_noted(field: Field, text: str, code: str) -> None:
    words: list[Word] = []
    assert read_cell(field, text, words) == code
    assert words == [Word(field.name, text, code)]
    assert read_cell(field, text) == text


def test_each_of_several_is_read() -> None:
    words: list[Word] = []
    assert read_cell(disciplines, "Radiology; pathology", words) == ["radiology", "pathology"]
    assert words == [Word("disciplines", "Radiology", "radiology")]


@pytest.mark.parametrize(
    ("field", "text"),
    [(plan, "stereotactic_rt"), (plan, "proton"), (place, "femur"), (place, "bone"), (regimen, "chemo")],
)
def test_codes_and_what_means_none_stay(field: Field, text: str) -> None:
    words: list[Word] = []
    assert (read_cell(field, text, words), words) == (text, [])


def test_what_may_mean_several_codes_is_refused_with_them() -> None:
    with pytest.raises(ValueFault, match="'RT' may mean stereotactic_rt or other_rt; write the code"):
        read_cell(plan, "RT", [])


def test_free_text_that_looks_like_a_code_comes_back_as_it_was() -> None:
    words: list[Word] = []
    for field, text in ((place, "Vertebra"), (regimen, "Capecitabine")):
        assert read_cell(field, write_cell(field, text), words) == text
    assert (words, write_cell(place, "vertebra")) == ([], "vertebra")


def test_the_label_is_kept_behind_the_note() -> None:
    kept = Word("modality", "SABR", "stereotactic_rt")
    assert with_labels({"note": "two fields"}, [kept, kept]) == {
        "note": "two fields; modality as entered: SABR"
    }
    assert with_labels({"note": None}, [kept]) == {"note": "modality as entered: SABR"}
    assert with_labels({}, [Word("modality", "TARE", "sirt")]) == {}


def test_a_table_is_read_in_words(tmp_path: Path) -> None:
    found = one(
        table(
            tmp_path,
            "K1,e1,imaging_done,2025-01-07,PET/CT,L1,Brain,,F",
            "K1,e1,imaging_done,2025-01-07,pet ct,L2,lung,,",
            "K1,e2,mdt_planned,2025-02-07,SABR,,,left side,",
        )
    )
    first, second = found.story.entries
    assert found.story.facts == {"sex": "female"}
    assert first.fields["modality"] == "pet_ct"
    lesions = first.fields["lesions"]
    assert isinstance(lesions, tuple)
    assert [lesion["organ"] for lesion in lesions] == ["cns", "lung"]
    assert second.fields == {"modality": "stereotactic_rt", "note": "left side; modality as entered: SABR"}
    assert [(word.said, word.code) for word in found.words] == [
        ("PET/CT", "pet_ct"),
        ("Brain", "cns"),
        ("F", "female"),
        ("pet ct", "pet_ct"),
        ("SABR", "stereotactic_rt"),
    ]


def test_a_label_that_was_kept_survives_another_table(tmp_path: Path) -> None:
    found = one(table(tmp_path, "K1,e2,mdt_planned,2025-02-07,SABR,,,,"))
    again = tmp_path / "again.csv"
    write_long_table([Case("K1", None, found.story, (), "t.csv", None)], again)
    assert one(read_long_table(again)) == PatientStory("K1", found.story)


def test_an_ambiguous_word_turns_the_patient_away(tmp_path: Path) -> None:
    reading = table(tmp_path, "K1,e2,mdt_planned,2025-02-07,ablation,,,,")
    (error,) = reading.refused
    assert (reading.patients, error.column, error.value) == ((), "modality", "ablation")
    assert "'ablation' may mean rfa, mwa, cryo, ire, litt or hifu; write the code" in error.message
