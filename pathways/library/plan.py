"""The plan of metastasis-directed therapy and the facts a board decision rests on (R13, R19, R20)."""

from __future__ import annotations

from pathways.language import Bool, Code, Codes, OneEvent, all_of, any_of, case, events
from pathways.library import course, disease, receptors

_start = course.mdt_starts.after(course.last_pd).latest()
_planned = events("mdt_planned").after(course.last_pd).latest()
_plan_board = (
    course.course_boards.where(question=("mdt", "oligoprogression"))
    .where(course.recommends)
    .where(lambda b: b.stated("targets") | b.stated("method"))
    .latest()
)

present = any_of(_start.there(), _planned.there(), _plan_board.there()).named("a plan exists")
targets: Codes = case(
    (_start.there(), _start.codes("targets")),
    (_planned.there(), _planned.codes("targets")),
    otherwise=_plan_board.codes("targets"),
).named("the planned targets")
method: Code = case(
    (_start.there(), _start.code("modality")),
    (_planned.there(), _planned.code("modality")),
    otherwise=_plan_board.code("method"),
).named("the planned method")


def aims_at(lesion: Code) -> Bool:
    """The plan names this lesion; unknown when it names its targets as unknown."""
    said = case(
        (_start.there(), _start.stated("targets")),
        (_planned.there(), _planned.stated("targets")),
        otherwise=_plan_board.stated("targets"),
    )
    return said & targets.contains(lesion)


def lies_in(targets: Codes, *organs: str) -> Bool:
    """One of these targets is a lesion of one of these organs."""
    ids = disease.listed_lesions.where(lambda row: row.code("organ").one_of(*organs)).values("id")
    return targets.any(lambda t: ids.contains(t))


def lies_outside(targets: Codes, organ: str) -> Bool:
    """One of these targets is a listed lesion of another organ."""
    ids = disease.listed_lesions.where(lambda row: ~row.code("organ").equals(organ)).values("id")
    return targets.any(lambda t: ids.contains(t))


def every_target_listed(targets: Codes) -> Bool:
    """False when no imaging lists a target, or none with its organ."""
    ids = disease.listed_lesions.where(lambda row: row.code("organ").known()).values("id")
    return targets.all(lambda t: ids.contains(t))


def reason_given(lesion: Code) -> Bool:
    """A board of the course says why this active lesion has no target (R20)."""
    return course.course_boards.any(lambda b: b.codes("uncovered_lesions").contains(lesion).sure())


def broken(board: OneEvent) -> Bool:
    """A fact that the board used is not what it was (R13). Unknown then or now is no change."""
    changes = [
        disease.active_pairs,
        disease.pleural_effusion,
        disease.ascites,
        disease.leptomeningeal,
        *(receptors.latest_tissue.code(name) for name in ("er", "pr", "her2")),
    ]
    drifted = [fact.differs(fact.seen(board.day)).sure() for fact in changes]
    stated = board.number("snapshot.lesion_count_total")
    counted_otherwise = (stated > disease.count_most) | (disease.count_least > stated)
    return any_of(
        *drifted,
        _count_moved(board),
        _responses_moved(board),
        counted_otherwise.sure(),
        _planned_otherwise(board),
    )


_assessed = course.responses.where(overall=("CR", "PR", "SD", "PD")).triples("overall")


def _responses_moved(board: OneEvent) -> Bool:
    """Another response dated up to the board; a later one breaks nothing."""
    return _assessed.hindsight(board.day).differs(_assessed.seen(board.day)).sure()


def _count_moved(board: OneEvent) -> Bool:
    then_least, then_most = disease.count_least.seen(board.day), disease.count_most.seen(board.day)
    return ((disease.count_least > then_most) | (then_least > disease.count_most)).sure()


def _planned_otherwise(board: OneEvent) -> Bool:
    plan = events("mdt_planned").after(board).latest()
    other_targets = plan.codes("targets").differs(board.codes("targets"))
    other_method = plan.code("modality").differs(board.code("method"))
    return other_targets.sure() | other_method.sure()


mdt_board_broken = broken(course.mdt_board).named(
    "the facts of the board on metastasis-directed therapy have changed"
)
oligo_board_broken = broken(course.oligo_board).named(
    "the facts of the board on the oligoprogression have changed"
)
board_in_time = (course.mdt_board.day >= course.closing_day).named(
    "the board followed the closing of the window"
)
board_recommends = course.recommends(course.mdt_board).named(
    "the board recommends metastasis-directed therapy"
)
board_declines = (
    course.mdt_board.code("decision")
    .one_of("not_recommended", "systemic_only")
    .named("the board decided against metastasis-directed therapy")
)
valid_board_declines = all_of(board_declines, board_in_time, ~mdt_board_broken)
