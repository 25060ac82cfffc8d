"""Facts known from the beginning are corrected by an entry that names `facts`, and known so from then on."""

from __future__ import annotations

from datetime import date

import pytest

from engine.entries import EntryError, read_event, read_facts, read_story, story_faults
from engine.event import FACTS, Event, Story
from engine.history import Ledger, facts_in_force
from engine.replay import Enrolment
from engine.rested import RestedDecision, rested_decisions
from pathways.declare import offered_in, step
from pathways.language import fact
from tests.engine.telling import LAST, correction, d, retraction, story, told, value
from tests.engine.toys import asking, toy

SEX = correction("c1", FACTS, "sex", "male", "2025-03-01")
HER2 = told("e1", "finding_recorded", "2025-02-01", her2_status="positive")


def facts(known: Story, known_at: date | str = LAST) -> object:
    moment = d(known_at) if isinstance(known_at, str) else known_at
    return facts_in_force(known, moment)


def test_a_fact_is_as_it_was_said_until_its_correction_is_recorded() -> None:
    known = story(SEX, sex="female", her2_status="negative")
    assert facts(known, "2025-02-28") == {"sex": "female", "her2_status": "negative"}
    assert facts(known, "2025-03-01") == {"sex": "male", "her2_status": "negative"}
    assert known.facts["sex"] == "female", "what was said stays in the ledger"
    sex, said = fact.code("sex"), known.facts
    assert value(sex, SEX, known_at="2025-02-28", facts=said) == "female"
    assert value(sex, SEX, facts=said) == "male"


def test_a_correction_is_corrected_and_taken_back() -> None:
    again = correction("c2", "c1", "new", "other", "2025-04-01")
    assert facts(story(SEX, again, sex="female")) == {"sex": "other"}
    assert facts(story(SEX, retraction("r1", "c1", "2025-04-01"), sex="female")) == {"sex": "female"}


def test_what_was_documented_by_a_day_has_the_facts_of_that_day() -> None:
    late = correction("c1", FACTS, "sex", "male", "2025-03-01", documented=d("2025-02-10"))
    ledger = Ledger(story(late, sex="female"), LAST)
    assert [ledger.known(d(day)).facts["sex"] for day in ("2025-02-09", "2025-02-10")] == ["female", "male"]


def test_a_finding_still_comes_before_what_was_known_from_the_beginning() -> None:
    change = correction("c1", FACTS, "her2_status", "unknown", "2025-03-01")
    assert value(fact.code("her2_status"), HER2, change, facts={"her2_status": "negative"}) == "positive"


def test_without_a_correction_of_them_they_are_the_same_mapping() -> None:
    known = story(HER2, her2_status="negative")
    assert facts_in_force(known, LAST) is known.facts


def read(*raws: dict[str, object], **known: object) -> Story:
    return read_story(read_facts(known), [read_event(raw) for raw in raws])


def change(id: str, field: str, new: object, **more: object) -> dict[str, object]:
    said = {"type": "correction", "target": FACTS, "field": field, "new": new}
    return {"id": id, "date": "2025-03-01", **said, **more}


def test_an_alias_is_read_as_the_fact_and_a_value_as_its_kind() -> None:
    known = read(change("c1", "primary_er", "negative"), change("c2", "birth_date", "1971-02-03"))
    assert [one.fields["field"] for one in known.entries] == ["primary.er", "birth_date"]
    assert facts(known) == {"primary.er": "negative", "birth_date": d("1971-02-03")}


@pytest.mark.parametrize(
    ("raws", "words"),
    [
        ([change("c1", "sexx", "male")], "did you mean 'sex'"),
        ([change("c1", "sex", "woman")], "must be one of female, male, other, unknown"),
        (
            [change("c1", "sex", "male", old="other")],
            "'old' is other, but before this correction 'sex' was female",
        ),
        ([change("c1", "hr_status", "negative")], "primary.er and primary.pr make it positive"),
        ([change("c1", "birth_date", "2025-04-01")], "before the birth_date"),
        (
            [{"id": "r1", "type": "retraction", "date": "2025-03-01", "target": FACTS, "reason": "wrong"}],
            "cannot be retracted: correct them",
        ),
        ([{"id": FACTS, "type": "metastasis_suspected", "date": "2025-03-01"}], "give the entry another id"),
    ],
)
def test_what_does_not_fit_is_refused(raws: list[dict[str, object]], words: str) -> None:
    known = {"sex": "female", "hr_status": "positive", "primary.er": "positive"}
    with pytest.raises(EntryError) as caught:
        read(*raws, **known)
    assert words in str(caught.value)


def test_days_are_compared_with_the_date_of_birth_as_it_was_corrected() -> None:
    early = read_event({"id": "e1", "type": "metastasis_suspected", "date": "2024-01-01"})
    right = read_event(change("c1", "birth_date", "1971-04-12"))
    wrong = read_facts({"birth_date": "2024-04-12", "primary.diagnosis_date": "2023-01-01"})
    assert len(story_faults(wrong, [early])) == 2
    assert story_faults(wrong, [early, right]) == []


GUARDS = (
    asking("g-sex", fact.code("sex").equals("female")),
    asking("g-her2", fact.code("her2_status").known()),
)
TOY = toy(
    guards=GUARDS,
    steps=(step("treat", "Treat", [offered_in("waiting")], GUARDS, taken_by=["mdt_started"]),),
)
TREATED = told("e3", "mdt_started", "2025-02-01", targets=("L1",))


def rested(*new: Event, before: tuple[Event, ...] = (TREATED,)) -> tuple[RestedDecision, ...]:
    known = {"sex": "female", "her2_status": "negative"}
    return rested_decisions([Enrolment(TOY)], Story(known, before), Story(known, (*before, *new)), LAST)


def test_decisions_that_asked_for_the_fact_rested_on_it() -> None:
    (found,) = rested(SEX)
    assert [(one.guard, one.then, one.now) for one in found.guards] == [("g-sex", "pass", "fail")]
    (same,) = rested(correction("c1", FACTS, "her2_status", "positive", "2025-03-01"))
    assert [(one.guard, one.then, one.now) for one in same.guards] == [("g-her2", "pass", "pass")]


def test_a_decision_that_asked_a_finding_instead_did_not_rest_on_the_fact() -> None:
    other = correction("c1", FACTS, "her2_status", "unknown", "2025-03-01")
    assert rested(other, before=(HER2, TREATED)) == ()
