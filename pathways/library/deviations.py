"""Deviations of the main pathway: orders open until made good, methods, dated duties; and all together.

Source: pathway-outline.md section 7, readings in 11.6.
"""

from __future__ import annotations

from pathways.declare import deviation, duty
from pathways.language import (
    Bool,
    Row,
    any_of,
    events,
    for_each,
)
from pathways.library import course, disease, plan, receptors
from pathways.library.judged import fact_step
from pathways.library.mdt_deviations import AT_THE_START

_each_start, _start = for_each(course.mdt_starts)

# Orders: open until made good (R31).
_each_board, _board = for_each(course.boards.where(question=("mdt", "oligoprogression")))
_composed = (
    course.boards.where(question=("mdt", "oligoprogression"))
    .after(_board)
    .where(course.three_oncologies)
    .first()
)
_started_since = course.mdt_starts.since(_board.day).first()
_each_line, _line = for_each(
    course.lines.where(lambda e: ~e.stated("line") | (e.number("line").at_most(1)).sure())
)
_class_reasoned = events("board_held").any(lambda b: b.text("class_reason").known())
_fitting_line = course.lines.after(_line).where(receptors.class_fits).first()
_each_stop, _stop = for_each(
    course.stops.where(lambda s: ~s.code("reason").equals("persistent_after_systemic").sure())
)
_stop_course = course.progressions.before(_stop).latest()
_mdt_boards = events("board_held").where(question=("mdt", "oligoprogression")).where(course.recommends)
_decided_or_started = _mdt_boards | course.mdt_starts
_mdt_then = _decided_or_started.after(_stop_course).until(_stop.day).exist()
_line_after_stop = course.lines.since(_stop.day.plus_days(1)).first()
_switched_that_day = course.lines.since(_stop.day).until(_stop.day).exist()

_finished = course.completion(_start)


_starts_so_far = _start.just() | course.mdt_starts.after(course.progressions.before(_start).latest()).before(
    _start
)


def _uncovered(row: Row) -> Bool:
    reasoned = (
        events("board_held")
        .until(_finished.day)
        .any(lambda b: b.codes("uncovered_lesions").contains(row.id).sure())
    )
    targeted = _starts_so_far.any(lambda m: m.codes("targets").contains(row.id))
    return disease.active(row).sure() & ~targeted & ~reasoned


def _made_good(row: Row) -> Bool:
    """The lesion was treated later, or a board gave the reason."""
    return any_of(
        events("mdt_started").any(lambda e: e.codes("targets").contains(row.id).sure()),
        events("mdt_target_completed").any(lambda e: e.code("target").equals(row.id).sure()),
        events("local_treatment").any(lambda e: e.code("lesion").equals(row.id).sure()),
        events("board_held").any(lambda b: b.codes("uncovered_lesions").contains(row.id).sure()),
    )


_lesions_then = disease.lesions.hindsight(_start.day)

_ORDERS = (
    deviation(
        "d-board-composition",
        "Board without all three oncologies",
        "major",
        each=_each_board,
        raised=(~course.three_oncologies(_board)).sure(),
        otherwise="open",
        events=(_board,),
        statuses=(
            ("overruled", course.overruled("g-board-disciplines").seen(_board.day)),
            ("closed", _composed.there() & (~_started_since.there() | (_started_since.day >= _composed.day))),
            ("final", _started_since.there() | course.gone),
        ),
        statements=("mdtbc-board-disciplines",),
    ),
    deviation(
        "d-incomplete-coverage",
        "An active lesion was left without target and reason",
        "major",
        each=_each_start,
        raised=_finished.there() & _lesions_then.any(_uncovered),
        otherwise="open",
        events=(_finished,),
        statuses=(
            ("overruled", course.overruled("g-all-lesions-targetable").seen(_start.day)),
            ("closed", _lesions_then.all(lambda row: ~_uncovered(row) | _made_good(row))),
            ("final", course.gone),
        ),
        statements=("mdtbc-mdt-all-sites", "ombc-multimodal-all-sites"),
    ),
    deviation(
        "d-systemic-stopped-at-mdt",
        "Systemic therapy stopped at metastasis-directed therapy",
        "major",
        each=_each_stop,
        raised=_mdt_then & ~_switched_that_day,
        otherwise="open",
        events=(_stop, _line_after_stop),
        statuses=(
            ("overruled", course.overruled("g-systemic-ongoing").seen(_stop.day)),
            ("closed", _line_after_stop.there()),
            ("final", course.gone),
        ),
        statements=("mdtbc-mdt-with-continued-systemic", "ago-2024-gen-systemic-after-surgery"),
    ),
    deviation(
        "d-systemic-class",
        "First line does not match the subtype",
        "minor",
        each=_each_line,
        raised=(~receptors.class_fits(_line)).seen(_line.day).sure() & ~_class_reasoned.seen(_line.day),
        otherwise="open",
        events=(_line, _fitting_line),
        statuses=(
            ("overruled", course.overruled("g-systemic-class").seen(_line.day)),
            ("closed", _fitting_line.there() | _class_reasoned),
            ("final", course.gone),
        ),
        statements=(
            "mdtbc-systemic-by-biology",
            "mdtbc-systemic-hrpos",
            "ombc-systemic-hrpos",
            "imet-systemic-hr",
            "mdtbc-systemic-her2pos",
            "ombc-systemic-her2pos",
            "imet-systemic-her2",
            "mdtbc-systemic-tnbc",
            "ombc-systemic-pdl1",
            "mdtbc-systemic-brca",
            "ombc-systemic-brca",
        ),
    ),
)

# Method and site at the step itself (section 5).
_each_local, _local = for_each(events("mdt_started", "local_treatment"))
_method = _local.code("modality")
_to_liver = plan.lies_in(_local.codes("targets"), "liver").sure() | _local.code("site").equals("liver").sure()
_outside_liver = plan.lies_outside(_local.codes("targets"), "liver").sure() | (
    _local.code("site").known() & ~_local.code("site").equals("liver").sure()
)
_METHODS = (
    fact_step(
        "d-sirt-outside-liver",
        "Radioembolisation outside the liver",
        "critical",
        each=_each_local,
        step=_local,
        against=_method.equals("sirt") & _outside_liver,
        events=(_local,),
        guard="g-site-method",
        statements=("mdtbc-local-sirt-liver", "ombc-local-sirt-liver"),
    ),
    fact_step(
        "d-method-advised-against",
        "A method the sources advise against in the liver",
        "major",
        each=_each_local,
        step=_local,
        against=_method.one_of("cryo", "ire", "litt", "hifu") & _to_liver,
        events=(_local,),
        guard="g-site-method",
        statements=("ago-2024-liver-cryoablation", "ago-2024-liver-ire-litt-hifu"),
    ),
)

_DUTIES = (
    duty(
        "d-petct-1-overdue",
        "No PET-CT three months after metastasis-directed therapy",
        "minor",
        ("t-postmdt-petct-1",),
        statements=("imet-followup-petct-3m",),
    ),
    duty(
        "d-petct-n-overdue",
        "More than six months between PET-CTs",
        "minor",
        ("t-postmdt-petct-n",),
        statements=("imet-followup-petct-3-6m",),
    ),
)

DEVIATIONS = (*AT_THE_START, *_ORDERS, *_METHODS, *_DUTIES)
