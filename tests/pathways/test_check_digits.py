"""The check digits of LOINC and SNOMED CT notice a digit that is wrong and two that changed places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pathways.check_digits import is_loinc, is_snomed_concept

LOINC = ("89247-1", "16112-5", "16113-3", "48676-1", "97509-4", "21908-9", "85337-4", "8480-6", "718-7")
SNOMED = ("128462008", "387713003", "108290001", "10828004", "22298006", "1156506007")


def test_codes_in_use_everywhere_are_right() -> None:
    assert [code for code in LOINC if not is_loinc(code)] == []
    assert [code for code in SNOMED if not is_snomed_concept(code)] == []


def test_what_has_not_the_form_of_a_code_is_none() -> None:
    assert not any(is_loinc(code) for code in ("", "89247", "89247-", "LP14040-7", "089247-1", "89247-12"))
    wrong = ("", "12846200", "128462018", "0128462008", "1284620080000000008", "12846200x")
    assert not any(is_snomed_concept(code) for code in wrong)


@given(st.sampled_from(LOINC), st.integers(0, 4), st.integers(1, 9))
def test_one_wrong_digit_of_loinc_is_noticed(code: str, place: int, by: int) -> None:
    digits = code.replace("-", "")
    place %= len(digits)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not is_loinc(f"{wrong[:-1]}-{wrong[-1]}")


@given(st.sampled_from(SNOMED), st.integers(0, 20), st.integers(1, 9))
def test_one_wrong_digit_of_snomed_ct_is_noticed(code: str, place: int, by: int) -> None:
    place %= len(code)
    assert not is_snomed_concept(code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :])


@given(st.sampled_from(SNOMED), st.integers(0, 20))
def test_neighbours_that_changed_places_are_noticed(code: str, place: int) -> None:
    place %= len(code) - 1
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not is_snomed_concept(swapped)
