"""The write door, step by step in any order: recorded, entered late, amended, taken back, sent again.

After every step the kept rows are those of a rebuild, the chain holds, and the view is the replay of the
story that the ledger tells.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.entries import read_story
from store.database import open_database
from store.errors import StoreError
from store.identities import find
from store.ledger import Line, event_of, lines
from store.patient_view import look_up
from store.recording import Entry, Recording
from store.refresh import rebuild, refresh
from store.verify import verify
from tests.store.cast import Raw, at, event, say, story
from tests.store.tallying import kept_counts
from tests.store.test_projections import EVENTS, kept
from tests.store.toy import derivation

PATIENT = "V01"
ORDINARY = EVENTS.filter(lambda raw: raw["type"] not in ("correction", "retraction"))
days = st.integers(0, 60)


class Door(RuleBasedStateMachine):
    """One patient; `sent` are the entries a source sent, by the id they have there."""

    def __init__(self) -> None:
        super().__init__()
        self.database = open_database("sqlite://")
        self.now = at("2025-05-01")
        self.sent: dict[str, Raw] = {}
        self.ids: list[str] = []

    def teardown(self) -> None:
        self.database.close()

    @initialize()
    def begin(self) -> None:
        first = event("metastasis_suspected", "2025-01-01", "e00")
        self.ids += say(self.database, story(PATIENT, first), self.now).added

    @rule(raw=ORDINARY)
    def record(self, raw: Raw) -> None:
        self._say(raw)

    @rule(raw=ORDINARY, later=days)
    def enter_late(self, raw: Raw, later: int) -> None:
        """What was known in writing earlier than it is recorded."""
        documented = datetime.fromisoformat(str(raw["date"])) + timedelta(later)
        self._say({**raw, "documented": documented.date().isoformat()})

    @rule(data=st.data(), day=st.sampled_from(["2025-01-05", "2025-03-05", "2025-04-20"]))
    def amend(self, data: st.DataObject, day: str) -> None:
        target = data.draw(st.sampled_from(self.ids))
        self._say(event("correction", "2025-04-30", target=target, field="date", new=day))

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """Also what was taken back before, or corrects something."""
        target = data.draw(st.sampled_from(self.ids))
        self._say(event("retraction", "2025-04-30", target=target, reason="another patient"))

    @rule(raw=ORDINARY)
    def send(self, raw: Raw) -> None:
        id = f"s{len(self.sent)}"
        if self._say(raw, id):
            self.sent[id] = raw

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """The same id with the same content changes nothing; with other content it is refused."""
        id = data.draw(st.sampled_from(sorted(self.sent)))
        before = self._ledger()
        assert self._say(self.sent[id], id) == ()
        assert self._say({**self.sent[id], "note": "told otherwise"}, id) is None
        assert self._ledger() == before

    @rule(later=days)
    def time_passes(self, later: int) -> None:
        self.now += timedelta(later)
        refresh(self.database, now=self.now, derive=derivation)

    @invariant()
    def rows_are_those_of_a_rebuild(self) -> None:
        right = kept(self.database)
        kept_counts(self.database)
        assert rebuild(self.database, now=self.now, derive=derivation).troubled == ()
        assert kept(self.database) == right

    @invariant()
    def the_chain_holds(self) -> None:
        assert verify(self.database) == []

    @invariant()
    def the_view_is_the_replay_of_the_ledger(self) -> None:
        view = look_up(self.database, PATIENT, now=self.now, derive=derivation)
        events = [event_of(line) for line in self._ledger() if line.kind == "event"]
        told = read_story(view.dossier.facts, events)
        assert len(events) == len(self.ids)
        assert view.dossier.enrolment is not None
        seen = view.snapshot
        assert seen == derivation.replay(view.dossier.enrolment, told, seen.as_of, seen.known_at)

    def _say(self, raw: Raw, source_id: str | None = None) -> tuple[str, ...] | None:
        """The ids of what was added; None where it was refused, and then nothing of it stays."""
        self.now += timedelta(minutes=1)
        there = self._ledger()
        new = Recording(PATIENT, (Entry(raw, source_id),), source="registry")
        try:
            added = say(self.database, new, self.now).added
        except StoreError:
            assert self._ledger() == there
            return None
        self.ids += added
        return added

    def _ledger(self) -> list[Line]:
        with self.database.reading() as connection:
            head = find(connection, PATIENT)
            return [] if head is None else list(lines(connection, head.patient_id))


TestDoor = Door.TestCase
TestDoor.settings = settings(
    max_examples=max(settings().max_examples // 5, 3),
    stateful_step_count=12,
    suppress_health_check=[HealthCheck.too_slow],
)
