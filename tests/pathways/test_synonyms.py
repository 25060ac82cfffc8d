"""Other words for codes: one code, or refused as ambiguous; the labels the sources name stay as entered."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.document import SourceError
from pathways.synonyms import load_synonyms, read_synonyms, spoken
from pathways.vocabulary import Field, load_vocabulary

synonyms = load_synonyms()
vocabulary = load_vocabulary()
STEREOTACTIC = "ago-2024-term-stereotactic-synonyms"


def every_code_list() -> list[tuple[str, ...]]:
    """The codes that fields take, each list once."""
    sets = [vocabulary.facts, vocabulary.lesion, *(event.fields for event in vocabulary.events.values())]
    fields: list[Field] = [field for one in sets for field in one.values()]
    return list(dict.fromkeys(field.codes for field in fields if field.codes))


@pytest.mark.parametrize("label", ["SBRT", "SABR", "IGRT", "sabr", " Sbrt "])
def test_the_three_labels_of_the_source_are_one_code_and_stay_as_entered(label: str) -> None:
    codes = vocabulary.code_lists["mdt_modality"]
    assert synonyms.meant(label, codes) == ("stereotactic_rt",)
    assert synonyms.labels_kept == {"stereotactic_rt"}
    assert synonyms.statements["stereotactic_rt"] == (STEREOTACTIC,)


def test_statements_are_those_of_the_catalogue() -> None:
    named = {id for ids in synonyms.statements.values() for id in ids}
    assert named <= load_catalogue().statements.keys()


def test_a_code_spelled_otherwise_is_that_code() -> None:
    assert synonyms.meant("PET/CT", vocabulary.code_lists["imaging_modality"]) == ("pet_ct",)
    assert synonyms.meant("Bone Scan", vocabulary.code_lists["imaging_modality"]) == ("bone_scan",)
    assert synonyms.meant("RT", vocabulary.code_lists["local_modality"]) == ("rt",)


def test_a_word_under_two_codes_of_a_field_is_ambiguous_there_only() -> None:
    codes = vocabulary.code_lists["mdt_modality"]
    assert synonyms.meant("radiotherapy", codes) == ("stereotactic_rt", "other_rt")
    assert synonyms.meant("ablation", codes) == ("rfa", "mwa", "cryo", "ire", "litt", "hifu")
    primary = vocabulary.events["primary_treated"].fields["modality"].codes
    assert synonyms.meant("radiation", primary) == ("radiotherapy",)


def test_what_nobody_knows_means_nothing() -> None:
    assert synonyms.meant("laser", vocabulary.code_lists["mdt_modality"]) == ()


def test_every_code_with_words_exists() -> None:
    codes = {code for codes in every_code_list() for code in codes}
    assert synonyms.words.keys() <= codes


def test_no_two_codes_of_a_field_are_spelled_alike() -> None:
    for codes in every_code_list():
        assert len({spoken(code) for code in codes}) == len(codes)


def test_every_code_means_itself() -> None:
    for codes in every_code_list():
        assert [synonyms.meant(code, codes) for code in codes] == [(code,) for code in codes]


@pytest.mark.parametrize("words", ["[]", "[bone scan]", "[bone scintigraphy, Bone-Scintigraphy]", "3"])
def test_a_broken_file_is_refused(tmp_path: Path, words: str) -> None:
    file = tmp_path / "synonyms.yaml"
    file.write_text(f"version: 1\nsynonyms:\n  bone_scan: {{words: {words}}}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"synonyms.yaml:3: the words of 'bone_scan' must be there"):
        read_synonyms(file)


def test_they_are_read_once() -> None:
    assert load_synonyms() is synonyms
