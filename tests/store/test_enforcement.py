"""Another version or other settings for chosen patients: tried, put in force, taken back; real pathways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.event import Moment, Story
from engine.snapshot import Deviation, PatientSnapshot
from interop.case import Case
from interop.case_file import read_cases
from pathways.canonical import to_json
from pathways.declare import deviation
from pathways.language import events, for_each, yes
from pathways.library import all_pathways
from pathways.pathway import Pathway
from store import definitions, enforcement
from store.canonical import canonical
from store.database import Database
from store.derivation import Derivation, Enrolment
from store.enforcement import Order, Tried, put_in_force, tried, undoing
from store.errors import Overtaken, UnknownPathway, UnknownPatient
from store.library import ref_of, shipped
from store.patient_view import PatientView, look_up
from store.record import record, record_many
from store.recording import NotRecorded, Recorded, Recording, SettingChange
from store.refresh import rebuild
from store.summary import written
from store.verify import verify
from tests.server import ONLY_SQLITE
from tests.store.cast import NOON, event, live
from tests.store.intruder import intrude
from tests.store.test_projections import kept

EXAMPLES = Path(__file__).parents[1] / "examples"
MAIN = all_pathways()[0]
each, treated = for_each(events("mdt_started"))
NEW_RULE = deviation(
    "d-asked-anew", "Asked anew", "major", each=each, raised=yes(), events=(treated,),
    statements=("mdtbc-board-mandatory",),
)  # fmt: skip
STRICTER = replace(MAIN, version="9.1.0", deviations=(*MAIN.deviations, NEW_RULE))
MILDER = replace(
    MAIN,
    version="9.2.0",
    deviations=tuple(rule for rule in MAIN.deviations if rule.code != "d-board-missing-mdt"),
)
LATER = NOON + timedelta(hours=1)
DAY = NOON.date()


def cases(*names: str) -> list[Case]:
    found = [
        one for file in sorted(EXAMPLES.glob("*.yaml")) for one in read_cases(file) if isinstance(one, Case)
    ]
    return [one for one in found if not names or one.id in names]


@pytest.fixture
def clinic(database: Database) -> Database:
    """V12, treated, and V14, treated without a board."""
    said = [Recording.of_history(one.id, one.story, "case-file") for one in cases("V12", "V14")]
    assert len(list(record_many(database, said, recorder="anna", now=NOON, derive=shipped(database)))) == 2
    return database


def knowing(database: Database, *versions: Pathway) -> Derivation:
    return shipped(database, tuple(map(to_json, versions)))


def order(version: Pathway, **more: object) -> Order:
    return Order(ref_of(version), **more)  # type: ignore[arg-type]


def try_it(
    database: Database, wanted: Order, *patients: str, derive: Derivation, jobs: int = 1
) -> dict[str, Tried]:
    chosen = patients or ("V12", "V14")
    found = tried(database, wanted, chosen, now=LATER, derive=derive, jobs=jobs)
    return {one.reference: one for one in found}


def put(
    database: Database,
    found: dict[str, Tried],
    derive: Derivation,
    change: str = "C-1",
    now: datetime = LATER,
) -> list[Recorded | NotRecorded]:
    said = put_in_force(
        database, list(found.values()), "agreed", change, recorder="bert", now=now, derive=derive
    )
    return list(said)


def view(database: Database, patient: str, known_at: datetime | None = None) -> PatientView:
    """Read by a program that knows only what ships and what the database keeps."""
    derive = shipped(database)
    return look_up(database, patient, now=NOON + timedelta(days=1), derive=derive, known_at=known_at)


def departures(database: Database, patient: str) -> dict[str, Deviation]:
    return {one.code: one for one in view(database, patient).snapshot.main.deviations}


def test_trying_writes_nothing(clinic: Database) -> None:
    before = [view(clinic, one).lines for one in ("V12", "V14")]
    found = try_it(clinic, order(STRICTER), derive=knowing(clinic, STRICTER))
    assert [view(clinic, one).lines for one in ("V12", "V14")] == before
    with clinic.reading() as connection:
        assert definitions.find(connection, ref_of(STRICTER).fingerprint) is None
    assert {one.kinds for one in found.values()} == {("earlier decisions",)}
    (change,) = found["V12"].hindsight
    assert (change.before, change.after and change.after.code) == (None, "d-asked-anew")


def test_what_the_version_of_its_day_forbade_stays_a_departure(clinic: Database) -> None:
    before = departures(clinic, "V14")["d-board-missing-mdt"]
    derive = knowing(clinic, MILDER)
    assert all(
        isinstance(one, Recorded) and one.changed
        for one in put(clinic, try_it(clinic, order(MILDER), derive=derive), derive)
    )
    after = departures(clinic, "V14")["d-board-missing-mdt"]
    assert after == before
    assert after.judged_under == f"version {MAIN.version} as in force until {DAY}"
    assert view(clinic, "V14").snapshot.main.pathway == ref_of(MILDER)
    assert not verify(clinic)


def test_what_only_the_new_version_forbids_is_no_departure_if_it_was_decided_before(clinic: Database) -> None:
    derive = knowing(clinic, STRICTER)
    put(clinic, try_it(clinic, order(STRICTER), derive=derive), derive)
    assert "d-asked-anew" not in departures(clinic, "V12")
    again = event(
        "mdt_started", "2025-03-03", "e90", targets=["L1"], modality="stereotactic_rt", intent="ablative_mdt"
    )
    record(
        clinic, live("V12", again), recorder="bert", now=LATER + timedelta(hours=1), derive=shipped(clinic)
    )
    found = departures(clinic, "V12")["d-asked-anew"]
    assert (found.events, found.judged_under) == (("e90",), "")


def test_a_view_of_what_was_known_before_is_what_it_was(clinic: Database) -> None:
    def told() -> tuple[object, ...]:
        then = view(clinic, "V14", known_at=NOON)
        return canonical(written(then.snapshot)), then.lines, then.snapshot, then.dossier.enrolment

    before = told()
    derive = knowing(clinic, MILDER)
    put(clinic, try_it(clinic, order(MILDER, settings={"grace_days": 7}), derive=derive), derive)
    assert told() == before
    assert view(clinic, "V14").snapshot.settings.grace_days == 7


def test_putting_it_in_force_again_changes_nothing(clinic: Database) -> None:
    derive = knowing(clinic, MILDER)
    found = try_it(clinic, order(MILDER), "V12", derive=derive)
    put(clinic, found, derive)
    lines = view(clinic, "V12").lines
    (overtaken,) = put(clinic, found, derive)
    assert isinstance(overtaken, NotRecorded)
    assert isinstance(overtaken.error, Overtaken)
    rest = try_it(clinic, order(MILDER), derive=derive)
    assert [one.kinds[0] for one in rest.values()] == ["in force already", "earlier decisions"]
    assert len(put(clinic, rest, derive)) == 1
    assert view(clinic, "V12").lines == lines


def test_whoever_was_recorded_about_meanwhile_is_left_as_is(clinic: Database) -> None:
    derive = shipped(clinic)
    found = try_it(clinic, Order(None, {"grace_days": 7}), derive=derive)
    visit = event("follow_up_visit", "2025-03-01", "e90")
    record(clinic, live("V12", visit), recorder="anna", now=LATER, derive=derive)
    overtaken, recorded = put(clinic, found, derive)
    assert isinstance(overtaken, NotRecorded)
    assert isinstance(recorded, Recorded)


def test_a_change_is_taken_back_where_it_is_in_force_still(clinic: Database) -> None:
    derive = knowing(clinic, MILDER)
    put(clinic, try_it(clinic, order(MILDER, settings={"grace_days": 7}), derive=derive), derive)
    change = SettingChange({"lead_days": 7}, "for this patient")
    record(clinic, Recording("V12", change=change), recorder="anna", now=LATER, derive=shipped(clinic))
    found = undoing(clinic, "C-1", "not agreed")
    assert found.others == {"V12": "changed again since"}
    later = LATER + timedelta(days=1)
    (back,) = record_many(clinic, found.recordings, recorder="bert", now=later, derive=shipped(clinic))
    assert isinstance(back, Recorded)
    now = view(clinic, "V14").dossier.enrolment
    assert now is not None
    assert (now.pathways[0], now.settings["grace_days"]) == (ref_of(MAIN), 0)
    assert view(clinic, "V12").snapshot.main.pathway == ref_of(MILDER)
    again = undoing(clinic, "C-1", "not agreed")
    assert (again.recordings, again.others["V14"]) == ((), "taken back already")
    assert undoing(clinic, "C-2", "x") == replace(found, recordings=(), others={})
    assert undoing(clinic, "c-1", "x").others == {}


def test_what_was_decided_while_a_change_was_in_force_stays_judged_by_it(clinic: Database) -> None:
    derive = knowing(clinic, STRICTER)
    put(clinic, try_it(clinic, order(STRICTER), "V12", derive=derive), derive)
    start = event(
        "mdt_started", "2025-03-03", "e90", targets=["L1"], modality="stereotactic_rt", intent="ablative_mdt"
    )
    record(clinic, live("V12", start), recorder="bert", now=LATER + timedelta(hours=1), derive=derive)
    (put_back,) = undoing(clinic, "C-1", "not agreed").recordings
    record(clinic, put_back, recorder="bert", now=LATER + timedelta(hours=2), derive=shipped(clinic))
    assert departures(clinic, "V12")["d-asked-anew"].judged_under == f"version 9.1.0 as in force until {DAY}"


OWN = replace(
    MAIN, id="own", key="own", version="1.0.0", title="Own",
    deviations=tuple(replace(rule, code=f"{rule.code}-own") for rule in MAIN.deviations),
)  # fmt: skip


def test_a_pathway_of_one_s_own_is_added_and_read_without_its_author(clinic: Database) -> None:
    derive = knowing(clinic, OWN)
    assert try_it(clinic, order(OWN), "V12", derive=derive)["V12"].kinds == ("not on this pathway",)
    found = try_it(clinic, order(OWN, add=True), "V12", derive=derive)
    assert found["V12"].difference.states[-1].pathway == "own"
    put(clinic, found, derive)
    own = view(clinic, "V12").snapshot.pathways[-1]
    assert (own.key, own.state) == ("own", view(clinic, "V12").snapshot.main.state)
    assert [one for one in own.deviations if one.decided] == []  # all was decided before


def test_two_pathways_of_one_key_are_refused(clinic: Database) -> None:
    twin = replace(OWN, key=MAIN.key)
    found = try_it(clinic, order(twin, add=True), "V12", derive=knowing(clinic, twin))["V12"]
    assert (found.kinds, found.enrolment) == (("cannot be derived",), None)
    assert "key" in found.error


def test_who_cannot_be_derived_needs_a_person(clinic: Database) -> None:
    real = shipped(clinic)

    def replay(enrolment: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        if enrolment.settings["grace_days"] == 7:
            raise ZeroDivisionError
        return real.replay(enrolment, story, as_of, known_at)

    broken = replace(real, replay=replay)
    found = try_it(clinic, Order(None, {"grace_days": 7}), "V12", derive=broken)["V12"]
    assert found.kinds == ("cannot be derived",)
    assert "ZeroDivisionError" in found.error
    assert put(clinic, {"V12": found}, broken) == []
    with pytest.raises(UnknownPatient):
        try_it(clinic, Order(None, {"grace_days": 7}), "nobody", derive=broken)


def test_a_version_nobody_gave_is_not_put_in_force(clinic: Database) -> None:
    found = try_it(clinic, order(MILDER), "V12", derive=shipped(clinic))["V12"]
    assert (found.kinds, found.error[:16]) == (("cannot be derived",), "pathway oligomet")
    with pytest.raises(UnknownPathway):
        shipped(clinic).definition(ref_of(MILDER))


def test_a_step_that_would_be_blocked_needs_a_person(database: Database) -> None:
    (case,) = cases("V02")
    derive = shipped(database)
    record(database, Recording.of_history("V02", case.story, "f"), recorder="a", now=NOON, derive=derive)
    found = try_it(database, Order(None, {"response_min_months": 6}), "V02", derive=derive)["V02"]
    assert [one.latest.step for one in found.blocked]
    assert found.kinds[:3] == ("needs a person", "other state", "other dates")
    assert all(one.latest.status != "done" for one in found.dates)


@ONLY_SQLITE
def test_several_processes_find_the_same(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enforcement, "at_once", 1)
    said = [Recording.of_history(one.id, one.story, "case-file") for one in cases()]
    names = [one.reference for one in said]
    list(record_many(database, said, recorder="anna", now=NOON, derive=shipped(database)))
    derive = knowing(database, STRICTER)
    alone = try_it(database, order(STRICTER), *names, derive=derive)
    assert try_it(database, order(STRICTER), *names, derive=derive, jobs=2) == alone
    assert len(alone) == len(names)


def test_the_name_of_a_change_follows_from_what_it_is() -> None:
    one, day = order(MILDER), date(2025, 2, 3)
    assert one.name(day, "agreed") == order(MILDER).name(day, "agreed")
    assert one.name(day, "agreed").startswith("C-2025-02-03-")
    others = (order(STRICTER), order(MILDER, add=True), order(MILDER, settings={"grace_days": 7}), Order())
    assert (
        len({one.name(day, "agreed"), one.name(day, "else"), *(o.name(day, "agreed") for o in others)}) == 6
    )


def test_what_is_gone_on_with_keeps_its_name_until_it_is_taken_back(clinic: Database) -> None:
    derive, wanted = knowing(clinic, MILDER), order(MILDER)
    first, next_day = date(2025, 3, 4), date(2025, 3, 5)
    name = wanted.name(first, "agreed")
    put(clinic, try_it(clinic, wanted, "V12", derive=derive), derive, name)
    rest = try_it(clinic, wanted, derive=derive)
    assert rest["V12"].change == name
    assert wanted.name(next_day, "agreed", rest.values()) == name
    assert wanted.name(next_day, "another reason", rest.values()).startswith("C-2025-03-05-")
    put(clinic, rest, derive, name, LATER + timedelta(days=1))
    found = undoing(clinic, name, "not agreed")
    assert [one.reference for one in found.recordings] == ["V12", "V14"]
    later = LATER + timedelta(days=2)
    list(record_many(clinic, found.recordings, recorder="b", now=later, derive=derive))
    anew = try_it(clinic, wanted, derive=derive)
    assert wanted.name(next_day, "agreed", anew.values()) == wanted.name(next_day, "agreed") != name


def test_the_lists_are_those_of_a_rebuild_after_every_step(clinic: Database) -> None:
    derive = knowing(clinic, STRICTER)
    start = event(
        "mdt_started", "2025-03-03", "e90", targets=["L1"], modality="stereotactic_rt", intent="ablative_mdt"
    )
    steps: list[Callable[[], object]] = [
        lambda: put(clinic, try_it(clinic, order(STRICTER), derive=derive), derive),
        lambda: record(clinic, live("V12", start), recorder="b", now=LATER, derive=derive),
        lambda: list(
            record_many(
                clinic, undoing(clinic, "C-1", "x").recordings, recorder="b", now=LATER, derive=derive
            )
        ),
    ]
    for step in steps:
        step()
        stood = kept(clinic)
        rebuild(clinic, now=LATER, derive=shipped(clinic))
        assert kept(clinic) == stood


def test_a_version_that_was_altered_where_it_is_kept_is_not_used(clinic: Database) -> None:
    derive = knowing(clinic, MILDER)
    put(clinic, try_it(clinic, order(MILDER), "V12", derive=derive), derive)
    intrude(clinic, "UPDATE definition SET body = replace(body, 'board', 'bored') WHERE version = '9.2.0'")
    with pytest.raises(UnknownPathway, match=r"9\.2\.0 is not kept here as it was enrolled"):
        view(clinic, "V12")
