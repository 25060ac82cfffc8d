"""Which judgement is about which deviation, and how far a review is: for one patient, and in the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, delete, insert

from audit import review
from audit.reasons import GROUPS, address, grouped, words_of
from audit.review import of_patient, pair, standing
from coordination.reasons import NON_ADHERENCE
from store import judgements, register
from store.access import Look
from store.audit_tables import judgement
from store.canonical import canonical
from store.database import Database
from store.judgements import CONFIRMED, JUDGED, SENT_BACK, Correction, Found, Said, touched
from store.register import STATES, WAITING, Wanted
from store.tables import deviation, ledger
from tests.store.cast import NOON, event, live, say, story

DAYS = (None, date(2025, 1, 1), date(2025, 2, 1))


def found(**changes: object) -> Found:
    usual = Found(
        1, "toy", "d-a", "Too late", "major", "open", DAYS[1], ("e01",), ("s-1",), "so many days", ""
    )
    return usual._replace(**changes)  # type: ignore[arg-type]


founds = some.builds(
    found,
    code=some.sampled_from(["d-a", "d-b"]),
    severity=some.sampled_from(["major", "critical"]),
    status=some.sampled_from(["open", "closed"]),
    raised_on=some.sampled_from(DAYS),
    events=some.sampled_from([(), ("e01",), ("e01", "e02"), ("e02",), ("e010",)]),
    why=some.sampled_from(["so many days", "fewer days"]),
)


def file(database: Database, present: Sequence[Found]) -> None:
    """Put these in the place of the patient's deviations."""
    with database.writing() as connection:
        put(connection, present)


def put(connection: Connection, present: Sequence[Found]) -> None:
    rows = [
        {
            **one._asdict(),
            "place": place,
            "events": canonical(one.events),
            "statements": canonical(one.statements),
        }
        for place, one in enumerate(present)
    ]
    connection.execute(delete(deviation))
    if rows:
        connection.execute(insert(deviation), rows)


def keep(database: Database, about: Found) -> int:
    with database.writing() as connection:
        return judge(connection, about)


def judge(connection: Connection, about: Found, step: str = JUDGED, upon: int | None = None) -> int:
    said, look = Said(step, "unjustified", None, "", upon), Look("audit", "test", "review")
    return judgements.append(connection, about, said, sequence=9, look=look, now=NOON)


@pytest.fixture
def patient(database: Database) -> Database:
    """A database with one patient, number 1, of whom nothing is derived."""
    say(database, story())
    file(database, [])
    return database


@settings(
    max_examples=settings().max_examples // 8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    some.lists(founds, unique_by=lambda one: one.name, max_size=4),
    some.lists(some.tuples(founds, some.sampled_from([JUDGED, CONFIRMED, SENT_BACK])), max_size=4),
)
def test_the_register_tells_the_same_state_as_the_reviews_of_each_patient(
    patient: Database, present: list[Found], judged: list[tuple[Found, str]]
) -> None:
    last: dict[tuple[object, ...], int] = {}
    with patient.writing() as connection:
        connection.execute(delete(judgement))
        put(connection, present)
        for about, step in judged:  # one review of each: as it is written at the door
            last[about.name] = judge(connection, about, step, last.get(about.name))
        one_by_one = {one.about: one.state for one in of_patient(connection, 1).present}
        page = register.page(connection)
        counts = register.counts(connection)
        by_state = {
            state: {one.about for one in register.page(connection, Wanted(states=(state,))).rows}
            for state in STATES
        }
    assert {one.about: one.state for one in page.rows} == one_by_one
    assert by_state == {s: {one for one, state in one_by_one.items() if state == s} for s in STATES}
    assert counts.states == {state: len(them) for state, them in by_state.items() if them}
    assert counts.waiting == sum(len(by_state[one]) for one in WAITING)


@given(some.lists(founds, unique_by=lambda one: one.name, max_size=4), founds)
def test_a_verdict_stands_only_for_the_deviation_as_it_was(present: list[Found], judged: Found) -> None:
    last = judgements.Judgement(1, judged, 3, CONFIRMED, "justified", "limited-time", "", "audit", NOON, None)
    paired = pair(present, [last])
    for one in present:
        state = standing(one, paired.get(one))
        assert (state == "justified") == (one == judged)
        assert (state == "none") == (one not in paired)


def test_pages_follow_one_another_without_gap_or_repetition(patient: Database) -> None:
    present = [
        found(code=f"d-{n % 3}", raised_on=DAYS[n % 3], events=(f"e{n}",), severity=("major", "data")[n % 2])
        for n in range(13)
    ]
    file(patient, present)
    for order in register.ORDERS:
        seen: list[Found] = []
        after = None
        with patient.reading() as connection:
            while True:
                page = register.page(connection, order=order, after=after, most=4)
                seen += [one.about for one in page.rows]
                if (after := page.further) is None:
                    break
        assert sorted(map(str, seen)) == sorted(map(str, present))
        dated = [one.raised_on for one in seen if one.severity == "major"]
        assert dated == sorted(dated, key=lambda day: day or date.min, reverse=True)
        if order == "weight":
            assert [one.severity for one in seen] == ["major"] * 7 + ["data"] * 6


def test_what_an_entry_rests_on_is_followed_through_corrections_of_corrections() -> None:
    first, second, other = Correction(4, "c1", "e01"), Correction(6, "c2", "c1"), Correction(7, "c3", "e02")
    assert touched(["e01"], [first, second, other], since=3)
    assert touched(["e01"], [second, first], since=4)  # the correction from before was corrected
    assert not touched(["e01"], [first], since=4)
    assert not touched(["e01"], [other], since=3)


def test_a_corrected_entry_asks_for_another_review(patient: Database) -> None:
    about = found(events=("e02",))
    file(patient, [about])
    with patient.reading() as connection:
        length = connection.execute(ledger.select()).all()[-1].seq
    with patient.writing() as connection:
        said = Said(JUDGED, "unjustified", None, "", None)
        look = Look("audit", "test", "review")
        judgements.append(connection, about, said, sequence=length, look=look, now=NOON)
    say(patient, live("V01", event("response_assessed", "2025-02-28", "n1", overall="PR")))
    file(patient, [about])
    with patient.reading() as connection:
        assert of_patient(connection, 1).present[0].state == "unjustified"
    say(
        patient,
        live("V01", event("correction", "2025-02-02", "c1", target="e02", field="line", old=1, new=2)),
    )
    file(patient, [about])
    with patient.reading() as connection:
        assert of_patient(connection, 1).present[0].state == "changed"
        changed = judgements.on_other_facts(connection)
        (row,) = register.page(connection, changed=changed).rows
    assert row.state == "changed"


def test_a_judgement_of_what_is_gone_is_still_told(patient: Database) -> None:
    keep(patient, found())
    with patient.reading() as connection:
        of = of_patient(connection, 1)
    assert of.present == ()
    (gone,) = of.gone
    assert (gone.state, gone.last and gone.last.recorder) == ("changed", "audit")


def test_steps_that_were_altered_or_taken_out_are_found(patient: Database) -> None:
    keep(patient, found())
    seq = keep(patient, found(code="d-b"))
    with patient.writing() as connection:
        assert list(judgements.faults(connection)) == []
        connection.execute(judgement.update().where(judgement.c.seq == seq).values(verdict="justified"))
        (altered,) = judgements.faults(connection)
        connection.execute(delete(judgement).where(judgement.c.seq == seq))
        (missing,) = judgements.faults(connection)
    assert str(altered) == f"judgement {seq}: is not as the access log says it was written"
    assert str(missing) == f"judgement {seq}: is missing"


def test_nobody_is_the_second_person_for_what_they_judged() -> None:
    about = found(severity="critical")
    last = judgements.Judgement(1, about, 3, JUDGED, "unjustified", None, "", "audit", NOON, None)
    proposed = review.Reviewed(about, "proposed", (last,))
    assert (proposed.done, proposed.needed) == (1, 2)
    assert review.may(proposed, CONFIRMED, "audit", {"auditor"})
    assert not review.may(proposed, CONFIRMED, "second", {"auditor"})
    assert not review.may(proposed, SENT_BACK, "lena", {"chair"})


def test_the_list_of_reasons_is_the_one_that_is_used_elsewhere() -> None:
    codes = [one.code for found in grouped().values() for one in found]
    assert sorted(codes) == sorted(NON_ADHERENCE)
    assert list(grouped()) == list(GROUPS.values())
    assert address() == "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
    assert words_of("patient-refuses") == "the patient declines it"
    assert (words_of(None), words_of("new-one")) == ("", "new-one")
