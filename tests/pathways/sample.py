"""A small pathway without problems, and ways to break it."""

from dataclasses import replace
from datetime import date
from typing import Any

from pathways.check import Problem, check
from pathways.declare import (
    clause,
    deviation,
    display,
    duty,
    enrols,
    final_state,
    guard,
    offered_in,
    outcome_of,
    profile,
    rule,
    state,
    step,
    timer,
    transition,
)
from pathways.graph import Node
from pathways.language import Bool, Expression, case, day, events, fact, for_each, setting, yes
from pathways.pathway import DataQuestion, Pathway, Rule
from pathways.vocabulary import load_vocabulary

CATALOGUE = frozenset({"board-first", "response-first", "count-lesions"})
CONFLICTS = frozenset({"C04"})

boards = events("board_held").named("boards")
lesions = events("imaging_done").latest().just().lesions()
each_start, start = for_each(events("mdt_started"))

progressed = events("response_assessed").latest().code("overall").equals("PD")
most = lesions.possible_count(lambda row: row.code("status").equals("active"))
g_board = guard(
    "g-board",
    "Board before treatment",
    "hard",
    [
        clause("A board was held", boards.exist(), "board-first"),
        clause("No progression", ~progressed, "response-first"),
        clause("At most five lesions", most.at_most(5), "count-lesions", force="soft"),
    ],
)

PATHWAY = Pathway(
    id="sample",
    key="sample",
    version="1.0.0",
    title="A small pathway",
    states=(
        state("waiting", "Board awaited"),
        state("treated", "Treated"),
        final_state("deceased", "Deceased"),
    ),
    rules=(
        rule("deceased", events("death").exist()),
        rule("treated", events("mdt_started").exist(), "against the guard too"),
        rule("waiting", yes()),
    ),
    transitions=(
        transition("waiting", "mdt_started", "treated", guards=("g-board",), statements=("board-first",)),
        transition("waiting", "death", "deceased"),
        transition("treated", "death", "deceased"),
    ),
    steps=(
        step("treat", "Treat", [offered_in("waiting", when=~fact.code("sex").equals("male"))], (g_board,),
             statements=("board-first",), taken_by=("mdt_started",)),
    ),
    guards=(g_board,),
    timers=(
        timer("t-scan", "Scan after treatment", each=each_start, anchor=(start,), opens=start.day,
              due=start.day.plus_months(3), done=events("imaging_done").after(start).first(),
              statements=("response-first",)),
    ),
    deviations=(
        deviation("d-no-board", "Treated without a board", "critical", each=each_start,
                  raised=(~outcome_of(g_board).passing()).seen(start.day).sure(), events=(start,),
                  statuses=(("closed", boards.before(start).exist()),), statements=("board-first",)),
        duty("d-scan", "Scan missed", "minor", ("t-scan",), statements=("response-first",)),
        deviation("q-late", "Late entry", "data", each=each_start, raised=start.touched, events=(start,)),
    ),
    displays=(
        display("shown-few", "Few lesions", "prognosis", "count-lesions", steps=("treat",),
                applies=lesions.known(), feature=most.at_most(2)),
        display("shown-boards", "Boards so far", "data", "board-first", value=boards.count(), unit="boards"),
        display("shown-worse", "Progression", "prognosis", "response-first", feature=progressed,
                adverse=True),
    ),
    facts=(("boards", boards.count().node),),
    profiles=(
        profile("few", "Few lesions",
                [clause("At most two", most.at_most(2), "count-lesions", conflict="C04")], "count-lesions"),
    ),
    enrols=(
        enrols("A board was held", boards.exist()),
        enrols("Sex known from the beginning", fact.code("sex").known().hindsight(day(date(1800, 1, 1)))),
    ),
    left=events("death").first().day.node,
    question=DataQuestion("q-missing", "A datum is missing", events("mdt_started").node, "treat"),
    settings=("grace_days",),
    remarks=("Invented for the tests.",),
)  # fmt: skip


def problems(pathway: Pathway = PATHWAY, **changes: Any) -> list[Problem]:
    return check(replace(pathway, **changes), CATALOGUE, load_vocabulary(), CONFLICTS)


def messages(pathway: Pathway = PATHWAY, **changes: Any) -> list[str]:
    """What is wrong with the sample after these changes, without files and lines."""
    return [f"{p.where}: {p.message}" for p in problems(pathway, **changes)]


def asked(test: Expression | Node) -> list[str]:
    """What is wrong with an expression, asked for by a state rule."""
    node = test.node if isinstance(test, Expression) else test
    rules = (Rule("treated", node), *PATHWAY.rules)
    return [p.message for p in problems(rules=rules) if p.where == "rule 1 (treated)"]


def chosen(test: Bool) -> Expression:
    """A choice by a setting, for sentences."""
    three = setting.number("response_min_months").equals(setting.number("lead_days"))
    return case((three, test), otherwise=yes())
