"""Receptor re-testing and discordance between primary and metastasis (pathway-outline.md 8.13, R40; C33)."""

from __future__ import annotations

from pathways.declare import display, duty, enrols, offered_in, rule, state, step, timer, transition
from pathways.language import Bool, Code, OneEvent, all_of, any_of, case, fact, for_each, setting, yes
from pathways.library import course, receptors
from pathways.pathway import Display, Pathway

_hr_gain = ("imet-receptor-hr-gain",)
_her2_gain = ("imet-receptor-her2-gain", "mdtbc-systemic-her2pos")
_loss = (
    "imet-receptor-er-loss",
    "imet-receptor-pr-loss",
    "imet-receptor-her2-loss",
    "imet-receptor-loss-obstacle",
)
_primary_er, _primary_pr = fact.code("primary.er"), fact.code("primary.pr")
_hr = receptors.hr_primary
_her2 = case(
    (fact.code("primary.her2").known(), fact.code("primary.her2")), otherwise=fact.code("her2_status")
)
_singly = _primary_er.known() & _primary_pr.known()


def _turned(primary: Code, metastasis: Code, to: str) -> Bool:
    """Equivocal and unknown are neither gain nor loss (R40)."""
    was = "negative" if to == "positive" else "positive"
    return primary.equals(was).sure() & metastasis.equals(to).sure()


def _hormones(er: Code, pr: Code, to: str) -> Bool:
    """Hormone receptor status: positive if ER or PR is, negative if both are."""
    positive = any_of(er.equals("positive").sure(), pr.equals("positive").sure())
    negative = all_of(er.equals("negative").sure(), pr.equals("negative").sure())
    return positive if to == "positive" else negative


def hormone_change(result: OneEvent, to: str) -> Bool:
    """ER or PR turned, compared singly where both are stated for the primary, else as hormone receptor
    status.
    """
    was = "negative" if to == "positive" else "positive"
    singly = any_of(_turned(_primary_er, result.code("er"), to), _turned(_primary_pr, result.code("pr"), to))
    return case(
        (_singly, singly),
        otherwise=_hr.equals(was).sure() & _hormones(result.code("er"), result.code("pr"), to),
    )


def her2_change(result: OneEvent, to: str) -> Bool:
    return _turned(_her2, result.code("her2"), to)


def _gain(result: OneEvent) -> Bool:
    return hormone_change(result, "positive") | her2_change(result, "positive")


def _matches(line: OneEvent, result: OneEvent) -> Bool:
    """The class of a line answers every gain of a result."""
    return _answers_to(line, hormone_change(result, "positive"), her2_change(result, "positive"))


def _answers_to(line: OneEvent, hormone_gain: Bool, her2_gain: Bool) -> Bool:
    classes = line.codes("regimen_class")
    return all_of(
        hormone_gain.implies(classes.overlaps("endocrine", "endocrine_cdk46")),
        her2_gain.implies(classes.contains("anti_her2")),
    ).sure()


_tested = receptors.tissue_results.where(
    lambda t: any_of(t.code("er").known(), t.code("pr").known(), t.code("her2").known())
).named("tissue results with receptors")
_latest_er = _tested.where(lambda t: t.code("er").known()).latest()
_latest_pr = _tested.where(lambda t: t.code("pr").known()).latest()
_latest_her2 = _tested.where(lambda t: t.code("her2").known()).latest()


def _stands(to: str) -> tuple[Bool, Bool]:
    """Whether hormone receptors and HER2 have turned, by the newest specimen that tells of each receptor."""
    singly = any_of(
        _turned(_primary_er, _latest_er.code("er"), to), _turned(_primary_pr, _latest_pr.code("pr"), to)
    )
    was = "negative" if to == "positive" else "positive"
    together = _hr.equals(was).sure() & _hormones(_latest_er.code("er"), _latest_pr.code("pr"), to)
    return case((_singly, singly), otherwise=together), _turned(_her2, _latest_her2.code("her2"), to)


_hr_gained, _her2_gained = _stands("positive")
_hr_lost, _her2_lost = _stands("negative")
_gained = _hr_gained | _her2_gained
_gains = _tested.where(_gain).named("tissue results with a gain")
_matched = course.running & _answers_to(course.present_line, _hr_gained, _her2_gained)

_each, _result = for_each(_gains)
_running_then = course.lines.until(_result.day).latest()
_stopped_then = course.stops.after(_running_then).until(_result.day).exist()
_answers = (
    course.boards.since(_result.day)
    | course.lines.since(_result.day).where(lambda e: _matches(e, _result))
    | _running_then.just().where(lambda e: _matches(e, _result) & ~_stopped_then)
)
_rows = (*_hr_gain, *_her2_gain)


def _pattern(id: str, title: str, kind: str, found: Bool, *statements: str) -> Display:
    return display(f"receptor-{id}", title, kind, *statements, steps=("receptor_decision",), applies=found)


_er_lost = _turned(_primary_er, _latest_er.code("er"), "negative")
_pr_lost = _turned(_primary_pr, _latest_pr.code("pr"), "negative")
DISPLAYS = (
    _pattern(
        "er-lost",
        "ER lost: endocrine therapy stays possible, by registry practice",
        "recommendation",
        _er_lost | (_hr_lost & ~_singly),
        "imet-receptor-er-loss",
    ),
    _pattern(
        "pr-lost",
        "PR lost: how often; no action in the sources",
        "evidence",
        _pr_lost,
        "imet-receptor-pr-loss",
    ),
    _pattern("hormone-gained", "ER or PR gained: endocrine therapy", "recommendation", _hr_gained, *_hr_gain),
    _pattern(
        "her2-gained",
        "HER2 gained: anti-HER2 therapy",
        "recommendation",
        _her2_gained,
        *_her2_gain,
        "ombc-systemic-her2pos",
    ),
    _pattern(
        "her2-lost",
        "HER2 lost: what follows is not determined by the sources",
        "evidence",
        _her2_lost,
        "imet-receptor-her2-loss",
    ),
    _pattern(
        "loss-obstacle",
        "Loss of receptors is named as an obstacle to better results",
        "prognosis",
        any_of(_hr_lost, _her2_lost),
        "imet-receptor-loss-obstacle",
    ),
)

RECEPTORS = course.enrolled(
    Pathway(
        id="receptors",
        key="receptors",
        version="1.0.0",
        title="Receptor re-testing",
        enrols=(enrols("A tissue result recorded", receptors.tissue_results.exist()),),
        states=(
            state("primary_only", "Receptors of the primary only"),
            state("metastasis_sampled", "Metastasis sampled, receptors unknown"),
            state("concordant", "Concordant"),
            state("discordant_board", "Discordant, board"),
            state("treatment_matched", "Treatment matches the gain"),
        ),
        rules=(
            rule("treatment_matched", all_of(_gained, ~_her2_lost, _matched)),
            rule("discordant_board", any_of(_gained, _hr_lost, _her2_lost)),
            rule("concordant", _tested.exist()),
            rule("metastasis_sampled", receptors.tissue_results.exist()),
            rule("primary_only", yes()),
        ),
        transitions=(
            *(
                transition(source, "tissue_result", target, order=n, statements=("imet-receptor-compare",))
                for source in (
                    "primary_only",
                    "metastasis_sampled",
                    "concordant",
                    "discordant_board",
                    "treatment_matched",
                )
                for n, target in enumerate(("metastasis_sampled", "concordant", "discordant_board"))
                if source != target
            ),
            *(
                transition(
                    "discordant_board",
                    event,
                    "treatment_matched",
                    condition="matching class",
                    statements=_rows,
                )
                for event in ("systemic_started", "systemic_changed")
            ),
        ),
        steps=(
            step(
                "receptor_decision",
                "Decide on receptor discordance",
                [offered_in("discordant_board")],
                taken_by=("board_held", "systemic_changed"),
                statements=(*_rows, *_loss),
            ),
        ),
        timers=(
            timer(
                "t-receptor",
                "Answer the receptor gain",
                each=_each,
                own_grace=True,
                opens=_result.day,
                due=_result.day.plus_days(setting.number("receptor_grace_days")),
                done=_answers.first(),
                anchor=(_result,),
                statements=_rows,
            ),
        ),
        deviations=(
            duty(
                "d-receptor-gain-untreated",
                "Receptor gain without matching therapy or board",
                "minor",
                ("t-receptor",),
                statements=_rows,
            ),
        ),
        displays=DISPLAYS,
        open_questions=(("C33 what follows from a loss of HER2", _her2_lost.node),),
    )
)
