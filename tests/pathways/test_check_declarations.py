"""Declarations that are wrong: each message by a pathway that would go unnoticed without its check."""

from dataclasses import replace
from datetime import date

from pathways.canonical import from_json, to_json
from pathways.declare import clause, enrols, final_state, guard, rule, state, transition
from pathways.language import day, events, no, setting, today, yes
from pathways.pathway import Enrols, Offer, Pathway
from tests.pathways.sample import PATHWAY, boards, g_board, lesions, messages, problems

scan, no_board, late = PATHWAY.timers[0], PATHWAY.deviations[0], PATHWAY.deviations[2]
treat = PATHWAY.steps[0]


def test_duplicate_ids() -> None:
    assert messages(states=(*PATHWAY.states, PATHWAY.states[0])) == [
        "state waiting: there is another state of this id"
    ]
    assert messages(guards=(g_board, g_board)) == ["guard g-board: there is another guard of this id"]
    assert messages(timers=(scan, scan)) == ["timer t-scan: there is another timer of this id"]
    assert messages(steps=(treat, treat)) == ["step treat: there is another step of this id"]


def test_timers_over_different_lists_may_share_an_id() -> None:
    other = replace(scan, each=events("mdt_completed").node)
    assert messages(timers=(scan, other)) == []


def test_one_rule_of_a_deviation_twice() -> None:
    assert messages(deviations=(*PATHWAY.deviations, no_board)) == [
        "deviation d-no-board: the same rule is declared twice"
    ]
    assert messages(deviations=(*PATHWAY.deviations, replace(no_board, severity="minor"))) == [
        "deviation d-no-board: another rule of this code has another severity"
    ]


def test_names_of_nothing() -> None:
    broken = transition("waiting", "mdt_started", "treted", guards=("g-bord",), order=1)
    assert messages(transitions=(*PATHWAY.transitions, broken)) == [
        "transition waiting -> treted: there is no state 'treted'; did you mean 'treated'?",
        "transition waiting -> treted: there is no guard 'g-bord'; did you mean 'g-board'?",
    ]
    assert "rule 1: there is no state 'gone'" in messages(rules=(rule("gone", no()), *PATHWAY.rules))
    lost = replace(treat, offers=(Offer(("gone",)),), guards=("g-x",), blocked_in=("lost",))
    assert messages(steps=(lost,)) == [
        "step treat: there is no state 'gone'",
        "step treat: there is no state 'lost'",
        "step treat: there is no guard 'g-x'",
    ]
    assert messages(steps=(replace(treat, lifted=(("gone", "g-board"),)),)) == [
        "step treat: there is no state 'gone'"
    ]
    assert messages(timers=()) == ["deviation d-scan: there is no timer 't-scan'"]
    assert messages(steps=()) == [
        "display shown-few: there is no step 'treat'",
        "the data question: there is no step 'treat'",
    ]


def test_a_guard_lifted_but_not_asked() -> None:
    lifted = replace(treat, guards=(), lifted=(("treated", "g-board"),))
    assert messages(steps=(lifted,)) == ["step treat: lifts 'g-board', which it does not ask"]


def test_event_types_of_transitions_and_steps() -> None:
    wrong = transition("waiting", "nonsense", "treated")
    assert messages(transitions=(*PATHWAY.transitions, wrong)) == [
        "transition waiting -> treated: there is no event type 'nonsense'"
    ]
    assert messages(steps=(replace(treat, taken_by=("nonsense",)),)) == [
        "step treat: there is no event type 'nonsense'"
    ]


def test_displays() -> None:
    shown = replace(PATHWAY.displays[0], kind="advert", statements=(), feature=lesions.node)
    assert messages(displays=(shown, shown)) == [
        "display shown-few: there is another display of this id",
        "display shown-few: names no guideline statement",
        "display shown-few: there is no kind 'advert'",
        "display shown-few, feature: must be a condition, not rows",
    ]


def test_what_rests_on_no_guideline() -> None:
    bare = guard("g-board", "Board", "hard", [clause("A board", events("board_held").exist())])
    assert messages(guards=(bare,)) == [
        "guard g-board: names no guideline statement",
        "guard g-board, clause 1: names no guideline statement",
    ]
    assert messages(timers=(replace(scan, statements=()),)) == ["timer t-scan: names no guideline statement"]
    unfounded = replace(no_board, statements=())
    assert messages(deviations=(unfounded,)) == ["deviation d-no-board: names no guideline statement"]
    assert messages(deviations=(late,)) == []


def test_statements_the_catalogue_does_not_have() -> None:
    assert messages(timers=(replace(scan, statements=("response-frist",)),)) == [
        "timer t-scan: the catalogue has no statement 'response-frist'; did you mean 'response-first'?"
    ]
    named = replace(PATHWAY.transitions[0], statements=("made-up",))
    assert messages(transitions=(named, *PATHWAY.transitions[1:])) == [
        "transition waiting -> treated: the catalogue has no statement 'made-up'"
    ]


def test_profiles() -> None:
    (few,) = PATHWAY.profiles
    (criterion,) = few.criteria
    odd = replace(few, criteria=(replace(criterion, conflict="C99"),), statements=("made-up",))
    assert messages(profiles=(odd,)) == [
        "profile few: the catalogue has no statement 'made-up'",
        "profile few: there is no conflict 'C99'",
    ]
    wrong = replace(few, result=criterion.test)
    assert messages(profiles=(wrong,)) == ["profile few: must be a code, not a condition"]
    wrong = replace(few, criteria=(replace(criterion, test=few.result),))
    assert messages(profiles=(wrong,)) == ["profile few, criterion 1: must be a condition, not a code"]


def test_deviations_that_are_never_raised() -> None:
    assert messages(deviations=(replace(no_board, raised=None),)) == [
        "deviation d-no-board: is raised by neither a condition nor timers"
    ]
    assert messages(deviations=(replace(no_board, timers=("t-scan",)),)) == [
        "deviation d-no-board: is raised by both a condition and timers"
    ]


def test_a_guard_without_clauses() -> None:
    empty = replace(g_board, clauses=())
    assert messages(guards=(empty,)) == ["guard g-board: has no clause"]


def test_words_outside_the_closed_lists() -> None:
    strict = replace(g_board, force="strict")
    assert messages(guards=(strict,)) == ["guard g-board: there is no force 'strict'"]
    odd = replace(g_board, clauses=(replace(g_board.clauses[0], force="strict"),))
    assert messages(guards=(odd,)) == ["guard g-board, clause 1: there is no force 'strict'"]
    assert messages(deviations=(replace(no_board, severity="grave"),)) == [
        "deviation d-no-board: there is no severity 'grave'"
    ]
    assert messages(deviations=(replace(no_board, otherwise="done"),)) == [
        "deviation d-no-board: there is no status 'done'"
    ]


def test_settings_read_without_declaration() -> None:
    assert messages(settings=()) == [
        "timer t-scan, grace: reads the setting 'grace_days', which the pathway does not declare"
    ]


def test_the_last_rule_always_holds_and_no_other() -> None:
    assert messages(rules=PATHWAY.rules[:-1]) == [
        "rule 2 (treated): is the last and must be yes(), always true",
        "state waiting: no rule gives this state",
    ]
    always = (rule("treated", yes()), *PATHWAY.rules)
    assert messages(rules=always) == ["rule 1 (treated): is always true; no later rule is ever asked"]
    assert "pathway sample: has no state rule" in messages(rules=())
    assert "pathway sample: has no state" in messages(states=())


def test_states_that_lead_nowhere() -> None:
    new = state("new", "New")
    assert messages(states=(*PATHWAY.states, new)) == [
        "state new: no rule gives this state",
        "state new: no by-the-book moves lead here from the first state",
        "state new: has no by-the-book move out and is not final",
    ]
    looping = (*PATHWAY.transitions, transition("deceased", "board_held", "waiting"))
    assert messages(transitions=looping) == ["state deceased: is final, but a move leads on to waiting"]
    withdrawn = final_state("withdrawn", "Left")
    assert messages(
        states=(*PATHWAY.states, withdrawn),
        rules=(rule("withdrawn", events("withdrawal").exist()), *PATHWAY.rules),
        transitions=(
            *PATHWAY.transitions,
            transition("treated", "withdrawal", "withdrawn"),
            transition("withdrawn", "death", "deceased"),
        ),
    ) == []  # fmt: skip


def test_moves_that_compete() -> None:
    other = transition("waiting", "mdt_started", "deceased")
    assert messages(transitions=(*PATHWAY.transitions, other)) == [
        "transition waiting -> deceased: on mdt_started is neither ordered against nor excluded by that "
        "to treated; give them different `order`"
    ]
    assert messages(transitions=(*PATHWAY.transitions, replace(other, order=1))) == []
    again = replace(PATHWAY.transitions[0], order=1)
    assert messages(transitions=(*PATHWAY.transitions, again)) == [
        "transition waiting -> treated: is declared twice on mdt_started"
    ]


def test_time_alone_needs_ticks() -> None:
    later = events("mdt_started").first().day.plus_months(3)
    rules = (rule("treated", today() > later), *PATHWAY.rules)
    assert messages(rules=rules) == [
        "rule 1 (treated): reads today, but the pathway names no `ticks`, "
        "the days on which time alone changes a state"
    ]
    assert messages(rules=rules, ticks=(later.plus_days(1).node,)) == []
    named = (rule("treated", (today() > later).named("three months on")), *PATHWAY.rules)
    assert messages(rules=named) == messages(rules=rules)


def test_all_problems_come_at_once() -> None:
    wrong = (rule("treated", events("nonsense").exist()), *PATHWAY.rules)
    assert messages(timers=(), guards=(), steps=(), rules=wrong) == [
        "transition waiting -> treated: there is no guard 'g-board'",
        "deviation d-scan: there is no timer 't-scan'",
        "display shown-few: there is no step 'treat'",
        "the data question: there is no step 'treat'",
        "rule 1 (treated): there is no event type 'nonsense'",
    ]


def test_declarations_name_the_line_of_the_author() -> None:
    wrong = transition("waiting", "nonsense", "treated")
    found = problems(transitions=(*PATHWAY.transitions, wrong))[0]
    assert found.place == wrong.place
    assert wrong.place is not None
    assert wrong.place[0] == __file__


def test_a_pathway_read_from_json_names_its_declarations() -> None:
    broken = replace(PATHWAY, settings=(), deviations=(replace(no_board, severity="grave"),))
    read: Pathway = from_json(to_json(broken))
    found = problems(read)
    assert [str(p) for p in found] == [
        "deviation d-no-board: there is no severity 'grave'",
        "timer t-scan, grace: reads the setting 'grace_days', which the pathway does not declare",
    ]


def test_settings_may_be_read_through_names() -> None:
    lead = setting.number("lead_days").named("the lead")
    assert messages(facts=(("lead", lead.node),)) == [
        "fact 'lead': reads the setting 'lead_days', which the pathway does not declare"
    ]


def test_one_name_for_two_things() -> None:
    label = "the start"
    first = events("mdt_started").first().named(label)
    latest = events("mdt_started").latest().named(label)
    facts = (("first", first.day.node), ("latest", latest.day.node))
    assert messages(facts=facts) == ["fact 'latest': 'the start' is the name of two things"]
    assert messages(facts=(facts[0], facts[0])) == []


def test_time_alone_enrols_nobody() -> None:
    way = enrols("Since 2024", today() >= day(date(2024, 1, 1)))
    told = "reads today; a patient is enrolled by what was recorded, not by time alone"
    assert messages(enrols=(*PATHWAY.enrols, way)) == [f"enrolment 3: {told}"]


def test_a_way_in_is_a_condition() -> None:
    (found,) = messages(enrols=(Enrols("Boards", boards.node),))
    assert found.startswith("enrolment 1: ")
