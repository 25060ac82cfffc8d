"""One row says what an operator comes to in one situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from engine.evaluate import Meaning, Program, View
from engine.event import Event, Story
from engine.kleene import ABSENT
from engine.meaning import MEANINGS
from engine.naive import meaning as naive
from engine.naive.sight import Patient
from pathways.graph import Node
from pathways.language import Bool, Code, Codes, Date, Expression, Number, fact, nothing, unknown
from pathways.settings import DEFAULT_SETTINGS, Settings
from tests.engine.telling import LAST, value

GONE = ABSENT
"""What did not happen."""

missing_bool: Bool = unknown()
missing_date: Date = fact.date("primary.surgery_date")
missing_code: Code = fact.code("cN")
missing_codes: Codes = fact.codes("primary.local_complication")
missing_number: Number = fact.number("performance_status")
absent_bool: Bool = nothing().flag("complete")
absent_date: Date = nothing().day
absent_code: Code = nothing().code("overall")
absent_codes: Codes = nothing().codes("topics")
absent_number: Number = nothing().number("line")


@dataclass(frozen=True)
class Row:
    """`what` names the situation; rows about an unknown argument begin with *unknown*, about one that is not
    there with *not there*.
    """

    op: str
    what: str
    asked: Expression
    expected: Any
    entries: tuple[Event, ...] = ()
    as_of: Any = LAST
    known_at: Any = None
    facts: Mapping[str, object] = field(default_factory=dict)
    settings: Settings = DEFAULT_SETTINGS

    def __str__(self) -> str:
        return f"{self.op}: {self.what}"

    @property
    def got(self) -> Any:
        found = value(
            self.asked, *self.entries, as_of=self.as_of, known_at=self.known_at, facts=self.facts,
            settings=self.settings,
        )  # fmt: skip
        return _told(found)

    @property
    def got_from_the_patient(self) -> Any:
        """What the operators say where nothing was worked out without the patient."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Program, "_compiled", _not_worked_out)
            return self.got

    @property
    def got_naively(self) -> Any:
        """What the naive evaluator says."""
        moments = [date.fromisoformat(m) if isinstance(m, str) else m for m in (self.as_of, self.known_at)]
        patient = Patient.asked(
            Story(self.facts, self.entries), moments[0], moments[1] or LAST, self.settings
        )
        return _told(naive.value(self.asked.node, patient.now()))


def _not_worked_out(program: Program, node: Node, uses: int) -> Meaning:
    meaning = MEANINGS[node.op](node, [program.meanings[arg] for arg in node.args], program)

    def asked(view: View) -> Any:
        assert isinstance(view, View), f"{node.op} is asked without a view"
        return meaning(view)

    return asked


def _told(found: Any) -> Any:
    return [e.id for e in found] if _all_events(found) else found


def _all_events(found: object) -> bool:
    return isinstance(found, tuple) and found != () and all(isinstance(e, Event) for e in found)
