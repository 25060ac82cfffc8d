"""The lean machine moves as the plain library does, and says against which guards a move was made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import Machine, MachineError

from engine.machine import OFF_PATHWAY, Cursor, Fired, PathwayMachine, build, fire
from pathways.declare import final_state, rule, state, transition
from pathways.language import yes
from pathways.library import all_pathways
from pathways.pathway import Pathway

STATES = ("waiting", "ready", "treated", "closed")
PATHWAY = Pathway(
    id="toy",
    key="toy",
    version="1",
    title="Toy",
    states=(*(state(id, id) for id in STATES[:-1]), final_state("closed", "Closed")),
    rules=(rule("waiting", yes()),),
    transitions=(
        transition("waiting", "board_held", "ready", guards=("g-count", "g-tissue")),
        transition("waiting", "board_held", "closed", order=2),
        transition("ready", "mdt_started", "treated", guards=("g-board",)),
        transition("treated", "death", "closed"),
    ),
)


def passing(*ids: str) -> dict[str, bool | None]:
    return dict.fromkeys(ids, True)


def moved(source: str, event: str, aim: str, results: dict[str, bool | None]) -> tuple[str, Fired]:
    cursor = Cursor(source)
    fired = fire(build(PATHWAY), cursor, event, aim, results.get)
    return cursor.state, fired


def test_a_declared_move_with_every_guard_passing_is_by_the_book() -> None:
    found = moved("waiting", "board_held", "ready", passing("g-count", "g-tissue"))
    assert found == ("ready", Fired(off_pathway=False, against=()))


@pytest.mark.parametrize("result", [False, None])
def test_a_guard_that_does_not_surely_pass_is_named_and_the_move_is_made(result: bool | None) -> None:
    found = moved("waiting", "board_held", "ready", {"g-count": True, "g-tissue": result})
    assert found == ("ready", Fired(off_pathway=False, against=("g-tissue",)))


def test_of_two_moves_on_one_event_the_aim_decides() -> None:
    assert moved("waiting", "board_held", "closed", {}) == ("closed", Fired(off_pathway=False, against=()))


@pytest.mark.parametrize(
    ("source", "event", "aim"),
    [
        ("waiting", "board_held", "treated"),
        ("waiting", "mdt_started", "treated"),
        ("waiting", "follow_up_visit", "ready"),
        ("waiting", "", "ready"),
        ("closed", "board_held", "waiting"),
    ],
)
def test_any_other_move_is_off_the_pathway(source: str, event: str, aim: str) -> None:
    assert moved(source, event, aim, {}) == (aim, Fired(off_pathway=True, against=()))


def test_a_cursor_is_small_and_takes_nothing_else() -> None:
    cursor = Cursor("waiting")
    with pytest.raises(AttributeError):
        cursor.name = "somebody"  # type: ignore[attr-defined]


def test_a_callback_has_no_place_in_a_pathway() -> None:
    with pytest.raises(AssertionError, match="no callbacks"):
        build(PATHWAY).add_transition("board_held", "ready", "closed", conditions=[lambda: True])


def test_every_pathway_has_a_machine_with_an_edge_between_any_two_states() -> None:
    for pathway in all_pathways():
        edges = {(t.source, t.dest) for t in build(pathway).get_transitions(OFF_PATHWAY)}
        names = [s.id for s in pathway.states]
        assert edges == {(a, b) for a in names for b in names if a != b}, pathway.key


class Plain:
    """A patient as the library would have it: guards are conditions on the model."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.aim = state


def plain_machine(pathway: Pathway) -> Machine:
    """The same moves without any of our classes; a condition asks for the aim."""
    machine = Machine(
        model=None,
        states=[s.id for s in pathway.states],
        initial=pathway.states[0].id,
        auto_transitions=False,
    )
    for t in pathway.transitions:
        machine.add_transition(
            t.event, t.source, t.target, conditions=[lambda event, to=t.target: event.model.aim == to]
        )
    machine.send_event = True
    return machine


MACHINES: list[tuple[Pathway, PathwayMachine, Machine]] = [
    (pathway, build(pathway), plain_machine(pathway)) for pathway in (PATHWAY, *all_pathways())
]


@given(st.sampled_from(MACHINES), st.data())
def test_the_lean_machine_and_the_plain_library_accept_the_same_moves(
    machines: tuple[Pathway, PathwayMachine, Machine], data: st.DataObject
) -> None:
    pathway, lean, plain = machines
    states = [s.id for s in pathway.states]
    events = [*sorted({t.event for t in pathway.transitions}), "follow_up_visit"]
    known = [(t.event, t.target) for t in pathway.transitions] or [("follow_up_visit", states[0])]
    moves = st.one_of(st.sampled_from(known), st.tuples(st.sampled_from(events), st.sampled_from(states)))
    cursor, model = Cursor(states[0]), Plain(states[0])
    for event, aim in data.draw(st.lists(moves, max_size=20)):
        if aim == cursor.state:
            continue
        by_the_book = not fire(lean, cursor, event, aim, lambda _: True).off_pathway
        assert accepted(plain, model, event, aim) == by_the_book
        assert cursor.state == aim
        model.state = aim


def accepted(machine: Machine, model: Plain, event: str, aim: str) -> bool:
    """Whether the plain machine makes the move; it must end where it was aimed."""
    model.aim = aim
    try:
        done = event in machine.events and machine.events[event].trigger(model)
    except MachineError:
        return False
    assert not done or model.state == aim
    return bool(done)
