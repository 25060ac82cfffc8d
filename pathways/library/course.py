"""The course of treatment: suspicion, lines of systemic therapy, responses, progressions, boards, the
response clock.

Shared by all pathways of the library. Sources: pathway-outline.md 3.2, 4 (response clock), R7, R10 to R16;
C09 to C12.
"""

from __future__ import annotations

from dataclasses import replace

from pathways.declare import pathway
from pathways.language import (
    Bool,
    Code,
    OneEvent,
    all_of,
    any_of,
    case,
    earlier,
    events,
    fact,
    nothing,
    setting,
    today,
    undetermined,
    yes,
)
from pathways.library.sources import shown_with
from pathways.pathway import Pathway

THREE_ONCOLOGIES = ("medical_oncology", "radiation_oncology", "surgical_oncology")

suspicion = events("metastasis_suspected").first().named("the first suspicion of metastasis")
mdt_starts = events("mdt_started").named("starts of metastasis-directed therapy")
deaths = events("death")

# R7: adjuvant lines and lines before the first suspicion do not belong to the pathway.
in_pathway = suspicion.there() | mdt_starts.exist()
lines = (
    events("systemic_started", "systemic_changed")
    .where(lambda e: ~e.code("intent").equals("adjuvant").sure())
    .after(suspicion)
    .where(lambda _: in_pathway)
    .named("metastatic lines of systemic therapy")
)
first_line = lines.first().named("the first metastatic line")
present_line = lines.latest().named("the present line")
stops = events("systemic_stopped")
last_stop = stops.after(present_line).latest().named("the stop of the present line")
systemic_started = lines.exist()
running = (systemic_started & ~last_stop.there()).named("systemic therapy is running")
persistent = last_stop.code("reason").equals("persistent_after_systemic").sure()

responses = events("response_assessed")
progressions = responses.where(overall="PD").named("progressions")
last_pd = progressions.latest().named("the last progression")
progressed = last_pd.there()


def cns_only(pd: OneEvent) -> Bool:
    """Progression inside the CNS with stable disease outside (8.3)."""
    outside = pd.code("extracranial")
    said = case(
        (pd.stated("extracranial_stable"), pd.flag("extracranial_stable")),
        otherwise=fact.flag("extracranial_stable"),
    )
    stable = outside.one_of("CR", "PR", "SD") | said
    return (pd.code("intracranial").equals("PD") & ~outside.equals("PD").sure() & stable).sure()


def oligoprogression(pd: OneEvent) -> Bool:
    """Coded as oligoprogression by a clinician; never inferred (C12)."""
    return pd.code("pattern").equals("oligoprogression").sure()


new_line_since_pd = lines.after(last_pd).exist()
oligo_pd = oligoprogression(last_pd)
cns_pd = cns_only(last_pd)
oligo_branch = all_of(progressed, oligo_pd, ~cns_pd, ~new_line_since_pd).named(
    "an oligoprogression outside the CNS"
)


def responded(e: OneEvent) -> Bool:
    """A documented response: CR or PR, with the setting cr_pr_sd also SD (C11)."""
    stable_counts = setting.code("response_values").equals("cr_pr_sd")
    return e.code("overall").one_of("CR", "PR") | (e.code("overall").equals("SD") & stable_counts)


# R7: a course starts with the first line and again after every progression.
course_responses = responses.after(last_pd).after(first_line).where(lambda _: systemic_started)
documented_responses = course_responses.where(responded).named("documented responses of the present course")
first_response = documented_responses.first().named("the first documented response")
course_line = lines.after(last_pd).first().named("the first line of the present course")

from_systemic_start = setting.code("response_anchor").equals("systemic_start")
clock_start = case((from_systemic_start, course_line.day), otherwise=first_response.day)
boundary = clock_start.plus_months(setting.number("response_min_months")).named(
    "the boundary of the response window"
)
by_elapsed_time = setting.code("response_end").equals("elapsed")
closing_response = documented_responses.since(boundary).first().named("the assessment that closes the window")
window_met = case(
    (by_elapsed_time, documented_responses.exist() & (today() >= boundary)),
    otherwise=closing_response.there(),
).named("the response window is closed")

# An assessment whose result is not recorded may be a response: where that could close the window, it is
# unknown.
_possible_responses = course_responses.where(lambda e: responded(e).possible())
_first_possible = _possible_responses.first()
_possible_start = case((from_systemic_start, course_line.day), otherwise=_first_possible.day)
_possible_boundary = _possible_start.plus_months(setting.number("response_min_months"))
_clock_started = from_systemic_start | _first_possible.just().any(responded)
window = case(
    (window_met, yes()),
    (by_elapsed_time, _first_possible.just().any(responded) & (today() >= _possible_boundary)),
    otherwise=_clock_started & _possible_responses.since(_possible_boundary).any(responded),
).named("the response window is closed, as far as results are recorded")
no_progression_since = course_responses.after(first_response).all(lambda e: ~e.code("overall").equals("PD"))
closing_day = case((by_elapsed_time, boundary), otherwise=closing_response.day).named(
    "the day the window closed"
)
only_stable = all_of(
    documented_responses.exist(), course_responses.where(overall="SD").since(boundary).exist()
).named("only stable disease on or after the boundary")
# Open question C11 where there is nothing but stable disease.
window_closed = case((window_met, yes()), (only_stable, undetermined("C11")), otherwise=window)

boards = events("board_held")
course_boards = boards.after(last_pd).named("boards of the present course")
mdt_boards = course_boards.where(question="mdt").named("boards on metastasis-directed therapy")
mdt_board = mdt_boards.latest().named("the latest board on metastasis-directed therapy")
# R12: a board that defers has not decided; nor, for certain, has one whose decision is not recorded.
_ON_PD = ("oligoprogression", "mdt")
decisions_on_pd = course_boards.where(question=_ON_PD).where(lambda b: ~b.code("decision").equals("deferred"))
decided_on_pd = decisions_on_pd.latest().named("the board decision on the progression")
keeps_regimen = decided_on_pd.code("decision").equals("local_treatment_regimen_unchanged").sure()
may_keep_regimen = (
    course_boards.after(decided_on_pd)
    .where(lambda b: ~(b.code("question").known() & b.code("decision").known()))
    .any(
        lambda b: (
            b.code("question").one_of(*_ON_PD)
            & b.code("decision").equals("local_treatment_regimen_unchanged")
        )
    )
    .named("a board that is not recorded in full may have kept the regimen")
)


def opens_local_treatment(board: OneEvent) -> Bool:
    """The board named local treatment of the progression."""
    named = ("local_treatment_regimen_unchanged", "local_treatment_with_new_line")
    return board.code("question").one_of(*_ON_PD) & board.code("decision").one_of(*named)


oligo_board = (
    course_boards.where(opens_local_treatment)
    .latest()
    .named("the board that named local treatment of the oligoprogression")
)
oligo_boarded = course_boards.any(opens_local_treatment)


def recommends(board: OneEvent) -> Bool:
    """The board recommends local treatment."""
    return board.code("decision").one_of(
        "recommended", "local_treatment_regimen_unchanged", "local_treatment_with_new_line"
    )


def supports(board: OneEvent) -> Bool:
    """The board did not turn the treatment down or put it off; what it names, it names as its choice."""
    return ~board.code("decision").one_of(
        "not_recommended", "systemic_only", "deferred", "exception_not_supported"
    )


def names_method(board: OneEvent, *methods: str | Code) -> Bool:
    """The board names one of these methods as its choice; unknown when it names one that is not recorded."""
    named = board.code("method")
    same = (named.one_of(m) if isinstance(m, str) else named.equals(m) for m in methods)
    return supports(board) & board.stated("method") & any_of(*same)


def three_oncologies(board: OneEvent) -> Bool:
    """Medical, radiation and surgical oncology present or with written input; unknown when not recorded."""
    return all_of(
        *(
            board.codes("disciplines").contains(name) | board.codes("written_input").contains(name)
            for name in THREE_ONCOLOGIES
        )
    )


def overruled(guard: str) -> Bool:
    """A board of the course names the guard and a reason (R22)."""
    return course_boards.any(
        lambda b: b.codes("overruled_guards").contains(guard).sure() & b.text("overrule_reason").known()
    )


counsellings = events("counselling_documented").after(last_pd)


def told(c: OneEvent) -> Bool:
    """The patient was told that the survival benefit is unknown; unknown when the topics are."""
    return c.codes("topics").contains("os_benefit_unknown")


counselling = counsellings.where(told).named("counselling that the survival benefit is unknown")
same_day_accepted = setting.code("counselling_same_day").equals("accepted")

departures = events("withdrawal", "transferred")
_moves = departures | events("withdrawal_revoked")
# Taking back a withdrawal that is not in force brings nobody back.
last_return = (
    events("withdrawal_revoked")
    .where(lambda r: _moves.before(r).latest().kind.one_of("withdrawal", "transferred"))
    .latest()
)
departure = departures.after(last_return).first().named("the withdrawal or transfer in force")
left_on = earlier(departure.day, deaths.first().day).named("the day the patient left the pathway")
# What is open can still be made good (1.4); nobody can after a death, a withdrawal or a transfer.
gone = (departure.there() | deaths.exist()).named("the patient has left the pathway")

first_treatment = (
    (
        lines
        | events("mdt_started")
        | events("local_treatment", "primary_treated").where(
            lambda t: ~t.code("intent").equals("symptomatic").sure()
        )
    )
    .after(suspicion)
    .where(lambda _: in_pathway)
    .first()
    .named("the first non-urgent treatment")
)

mdt_start = mdt_starts.latest().named("the latest start of metastasis-directed therapy")


def completion(start: OneEvent) -> OneEvent:
    """The completion of a course of metastasis-directed therapy: stated, or that of the last of its targets,
    whichever came first (R11); on the day of the start the order of entries does not matter.
    """
    following = mdt_starts.after(start).first()
    stated = events("mdt_completed").since(start.day).before(following)
    treated = events("mdt_target_completed").since(start.day).before(following)

    def last(one: OneEvent) -> Bool:
        so_far = treated.until(one.day)
        return start.codes("targets").all(lambda t: so_far.any(lambda e: e.code("target").equals(t))).sure()

    return case((~start.there(), nothing()), otherwise=(stated | treated.where(last)).first())


mdt_completion = completion(mdt_start).named("the completion of metastasis-directed therapy")


def enrolled(declared: Pathway) -> Pathway:
    """A pathway of this library: death, withdrawal and transfer end it, a return resumes it; its sources are
    shown with their age and review status.
    """
    displays = (*declared.displays, *shown_with(declared))
    return pathway(replace(declared, left=left_on.node, returned=last_return.day.node, displays=displays))
