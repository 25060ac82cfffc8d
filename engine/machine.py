"""The state machine of a pathway, moved by `transitions`; the only file that imports it.

One machine per pathway version, shared by all patients; a patient is a `Cursor`. The derived state (outline
3.2) says where the cursor goes; the machine says whether that move is by the book (3.3) or off the pathway.
The lean event and transition classes use the library's own extension points and leave out its callbacks, of
which a pathway has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from transitions import Event, Machine, Transition

from pathways.pathway import Pathway

OFF_PATHWAY: Final = "off the pathway"
"""The event of moves that no pathway declares; no event type can have this name."""


class Cursor:
    """Where one patient stands, where the next move leads, and the transition that made the last one."""

    __slots__ = ("aim", "state", "taken")

    def __init__(self, state: str) -> None:
        self.state = state
        self.aim = state
        self.taken: Transition | None = None


class Fired(NamedTuple):
    """A move that was made: off the pathway or by the book, and the guards it went against."""

    off_pathway: bool
    against: tuple[str, ...]


_BY_THE_BOOK: Final = Fired(off_pathway=False, against=())
_OFF_PATHWAY: Final = Fired(off_pathway=True, against=())


class LeanTransition(Transition):
    """A transition that is a source, a target and the names of its guards."""

    def __init__(self, source: str, dest: str, *unused: object, guards: tuple[str, ...] = ()) -> None:
        assert not any(unused), "a pathway has no callbacks"
        super().__init__(source, dest)
        self.guards = guards


class LeanEvent(Event):
    """An event that moves a cursor along the transition that leads to its aim."""

    def trigger(self, model: object, *_: object, **__: object) -> bool:
        assert isinstance(model, Cursor)
        for transition in self.transitions.get(model.state, ()):
            if transition.dest == model.aim:
                model.state, model.taken = model.aim, transition
                return True
        return False


class PathwayMachine(Machine):
    event_cls = LeanEvent
    transition_cls = LeanTransition


def build(pathway: Pathway) -> PathwayMachine:
    """The machine of a pathway: its own transitions, and an off-pathway edge between any two states."""
    names = [state.id for state in pathway.states]
    machine = PathwayMachine(
        model=None, states=names, initial=names[0], auto_transitions=False, send_event=False, name=pathway.id
    )
    for t in pathway.transitions:
        machine.add_transition(t.event, t.source, t.target, guards=t.guards)
    for source in names:
        for target in names:
            if source != target:
                machine.add_transition(OFF_PATHWAY, source, target)
    return machine


def fire(
    machine: PathwayMachine, cursor: Cursor, event: str, aim: str, passing: Callable[[str], bool | None]
) -> Fired:
    """Moves the cursor to `aim` on an event of that type and says how.

    `passing` answers a guard by its id.
    """
    cursor.aim = aim
    declared = machine.events.get(event)
    if declared is None or not declared.trigger(cursor):
        machine.events[OFF_PATHWAY].trigger(cursor)
        return _OFF_PATHWAY
    assert isinstance(cursor.taken, LeanTransition)
    against = [guard for guard in cursor.taken.guards if passing(guard) is not True]
    return Fired(False, tuple(against)) if against else _BY_THE_BOOK
