"""Assumed entries: favourable where nothing is known, true to what is."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assumed import dated, done, found_out, is_assumed, overruled, possible_values
from engine.evaluate import View
from engine.event import Event
from pathways.language import yes
from pathways.remedies import Action, Take
from tests.engine.telling import d, program, story, told, view

DAY = d("2025-01-10")
ROW = {"id": "L1", "organ": "bone", "status": "active", "local_treatable": False}


def seen(*entries: Event, **facts: object) -> View:
    return view(program(yes()), story(*entries, **facts), DAY)


def imaging(id: str = "e1", day: str = "2025-01-02", **fields: Any) -> Event:
    return told(id, "imaging_done", day, **fields)


def taken(take: Take, *entries: Event, field: str, type: str = "imaging_done", **facts: object) -> object:
    action = Action("", type, "", {field: take})
    return done(action, seen(*entries, **facts), DAY).fields.get(field)


def test_lesions_are_those_listed_last_and_what_is_not_known_is_favourable() -> None:
    older = imaging("e0", "2025-01-01", lesions=({"id": "L9", "organ": "lung"},))
    found: Any = taken(Take.LESIONS, older, imaging(lesions=(ROW,)), field="lesions")
    assert [row["id"] for row in found] == ["L1"]
    assert (found[0]["organ"], found[0]["local_treatable"], found[0]["solid"]) == ("bone", False, True)
    assert "significant" not in found[0]


def test_an_unknown_status_is_taken_as_active() -> None:
    found: Any = taken(
        Take.LESIONS, imaging(lesions=({"id": "L1", "organ": "bone", "status": "unknown"},)), field="lesions"
    )
    assert found[0]["status"] == "active"


@pytest.mark.parametrize(
    ("entries", "ids"),
    [
        ((), ["L1"]),
        ((imaging(lesions=()),), []),
        ((imaging(lesions=None, lesion_count_total=2),), ["L1", "L2"]),
        ((imaging(lesions=({"id": "L1", "organ": "bone"},), lesion_count_total=3),), ["L1", "L2", "L3"]),
    ],
)
def test_there_are_as_many_lesions_as_were_counted(entries: tuple[Event, ...], ids: list[str]) -> None:
    found: Any = taken(Take.LESIONS, *entries, field="lesions")
    assert [row["id"] for row in found] == ids


def test_a_count_that_was_stated_stays() -> None:
    assert taken(Take.COUNT, imaging(lesion_count_total=7), field="lesion_count_total") == 7
    assert taken(Take.COUNT, field="lesion_count_total") is None


def test_findings_that_are_known_stay_whoever_told_them() -> None:
    entries = (
        imaging(findings={"ascites": "malignant", "pericardial_effusion": None}),
        told("e2", "finding_recorded", "2025-01-03", paresis=True),
        imaging("e3", "2025-01-04"),
    )
    found: Any = taken(Take.FINDINGS, *entries, field="findings", pleural_effusion="benign")
    told_ones = ("ascites", "paresis", "pleural_effusion", "pericardial_effusion", "leptomeningeal_disease")
    assert [found[name] for name in told_ones] == ["malignant", True, "benign", "none", False]


def test_targets_are_the_active_lesions_that_can_be_treated() -> None:
    rows = (
        ROW,
        {"id": "L2", "organ": "bone", "status": "active"},
        {"id": "L3", "organ": "bone", "status": "resolved"},
    )
    plan = imaging(lesions=rows)
    assert taken(Take.TARGETS, plan, field="targets", type="mdt_planned") == ("L2",)
    named = {"question": "mdt", "decision": "recommended", "uncovered_lesions": Take.UNCOVERED}
    board = done(Action("", "board_held", "", named), seen(plan), DAY)
    assert list(board.fields["uncovered_lesions"]) == ["L1"]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("entries", "method"),
    [
        ((), "stereotactic_rt"),
        ((told("e1", "board_held", "2025-01-02", method="resection"),), "resection"),
        ((told("e1", "board_held", "2025-01-02", method="drainage"),), "stereotactic_rt"),
        (
            (
                told("e1", "mdt_planned", "2025-01-02", modality="cryo"),
                told("e2", "board_held", "2025-01-03", method="rfa"),
            ),
            "cryo",
        ),
    ],
)
def test_the_method_is_that_of_the_plan(entries: tuple[Event, ...], method: str) -> None:
    assert taken(Take.METHOD, *entries, field="modality", type="mdt_planned") == method


def test_the_same_content_is_the_same_entry_and_other_content_another() -> None:
    boards = [overruled(guard, DAY) for guard in ("g-a", "g-a", "g-b")]
    first, again, other = (board.id for board in boards)
    assert (first == again, first == other, is_assumed(first)) == (True, False, True)
    moved = dated(boards[0], d("2025-01-11"))
    assert (moved.day, moved.recorded, moved.fields) == (d("2025-01-11"), moved.documented, boards[0].fields)
    assert (moved.id == first, is_assumed(moved.id)) == (False, True)


def test_a_datum_becomes_known_by_a_correction_or_a_finding() -> None:
    present = seen(imaging(complete=None))
    corrected = found_out("e1.complete", True, present, DAY)
    assert corrected is not None
    assert (corrected.type, corrected.fields["target"], corrected.fields["new"]) == ("correction", "e1", True)
    found = found_out("cN", "cN0", present, DAY)
    assert found is not None
    assert (found.type, found.fields) == ("finding_recorded", {"cN": "cN0"})


def test_what_no_entry_can_tell_is_not_found_out() -> None:
    assumed = overruled("g-a", DAY)
    assert found_out(f"{assumed.id}.method", "rfa", seen(assumed), DAY) is None
    assert found_out("imaging", True, seen(), DAY) is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("e1.complete", (True, False)),
        ("e1.lesions.L1.status", ("active", "treated_inactive", "resolved")),
        ("hr_status", ("positive", "negative")),
        ("primary.histology", ("stated",)),
        ("birth_date", ()),
        ("performance_status", ()),
        ("imaging", ()),
        ("e1.nothing", ()),
    ],
)
def test_what_a_datum_may_turn_out_to_be(name: str, values: tuple[object, ...]) -> None:
    assert possible_values(name, seen(imaging(complete=None, lesions=(ROW,)))) == values


def test_several_codes_may_all_hold_or_one() -> None:
    found = possible_values("primary.local_complication", seen())
    assert found == (("bleeding", "infection", "wound"), ("bleeding",), ("infection",), ("wound",))


def test_an_unknown_list_may_turn_out_to_hold_a_lesion() -> None:
    ((rows,),) = [possible_values("e1.lesions", seen(imaging(lesions=None)))]
    assert [row["id"] for row in rows] == ["L1"]  # type: ignore[attr-defined]
