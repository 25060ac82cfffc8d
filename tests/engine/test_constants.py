"""What no patient changes is worked out when a program is compiled, and nothing else is."""

from __future__ import annotations

from typing import Final

import pytest

from engine.constants import LOOKED, relevant, without_looking
from engine.kleene import ABSENT
from pathways.language import Bool, Expression, all_of, any_of, case, events, fact, no, setting, today, yes
from pathways.language import undetermined as left_open
from tests.engine.telling import program, value

CHOSEN: Final = setting.code("definition_profile").equals("abc7")
OTHER: Final = setting.code("definition_profile").equals("esmo")
OPEN: Final = left_open("C11")
RECORDED: Final = events("death").exist()
NEVER: Final = events().first().day
YES: Final = yes()
NO: Final = no()


def constant(expression: Expression) -> object:
    return program(expression).constants.get(expression.node, LOOKED)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (CHOSEN, True),
        (OTHER, False),
        (OPEN, None),
        (NEVER, ABSENT),
        (events().exist(), False),
        (all_of(RECORDED, OTHER), False),
        (any_of(RECORDED, CHOSEN), True),
        (case((OTHER, RECORDED), otherwise=YES), True),
        (case((CHOSEN, NO), otherwise=RECORDED), False),
        (case((OPEN, RECORDED), otherwise=RECORDED), None),
    ],
)
def test_settings_and_what_never_happens_need_no_patient(expression: Expression, expected: object) -> None:
    assert constant(expression) is expected
    assert value(expression) is expected


@pytest.mark.parametrize(
    "expression",
    [
        RECORDED,
        today(),
        fact.date("birth_date"),
        all_of(RECORDED, OPEN),
        any_of(RECORDED, OPEN),
        CHOSEN & RECORDED,
    ],
)
def test_what_a_patient_decides_is_left_to_the_patient(expression: Expression) -> None:
    assert constant(expression) is LOOKED


@pytest.mark.parametrize(
    ("expression", "asked"),
    [
        (all_of(CHOSEN, RECORDED), [RECORDED]),
        (all_of(OPEN, RECORDED), [OPEN, RECORDED]),
        (all_of(RECORDED, OTHER), [OTHER]),
        (any_of(OTHER, RECORDED), [RECORDED]),
        (any_of(RECORDED, CHOSEN), [CHOSEN]),
        (any_of(OPEN, RECORDED), [OPEN, RECORDED]),
        (case((OTHER, NO), (CHOSEN, RECORDED), otherwise=OPEN), [RECORDED]),
        (case((RECORDED, NO), (CHOSEN, YES), otherwise=OPEN), [RECORDED, NO, YES]),
        (case((RECORDED, NO), (OPEN, YES), otherwise=NO), [RECORDED, NO, OPEN]),
        (case((RECORDED, NO), otherwise=YES), [RECORDED, NO, YES]),
    ],
)
def test_only_what_may_matter_is_asked(expression: Bool, asked: list[Bool]) -> None:
    known = program(expression).constants
    assert list(relevant(expression.node, known)) == [one.node for one in asked]


def test_an_expression_that_was_not_chosen_has_no_part_in_what_is_read() -> None:
    one = case((OTHER, RECORDED), otherwise=events("withdrawal").exist())
    compiled = program(one)
    assert compiled.reads(one.node) == {"events withdrawal"}


def test_an_error_is_not_taken_for_a_look_at_the_patient() -> None:
    def broken(_: object) -> object:
        raise TypeError("a day is compared with a number")

    with pytest.raises(TypeError):
        without_looking(broken)
