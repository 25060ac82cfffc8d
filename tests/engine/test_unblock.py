"""What opens a step that is held back: facts, things to do, days, boards that overrule, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine import unblock as unblock_module
from engine.event import Event, Story
from engine.remedy import Remedy
from engine.replay import Enrolment, replay
from engine.unblock import Opening, Unblocking, unblock
from pathways.declare import deviation, offered_in, rule, state, step, timer
from pathways.language import (
    Bool,
    all_of,
    any_of,
    case,
    events,
    fact,
    for_each,
    no,
    setting,
    today,
    undetermined,
    yes,
)
from pathways.pathway import Guard, Pathway
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import d, told
from tests.engine.toys import asking, toy

DAY = "2025-01-10"
counselled = events("counselling_documented").exist()
responses = events("response_assessed").where(overall=("CR", "PR"))
boards = events("board_held")
window = responses.since(responses.first().day.plus_months(setting.number("response_min_months"))).exist()


def overrulable(id: str, test: Bool) -> Guard:
    return asking(id, test, overruled=boards.any(lambda b: b.codes("overruled_guards").contains(id).sure()))


def holding(*guards: Guard, **parts: Any) -> Pathway:
    """A step that these guards hold back."""
    treat = step("treat", "Treat", [offered_in("waiting")], guards, **parts.pop("step", {}))
    return toy(guards=guards, steps=(treat,), **parts)


def asked(
    pathway: Pathway, *entries: Event, as_of: str = DAY, known_at: str | None = None, **facts: Any
) -> Unblocking:
    return unblock(
        [Enrolment(pathway)], Story(facts, entries), d(as_of), d(known_at or as_of), "toy", "treat"
    )


def told_as(opening: Opening) -> list[tuple[str, object, str]]:
    """Kind, what it is, and from when."""
    return [(one.kind, _said(one), str(one.entry.day)) for one in opening.remedies]


def _said(one: Remedy) -> object:
    if one.kind == "find_out":
        return one.name, one.value
    return one.title if one.kind == "do" else one.name


def test_something_to_do() -> None:
    found = asked(holding(asking("g-counselled", counselled)))
    (opening,) = found.openings
    assert told_as(opening) == [("do", "Counselling that the survival benefit is unknown", DAY)]
    assert (opening.on, opening.overrules, opening.remedies[0].who) == (d(DAY), 0, "treating clinician")
    assert (found.held, found.by_state, found.complete) == ((), False, True)


def test_an_offered_set_opens_the_step_when_it_comes_true() -> None:
    pathway = holding(asking("g-counselled", counselled, fact.flag("disease_stable")))
    (opening,) = asked(pathway).openings
    entries = tuple(one.entry for one in opening.remedies)
    assert not replay(pathway, Story({}, entries[:1]), d(DAY), d(DAY), DEFAULT_SETTINGS).steps[0].allowed
    assert replay(pathway, Story({}, entries), d(DAY), d(DAY), DEFAULT_SETTINGS).steps[0].allowed


def test_a_fact_to_find_out_with_the_value_that_opens() -> None:
    pathway = holding(asking("g-fluid", fact.code("ascites").equals("benign")))
    (opening,) = asked(pathway).openings
    assert told_as(opening) == [("find_out", ("ascites", "benign"), DAY)]
    assert opening.remedies[0].who == "radiology"
    assert asked(pathway, ascites="none").openings == ()


@pytest.mark.parametrize(
    ("name", "who"),
    [("hr_status", "pathology"), ("cN", "coordinator, from the records")],
)
def test_who_knows_a_fact(name: str, who: str) -> None:
    (opening,) = asked(holding(asking("g", fact.code(name).one_of("positive", "cN1")))).openings
    assert [one.who for one in opening.remedies] == [who]


def test_a_value_of_an_entry_to_find_out_comes_before_things_to_do() -> None:
    confirmed = events("tissue_result").any(lambda t: t.flag("metastasis_confirmed"))
    found = asked(
        holding(asking("g-tissue", confirmed)),
        told("e1", "tissue_result", "2025-01-02", metastasis_confirmed=None),
    )
    first, second = (told_as(one) for one in found.openings)
    assert first == [("find_out", ("e1.metastasis_confirmed", True), DAY)]
    assert second == [("do", "Histology that confirms the metastasis", DAY)]
    assert [one.remedies[0].who for one in found.openings] == ["pathology", "pathology"]


def test_alternatives_the_smaller_first() -> None:
    both = all_of(counselled, fact.flag("disease_stable"))
    waived = events("biopsy_waived").exist()
    found = asked(holding(asking("g", any_of(both, waived))))
    assert [len(one.remedies) for one in found.openings] == [1, 2]
    assert told_as(found.openings[0]) == [("do", "Waiver of the biopsy with its reason", DAY)]
    second = asked(holding(asking("g", any_of(counselled, waived)))).openings
    assert [told_as(one)[0][1] for one in second] == [
        "Waiver of the biopsy with its reason",
        "Counselling that the survival benefit is unknown",
    ]


def test_something_to_do_and_something_to_find_out_with_it() -> None:
    pathway = holding(asking("g", case((counselled, fact.flag("disease_stable")), otherwise=no())))
    (opening,) = asked(pathway).openings
    assert [kind for kind, *_ in told_as(opening)] == ["find_out", "do"]


def test_facts_without_a_list_of_values_are_not_guessed() -> None:
    found = asked(holding(asking("g", fact.number("performance_status").at_most(1))))
    assert (found.openings, found.held, found.complete) == ((), ("g",), True)


def test_texts_and_several_codes_may_be_found_out() -> None:
    known = fact.text("primary.histology").known()
    local = fact.codes("primary.local_complication").overlaps("wound")
    (opening,) = asked(
        holding(asking("g", case((known, yes()), otherwise=fact.flag("disease_stable")), local))
    ).openings
    values = {one.name: one.value for one in opening.remedies}
    assert values == {
        "disease_stable": True,
        "primary.local_complication": ("bleeding", "infection", "wound"),
    }


def test_a_fact_that_nobody_can_record_later_is_not_found_out() -> None:
    reviewed = fact.flag("imaging_history_reviewed")
    assert asked(holding(asking("g", reviewed)), imaging_history_reviewed=None).openings == ()


def test_the_due_day_of_a_dated_item_is_tried_where_the_guard_names_no_day() -> None:
    doses = events("bma_given")
    monthly = doses.any(lambda one: doses.any(lambda other: one.day >= other.day.plus_months(1)))
    dose = timer(
        "t-dose", "Next dose", opens=today(), due=doses.latest().day.plus_months(1), statements=["s"]
    )
    found = asked(
        holding(asking("g", monthly), timers=(dose,)),
        told("e1", "bma_given", "2025-01-02", drug="zoledronate"),
    )
    assert [told_as(one) for one in found.openings] == [
        [("do", "A monthly dose of zoledronate", "2025-02-02")]
    ]


def test_time_alone_opens_it() -> None:
    later = today() >= responses.first().day.plus_months(3)
    found = asked(
        holding(asking("g-time", later)), told("e1", "response_assessed", "2024-11-30", overall="PR")
    )
    assert found.openings == (Opening(d("2025-02-28"), ()),)
    assert found.held == ("g-time",)


def test_the_day_after_a_limit() -> None:
    over = today() > responses.first().day.plus_months(3)
    found = asked(holding(asking("g", over)), told("e1", "response_assessed", "2024-11-30", overall="PR"))
    assert found.openings == (Opening(d("2025-03-01"), ()),)


def test_what_helps_only_later_and_what_can_be_done_today() -> None:
    found = asked(
        holding(asking("g-window", window), asking("g-counselled", counselled)),
        told("e1", "response_assessed", "2024-11-30", overall="PR"),
    )
    (opening,) = found.openings
    assert opening.on == d("2025-02-28")
    assert [(kind, day) for kind, _, day in told_as(opening)] == [("do", DAY), ("do", "2025-02-28")]
    assert found.held == ("g-window",)


def test_a_clock_that_is_not_yet_running_is_set_today() -> None:
    (opening,) = asked(holding(asking("g-window", window))).openings
    assert [day for *_, day in told_as(opening)] == [DAY, "2025-04-10"]


def test_what_has_to_follow_on_something_is_done_tomorrow() -> None:
    treated = responses.after(events("systemic_started").latest()).where(
        lambda _: events("systemic_started").exist()
    )
    maintained = treated.since(treated.first().day.plus_months(3)).exist()
    (opening,) = asked(
        holding(asking("g-systemic", events("systemic_started").exist()), asking("g-window", maintained))
    ).openings
    assert [day for *_, day in told_as(opening)] == [DAY, "2025-01-11", "2025-04-11"]


def test_what_the_sources_leave_open_needs_a_board_that_overrules() -> None:
    found = asked(holding(overrulable("g-open", undetermined("C11")), asking("g-counselled", counselled)))
    (opening,) = found.openings
    assert [kind for kind, *_ in told_as(opening)] == ["do", "overrule"]
    assert (opening.overrules, opening.remedies[1].name, opening.remedies[1].who) == (
        1,
        "g-open",
        "tumour board",
    )
    assert found.held == ("g-open",)


def test_a_board_overrules_no_more_than_it_has_to() -> None:
    found = asked(holding(overrulable("g-open", no()), overrulable("g-window", window)))
    (opening,) = found.openings
    assert [one.name for one in opening.remedies if one.kind == "overrule"] == ["g-open"]
    assert opening.on == d("2025-04-10")


def test_no_board_overrules_where_there_is_another_way() -> None:
    found = asked(holding(overrulable("g-window", window)))
    assert [one.overrules for one in found.openings] == [0]


def test_nothing_opens_what_cannot_be_changed() -> None:
    progressed = events("response_assessed").where(overall="PD").exist()
    found = asked(
        holding(asking("g-no-progression", ~progressed)),
        told("e1", "response_assessed", "2025-01-02", overall="PD"),
    )
    assert (found.openings, found.held, found.complete) == ((), ("g-no-progression",), True)


def test_a_state_that_allows_the_step_to_nobody() -> None:
    found = asked(holding(asking("g", counselled), step={"blocked_in": ("waiting",)}))
    assert (found.openings, found.by_state, found.complete) == ((), True, True)


def test_a_set_that_moves_the_patient_on_to_where_the_step_is_not_offered_is_no_way() -> None:
    moved = holding(
        asking("g", counselled),
        states=(state("waiting", "Waiting"), state("done", "Done")),
        rules=(rule("done", counselled), rule("waiting", yes())),
    )
    assert asked(moved).openings == ()


def test_nothing_is_asked_for_that_would_itself_be_a_departure() -> None:
    started = events("systemic_started")
    each, one = for_each(started)
    unboarded = deviation(
        "d-unboarded",
        "Started without a board",
        "major",
        each=each,
        raised=~boards.until(one.day).exist(),
        events=[one],
        statements=("s",),
    )
    pathway = holding(asking("g", started.exist()), deviations=(unboarded,))
    (opening,) = asked(pathway).openings
    assert [what for _, what, _ in told_as(opening)] == [
        "Start of systemic therapy",
        "A board on the next treatment",
    ]


def test_more_than_fits_into_one_set_is_said() -> None:
    facts = ("disease_stable", "contralateral_primary", "chemo_sensitive", "de_novo_metastatic")
    more = ("pancytopenia", "paresis", "plexus_infiltration", "locoregional_controlled", "ascites_persistent")
    found = asked(
        holding(overrulable("g", all_of(*map(fact.flag, (*facts, *more)))), asking("h", counselled))
    )
    assert (found.openings, found.complete) == ((), False)


def test_a_search_that_was_broken_off_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unblock_module, "MOST_TRIED", 1)
    found = asked(holding(asking("g", counselled)))
    assert (found.openings, found.complete) == ((), False)


def test_a_view_of_the_past_does_not_know_what_came_later() -> None:
    later = told("e2", "counselling_documented", "2025-01-20", topics=("os_benefit_unknown",))
    unrecorded = told(
        "e3", "counselling_documented", "2025-01-02", recorded="2025-02-01", topics=("os_benefit_unknown",)
    )
    time = today() >= boards.first().day.plus_months(1)
    pathway = holding(asking("g", counselled), asking("h", time))
    found = asked(pathway, told("e1", "board_held", "2024-12-30", question="initial"), later, unrecorded)
    assert [kind for kind, *_ in told_as(found.openings[0])] == ["do"]
    assert found.openings[0].on == d("2025-01-30")


def test_who_left_has_no_step_to_open() -> None:
    pathway = holding(asking("g", counselled), left=events("withdrawal").first().day.node)
    assert asked(pathway, told("e1", "withdrawal", "2025-01-01")).openings == ()


@pytest.mark.parametrize(("key", "name"), [("other", "treat"), ("toy", "other")])
def test_a_step_or_pathway_that_is_none(key: str, name: str) -> None:
    with pytest.raises(KeyError):
        unblock([Enrolment(holding(asking("g", no())))], Story({}, ()), d(DAY), d(DAY), key, name)


def test_a_set_is_never_told_with_more_than_it_needs() -> None:
    """The lesion's status and its treatability would both settle the guard; one is enough."""
    rows = events("imaging_done").latest().just().lesions()
    settled = rows.all(lambda row: ~row.code("status").equals("active") | row.flag("local_treatable"))
    imaging = told(
        "e1", "imaging_done", "2025-01-02", complete=True, lesions=({"id": "L1", "organ": "bone"},)
    )
    found = asked(holding(asking("g", settled)), imaging)
    assert all(len(one.remedies) == 1 for one in found.openings)
    assert found.openings[0].remedies[0].name.startswith("e1.lesions.L1.")


def _names(openings: Sequence[Opening]) -> list[list[str]]:
    return [[one.name for one in opening.remedies] for opening in openings]


def test_lesions_nobody_listed_may_be_listed() -> None:
    rows = events("imaging_done").latest().just().lesions()
    imaging = told("e1", "imaging_done", "2025-01-02", complete=True, lesions=None)
    found = asked(holding(asking("g", rows.any(lambda row: row.code("status").equals("active")))), imaging)
    assert _names(found.openings) == [["e1.lesions"], ["imaging_done"]]
