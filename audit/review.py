"""The review of deviations: what is judged, by whom, and whether a judgement still is about what it judged.

A first person judges. Where the deviation is critical, that is a proposal until a second person has confirmed
it or sent it back, saying why. A judgement rests on the deviation as it was: when anything about it changed,
or an entry that it names was corrected, it is to be reviewed again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection

from coordination.reasons import NON_ADHERENCE
from engine.fault import Fault
from store import identities, judgements
from store.access import Look
from store.errors import Refused, StoreError
from store.judgements import CONFIRMED, JUDGED, SENT_BACK, Found, Judgement, Said
from store.naming import check_names_nobody
from store.register import State

Verdict = Literal["justified", "unjustified", "data_error"]
VERDICTS: Final[tuple[Verdict, ...]] = ("justified", "unjustified", "data_error")
LONGEST: Final = 1000
"""Characters of a note."""
SHORTEST: Final = 5
"""Characters of the words in which somebody says why."""


class Overtaken(StoreError):
    """Somebody else judged, or the deviation changed, since it was looked at."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person judges. `step`: judged, confirmed or sent_back; `verdict` and `reason` for the first."""

    step: str
    verdict: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A deviation, how far its review is, and the steps of it, the oldest first."""

    about: Found
    state: State
    steps: tuple[Judgement, ...] = ()

    @property
    def last(self) -> Judgement | None:
        return self.steps[-1] if self.steps else None

    @property
    def upon(self) -> int:
        """The last step, as a form names it; 0: there is none."""
        return self.last.seq if self.last else 0

    @property
    def needed(self) -> int:
        """How many people judge it."""
        return 2 if is_critical(self.about) else 1

    @property
    def done(self) -> int:
        """How many of them did."""
        return {"none": 0, "changed": 0, "sent_back": 0, "proposed": 1}.get(self.state, self.needed)


@dataclass(frozen=True, slots=True)
class OfPatient:
    """The reviews of a patient's deviations; `gone` are judgements of deviations that are there no more."""

    present: tuple[Reviewed, ...]
    gone: tuple[Reviewed, ...]


def is_critical(about: Found) -> bool:
    """Whether two people judge it."""
    return about.severity == "critical"


def standing(now: Found, last: Judgement | None, on_other_facts: bool = False) -> State:
    """How far the review of a deviation is, by its last step."""
    if last is None:
        return "none"
    if last.about._replace(title=now.title) != now or on_other_facts:
        return "changed"
    if last.step == SENT_BACK:
        return "sent_back"
    if last.step == JUDGED and is_critical(now):
        return "proposed"
    return last.verdict  # type: ignore[return-value]  # one of the verdicts: nothing else is kept


def pair(found: Iterable[Found], last: Iterable[Judgement]) -> dict[Found, Judgement]:
    """Which review is whose: that of the very same deviation, else the newest one that began with the same
    entry and whose own deviation is gone.
    """
    present = list(found)
    exact = {(one.about.patient_id, one.about.name): one for one in sorted(last, key=lambda one: one.seq)}
    own = {(one.patient_id, one.name) for one in present}
    left = {(one.about.patient_id, one.about.start): one for name, one in exact.items() if name not in own}
    pairs = (
        (one, exact.get((one.patient_id, one.name)) or left.get((one.patient_id, one.start)))
        for one in present
    )
    return {one: judged for one, judged in pairs if judged is not None}


def of_patient(connection: Connection, number: int) -> OfPatient:
    """The reviews of a patient's deviations, as both stand now."""
    there = judgements.found(connection, number)
    steps = judgements.all_steps(connection, number)
    changed = judgements.on_other_facts(connection, number) if steps else frozenset()
    last = judgements.current(steps)
    paired = pair(there, last)
    trail = {one.seq: one for one in steps}
    taken = {one.seq for one in paired.values()}
    return OfPatient(
        tuple(_reviewed(one, paired.get(one), trail, changed) for one in there),
        tuple(Reviewed(one.about, "changed", _way(one, trail)) for one in last if one.seq not in taken),
    )


def _reviewed(
    about: Found, last: Judgement | None, trail: Mapping[int, Judgement], changed: Collection[int]
) -> Reviewed:
    state = standing(about, last, last is not None and last.seq in changed)
    return Reviewed(about, state, _way(last, trail))


def _way(last: Judgement | None, trail: Mapping[int, Judgement]) -> tuple[Judgement, ...]:
    """The steps up to this one, the oldest first."""
    steps: list[Judgement] = []
    while last is not None:
        steps.append(last)
        last = trail.get(last.upon) if last.upon else None
    return tuple(reversed(steps))


def may(review: Reviewed, step: str, who: str, roles: Collection[str]) -> str:
    """Why somebody may not take this step; empty: they may."""
    if step == JUDGED:
        return "" if "auditor" in roles else "Auditors judge first; a chair is the second pair of eyes."
    if review.state != "proposed" or review.last is None:
        return "There is no proposal that waits for a second person."
    if who == review.last.recorder:
        return "Another person than the first looks at it now."
    return ""


def judge(
    connection: Connection,
    number: int,
    mark: str,
    given: Given,
    *,
    upon: int,
    look: Look,
    roles: Collection[str],
    now: datetime,
) -> None:
    """Keep a step of a review. Raises Refused for what cannot be, and Overtaken where what was looked at, a
    deviation by its `mark` after the step `upon`, is not what stands there now.
    """
    head = identities.head_of(connection, number, to_write=True)
    review = next((one for one in of_patient(connection, number).present if one.about.mark == mark), None)
    if review is None or review.upon != upon:
        raise Overtaken
    if told := may(review, given.step, look.who, roles):
        raise _refused("step", told)
    check(given)
    check_names_nobody(
        connection, given.note, f"{identities.NUMBERED}{number}", field="note", stays="with the judgement"
    )
    verdict, reason = given.verdict, given.reason or None
    if given.step != JUDGED and review.last is not None:
        verdict, reason = review.last.verdict, review.last.reason
    said = Said(given.step, verdict, reason, given.note, upon or None)
    judgements.append(connection, review.about, said, sequence=head.sequence, look=look, now=now)


def check(given: Given) -> None:
    """Raises Refused for what is no judgement."""
    if given.step not in (JUDGED, CONFIRMED, SENT_BACK):
        raise _refused("step", "Choose what you judge.")
    if given.step == JUDGED:
        _check_verdict(given)
    if given.step == SENT_BACK and len(given.note) < SHORTEST:
        raise _refused("note", "Say why you do not agree.")
    if len(given.note) > LONGEST:
        raise _refused("note", f"at most {LONGEST} characters")


def _check_verdict(given: Given) -> None:
    if given.verdict not in VERDICTS:
        raise _refused("verdict", "Choose justified, unjustified or data error.")
    if given.verdict == "justified" and given.reason not in NON_ADHERENCE:
        raise _refused("reason", "Choose a reason from the list.")
    if given.verdict != "justified" and given.reason:
        raise _refused("reason", "Only what is justified has a reason from the list.")


def _refused(field: str, told: str) -> Refused:
    return Refused([Fault(None, field, told)])
