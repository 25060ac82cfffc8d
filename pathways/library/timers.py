"""Timers of the main pathway (pathway-outline.md section 6, readings in 11.5).

Undated duties of that table (t-staging, t-board-initial, t-board-mdt, t-counselling, t-systemic-after-mdt)
have no date in the sources; they show as steps, and their deviations are raised when a later step precedes
them.
"""

from __future__ import annotations

from pathways.declare import timer
from pathways.language import Bool, Date, Events, OneEvent, all_of, case, earlier, for_each, setting
from pathways.library import course, disease

_lead = setting.number("lead_days") * -1
_first = course.first_response.day
_six = _first.plus_months(6)
_year = course.first_line.day.plus_months(12)

_each_start, _start = for_each(course.mdt_starts)


def follow_up_anchor(start: OneEvent) -> Date:
    """Where follow-up counts from: completion of the last target, or the start of the first (C40)."""
    from_first = setting.code("post_mdt_anchor").equals("first_target")
    return case((from_first, start.day), otherwise=course.completion(start).day)


def _progressions(start: OneEvent) -> Events:
    """Those that end follow-up: later than the start and, once there is one, the completion (R11)."""
    return course.progressions.after(start).after(course.completion(start))


def follow_up_ends(start: OneEvent) -> Date:
    """A progression or a new course of metastasis-directed therapy ends the series."""
    return earlier(_progressions(start).first().day, course.mdt_starts.after(start).first().day)


def _course_of(scan: OneEvent) -> OneEvent:
    return course.mdt_starts.before(scan).latest()


def _first_opens(start: OneEvent) -> Date:
    return follow_up_anchor(start).plus_months(3).plus_days(_lead)


def _in_series(previous: OneEvent, scan: OneEvent) -> Bool:
    start = _course_of(scan)
    undisturbed = ~_progressions(start).until(scan.day.plus_days(-1)).exist()
    continues = previous.there() & previous.just().after(start).exist()
    return all_of(
        start.there(),
        undisturbed,
        case((continues, scan.day >= previous.day.plus_months(3)), otherwise=scan.day >= _first_opens(start)),
    )


# R28: a PET-CT on or after `opens` belongs to the series, also a late one; an earlier one is extra and shifts
# nothing.
series = disease.imagings.where(modality="pet_ct").chain(_in_series).named("PET-CTs of the follow-up series")
_each_scan, _scan = for_each(series)
_next_scan = series.after(_scan).before(course.mdt_starts.after(_scan).first()).first()

TIMERS = (
    timer(
        "t-response-boundary",
        "Response assessment at the boundary",
        exists=(course.first_response.there() | course.from_systemic_start) & ~course.window_met,
        opens=course.boundary.plus_days(_lead),
        due=course.boundary,
        information=True,
        anchor=(
            case((course.from_systemic_start.sure(), course.course_line), otherwise=course.first_response),
        ),
        statements=("mdtbc-elig-response-3-6m",),
    ),
    timer(
        "t-response-6m",
        "Six months of response: upper end of the range",
        exists=course.first_response.there(),
        opens=_first.plus_months(setting.number("response_min_months")),
        due=_six,
        closes=_six,
        information=True,
        anchor=(course.first_response,),
        statements=("mdtbc-mdt-after-response",),
    ),
    timer(
        "t-br002-12m",
        "Twelve months of systemic therapy: last day within NRG-BR002",
        exists=~course.progressions.after(course.first_line).exist(),
        opens=_year.plus_days(-30),
        due=_year,
        closes=_year,
        information=True,
        anchor=(course.first_line,),
        statements=("ago-2024-def-nrg-br002",),
    ),
    timer(
        "t-postmdt-petct-1",
        "First PET-CT after metastasis-directed therapy",
        each=_each_start,
        opens=_first_opens(_start),
        due=follow_up_anchor(_start).plus_months(3),
        done=series.after(_start).before(course.mdt_starts.after(_start).first()).first(),
        ends=follow_up_ends(_start),
        anchor=(course.completion(_start),),
        statements=("imet-followup-petct-3m",),
    ),
    timer(
        "t-postmdt-petct-n",
        "Next PET-CT after metastasis-directed therapy",
        each=_each_scan,
        opens=_scan.day.plus_months(3),
        due=_scan.day.plus_months(6),
        done=_next_scan,
        ends=follow_up_ends(_course_of(_scan)),
        anchor=(_scan,),
        statements=("imet-followup-petct-3-6m",),
    ),
)
