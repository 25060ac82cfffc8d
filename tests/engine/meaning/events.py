"""Queries over events and what one event says."""

from __future__ import annotations

from engine.event import Event
from pathways.language import (
    Bool,
    Events,
    OneEvent,
    after_death,
    day,
    duplicates,
    events,
    ledger,
    nothing,
)
from tests.engine.meaning.rows import GONE, Row, absent_date, missing_date
from tests.engine.telling import correction, d, retraction, told

TOLD = (
    told("e1", "response_assessed", "2025-01-10", overall="PR"),
    told("e2", "board_held", "2025-01-10", question="mdt", decision=None, targets=("L1",)),
    told("e3", "response_assessed", "2025-02-10", overall="PD", pattern="unknown"),
    told("e4", "response_assessed", "2025-03-10", overall=None),
    told("e5", "systemic_started", "2025-03-11", documented="2025-05-01", line=2, intent="adjuvant"),
)
responses = events("response_assessed")
boards = events("board_held")
none = events("death")
e1, e3, e4 = responses.first(), responses.where(overall="PD").first(), responses.latest()
MARCH = day(d("2025-02-10"))

IMAGED = (
    told("i1", "imaging_done", "2025-01-01", complete=True, findings={"ascites": "none", "paresis": None}),
    told("i2", "imaging_done", "2025-02-01", findings=None),
    told("b1", "board_held", "2025-02-02", uncovered_lesions={"L1": "too near", "L2": "", "L3": None}),
    told("s1", "systemic_started", "2025-02-03", last=None),
    correction("c1", "i1", "complete", False, "2025-03-01"),
    retraction("r1", "c0", "2025-03-02"),
    correction("c0", "i1", "complete", None, "2025-03-01"),
)
first_imaging, last_imaging = events("imaging_done").first(), events("imaging_done").latest()

DOUBLE = (
    told("v1", "follow_up_visit", "2025-01-01"),
    told("v2", "follow_up_visit", "2025-01-01", recorded="2025-02-01"),
    told("x1", "death", "2025-03-01"),
    told("x2", "follow_up_visit", "2025-03-02"),
)


def a_week_apart(last: OneEvent, this: OneEvent) -> Bool:
    return ~last.there() | (this.day >= last.day.plus_days(7))


def chained(many: Events) -> Events:
    return many.chain(a_week_apart)


def visits(*days: str) -> tuple[Event, ...]:
    return tuple(told(f"v{n}", "follow_up_visit", day) for n, day in enumerate(days, 1))


def later(first: str, second: str) -> Bool:
    return MOMENTS[first].written_before(MOMENTS[second])


WRITTEN = (
    told("w1", "follow_up_visit", "2025-01-01", documented="2025-01-05"),
    told("w2", "ortho_evaluated", "2025-01-01", documented="2025-01-06"),
    told("w3", "board_held", "2025-01-01", documented="2025-01-06"),
)
MOMENTS = {
    "visit": events("follow_up_visit").first(),
    "ortho": events("ortho_evaluated").first(),
    "board": events("board_held").first(),
    "none": nothing(),
}


ROWS = (
    Row("events", "of one type, in order", responses, ["e1", "e3", "e4"], TOLD),
    Row(
        "events",
        "of several types, in order",
        events("board_held", "response_assessed"),
        ["e1", "e2", "e3", "e4"],
        TOLD,
    ),
    Row("events", "of no type", events(), (), TOLD),
    Row("events", "not there", none, (), TOLD),
    Row("events", "only up to the day", responses, ["e1"], TOLD, as_of="2025-02-09"),
    Row("events", "only what is recorded", responses, ["e1"], TOLD, known_at="2025-02-09"),
    Row(
        "ledger", "whenever dated", ledger("response_assessed"), ["e1", "e3", "e4"], TOLD, as_of="2025-01-01"
    ),
    Row("ledger", "changes too, but none that is retracted", ledger("correction"), ["c1"], IMAGED),
    Row("ledger", "all types", ledger(), ["i1", "i2", "b1", "s1", "c1", "r1"], IMAGED),
    Row("duplicates", "the later recorded", duplicates(), ["v2"], DOUBLE),
    Row("after_death", "dated after it", after_death(), ["x2"], DOUBLE),
    Row("where", "that surely pass", responses.where(overall="PD"), ["e3"], TOLD),
    Row(
        "where",
        "unknown does not pass, nor its opposite",
        responses.where(lambda e: ~e.code("overall").equals("PD")),
        ["e1"],
        TOLD,
    ),
    Row("where", "one of several codes", responses.where(overall=("PR", "PD")), ["e1", "e3"], TOLD),
    Row("where", "not there", none.where(lambda e: e.day >= MARCH), (), TOLD),
    Row(
        "where",
        "within a filter",
        responses.where(lambda e: boards.where(lambda b: b.day.equals(e.day)).exist()),
        ["e1"],
        TOLD,
    ),
    Row("first", "the earliest", responses.first().id, "e1", TOLD),
    Row("first", "not there", none.first().there(), False, TOLD),
    Row("latest", "the last", responses.latest().id, "e4", TOLD),
    Row("latest", "not there", none.latest().there(), False, TOLD),
    Row("after", "later in order, the same day too", boards.after(e1), ["e2"], TOLD),
    Row("after", "not itself", responses.after(e1), ["e3", "e4"], TOLD),
    Row("after", "not there: all", responses.after(nothing()), ["e1", "e3", "e4"], TOLD),
    Row("after", "none to choose from", none.after(e1), (), TOLD),
    Row(
        "after",
        "an entry set aside goes by its day",
        events("follow_up_visit").after(duplicates().first()),
        (),
        DOUBLE,
    ),
    Row("before", "earlier in order", responses.before(boards.first()), ["e1"], TOLD),
    Row("before", "not there: all", responses.before(nothing()), ["e1", "e3", "e4"], TOLD),
    Row("since", "on or after the day", responses.since(MARCH), ["e3", "e4"], TOLD),
    Row("since", "unknown day: none", responses.since(missing_date), (), TOLD),
    Row("since", "not there: none", responses.since(absent_date), (), TOLD),
    Row("since", "none to choose from", none.since(MARCH), (), TOLD),
    Row("until", "on or before the day", responses.until(MARCH), ["e1", "e3"], TOLD),
    Row("until", "unknown day: none", responses.until(missing_date), (), TOLD),
    Row("until", "not there: none", responses.until(absent_date), (), TOLD),
    Row("until", "none to choose from", none.until(MARCH), (), TOLD),
    Row(
        "union",
        "in order, each once",
        responses.where(overall="PD") | boards | responses,
        ["e1", "e2", "e3", "e4"],
        TOLD,
    ),
    Row(
        "union",
        "what was set aside stands before all that have a place",
        events("follow_up_visit") | events("death") | duplicates() | after_death(),
        ["v2", "x2", "v1", "x1"],
        DOUBLE,
    ),
    Row("union", "one of them empty", none | boards, ["e2"], TOLD),
    Row("union", "not there", none | none, (), TOLD),
    Row(
        "chain",
        "each at least a week after the last kept",
        chained(events("follow_up_visit")),
        ["v1", "v3", "v5"],
        visits("2025-01-01", "2025-01-07", "2025-01-08", "2025-01-14", "2025-01-15"),
    ),
    Row("chain", "not there", chained(none), (), TOLD),
    Row("just", "as a list", e1.just(), ["e1"], TOLD),
    Row("just", "not there", nothing().just(), (), TOLD),
    Row("count", "how many", responses.count(), 3, TOLD),
    Row("count", "not there", none.count(), 0, TOLD),
    Row("exist", "some", responses.exist(), True, TOLD),
    Row("exist", "not there", none.exist(), False, TOLD),
    # one event
    Row("day", "the clinical day", events("systemic_started").first().day, d("2025-03-11"), TOLD),
    Row("day", "not there", nothing().day, GONE),
    Row(
        "documented",
        "the day of writing",
        events("systemic_started").first().documented,
        d("2025-05-01"),
        TOLD,
    ),
    Row("documented", "not there", nothing().documented, GONE),
    Row("identity", "the id", e3.id, "e3", TOLD),
    Row("identity", "not there", nothing().id, GONE),
    Row("kind", "the type", e3.kind, "response_assessed", TOLD),
    Row("kind", "not there", nothing().kind, GONE),
    Row("touched", "by a correction", first_imaging.touched, True, IMAGED),
    Row("touched", "by none", last_imaging.touched, False, IMAGED),
    Row("touched", "not there", nothing().touched, False),
    Row("target", "of a correction", ledger("correction").first().target().id, "i1", IMAGED),
    Row("target", "not there: no event", nothing().target(), GONE),
    Row("target", "not there: it was retracted itself", ledger("retraction").first().target(), GONE, IMAGED),
    Row("written_before", "on an earlier day", later("visit", "ortho"), True, WRITTEN),
    Row("written_before", "on the same day", later("ortho", "board"), False, WRITTEN),
    Row("written_before", "on a later day", later("board", "visit"), False, WRITTEN),
    Row("written_before", "not there", later("none", "visit") | later("visit", "none"), False, WRITTEN),
    # fields
    Row("field", "as stated", e1.code("overall"), "PR", TOLD),
    Row("field", "unknown: null", e4.code("overall"), None, TOLD),
    Row("field", "unknown: the code unknown", e3.code("pattern"), None, TOLD),
    Row("field", "unknown: an open field that is left out", e1.code("pattern"), None, TOLD),
    Row("field", "not there: a closed field that is left out", e1.code("extracranial"), GONE, TOLD),
    Row("field", "not there: no event", nothing().code("overall"), GONE),
    Row("field", "not there: no such field", boards.first().flag("complete"), GONE, TOLD),
    Row(
        "field",
        "the default where one is declared",
        events("systemic_started").first().code("intent"),
        "metastatic",
        IMAGED,
    ),
    Row(
        "field",
        "stated against the default",
        events("systemic_started").first().code("intent"),
        "adjuvant",
        TOLD,
    ),
    Row("field", "a part of a mapping", first_imaging.code("findings.ascites"), "none", IMAGED),
    Row("field", "unknown part of a mapping", first_imaging.flag("findings.paresis"), None, IMAGED),
    Row(
        "field",
        "unknown: a part that is left out",
        first_imaging.code("findings.pleural_effusion"),
        None,
        IMAGED,
    ),
    Row("field", "unknown: a mapping that is null", last_imaging.code("findings.ascites"), None, IMAGED),
    Row("field", "unknown: a mapping that is left out", boards.first().code("snapshot.cN"), None, TOLD),
    Row(
        "field",
        "a mapping of reasons is what has one",
        boards.first().codes("uncovered_lesions"),
        ("L1",),
        IMAGED,
    ),
    Row(
        "field",
        "a day without its time",
        events("task_progress").first().date("on"),
        d("2025-01-05"),
        (told("t1", "task_progress", "2025-01-01", on=d("2025-01-05"), item="x", status="deferred"),),
    ),
    Row("stated", "a value", e1.stated("overall"), True, TOLD),
    Row("stated", "unknown is stated", e4.stated("overall"), True, TOLD),
    Row("stated", "left out", e1.stated("pattern"), False, TOLD),
    Row("stated", "not there", nothing().stated("overall"), False),
    Row("stated", "a part", first_imaging.stated("findings.paresis"), True, IMAGED),
    Row("stated", "a part that is left out", first_imaging.stated("findings.cause"), False, IMAGED),
    Row("stated", "a part of nothing", last_imaging.stated("findings.ascites"), False, IMAGED),
    Row(
        "triples",
        "type, day and fields",
        responses.triples("overall"),
        frozenset(
            {
                ("response_assessed", d("2025-01-10"), "PR"),
                ("response_assessed", d("2025-02-10"), "PD"),
                ("response_assessed", d("2025-03-10"), None),
            }
        ),
        TOLD,
    ),
    Row("triples", "not there", none.triples("cause"), frozenset(), TOLD),
)
