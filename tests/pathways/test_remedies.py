"""The table of what can be done: recordable entries, and somebody for everything."""

from __future__ import annotations

import pytest

from engine.entries import read_event
from pathways.remedies import ACTIONS, OVERRULING, Action, Take, who_knows, who_knows_fact
from pathways.vocabulary import load_vocabulary

EVERY = [*(action for ways in ACTIONS for action in ways), OVERRULING]
TAKEN = {
    Take.LESIONS: [{"id": "L1", "organ": "bone"}],
    Take.COUNT: 1,
    Take.FINDINGS: {"ascites": "none"},
    Take.TARGETS: ["L1"],
    Take.UNCOVERED: {"L2": "too close to the cord"},
    Take.METHOD: "stereotactic_rt",
}


@pytest.mark.parametrize("action", EVERY, ids=lambda action: action.title)
def test_an_action_is_an_entry_that_can_be_recorded(action: Action) -> None:
    fields = {
        name: TAKEN[value] if isinstance(value, Take) else value for name, value in action.fields.items()
    }
    event = read_event({"id": "x", "type": action.event, "date": "2025-01-10", **fields})
    assert event.type == action.event
    assert action.who


def test_actions_are_told_apart_by_their_titles() -> None:
    assert len({action.title for action in EVERY}) == len(EVERY)


def test_the_ways_to_do_one_thing_are_one_type_of_event() -> None:
    types = [{action.event for action in ways} for ways in ACTIONS]
    assert all(len(type) == 1 for type in types)
    assert len({type for (type,) in types}) == len(types)


def test_somebody_knows_every_entry_and_every_fact() -> None:
    vocabulary = load_vocabulary()
    assert all(map(who_knows, vocabulary.events))
    assert (who_knows("tissue_result"), who_knows("mdt_planned")) == ("pathology", "treating clinician")
    told = {who_knows_fact(name) for name in vocabulary.facts}
    assert told == {"radiology", "pathology", "coordinator, from the records"}
