"""What is due is made one's own, put off, booked, refused; lists and pages tell how far it has come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Clock, Run


def work(run: Run, patient: str) -> dict[str, Any]:
    found: dict[str, Any] = run("show", patient, "--json").lines[0]["work"]
    return found


@pytest.mark.each_database
def test_acknowledged_it_is_somebody_s_until_a_day(run: Run, office: None, clock: Clock) -> None:
    ran = run("acknowledge", "V23", "zoledronate", "--until", "2025-03-10", "--reason", "after the holidays")
    assert ran.out == "Next zoledronate, every 12 weeks, due 2025-03-04, of V23 is anna's until 2025-03-10.\n"
    shown = " ".join(run("show", "V23").out.split())
    assert "anna took it on until 2025-03-10: after the holidays due 2025-03-04" in shown
    assert work(run, "V23")["next"]["basis"] == "put_off"
    assert "taken on: Next zoledronate" in run("list", "--search", "V23").out
    clock.set("2025-03-10")
    assert work(run, "V23")["next"]["on"] == "2025-03-04"


def test_whoever_takes_something_on_should_work_here(run: Run, clinic: Path) -> None:
    ran = run("acknowledge", "V12", "t-response-6m", "--until", "2025-02-10", "--reason", "r", "--json")
    assert "anna is nobody who works here" in ran.err
    (told,) = ran.lines
    assert (told["until"], [one["item"] for one in told["items"]]) == ("2025-02-10", ["t-response-6m"])


def test_snoozed_within_the_limit_of_the_site(run: Run, office: None) -> None:
    snooze = ("snooze", "V12", "response-6m", "--reason", "letter is on its way", "--until")
    assert run(*snooze, "2025-02-17").out.endswith("due 2025-04-21, of V12 is put off until 2025-02-17.\n")
    ran = run(*snooze, "2025-02-18")
    assert (ran.status, ran.out) == (2, "")
    assert "this site puts things off for 14 days at most, to 2025-02-17" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("response-6m", "--until", "2025-02-03", "--reason", "r"), "--until 2025-02-03 does not lie ahead"),
        (("response-6m", "--until", "2025-02-05"), "--reason TEXT is needed"),
        (("response-6m", "--until", "2025-02-05", "--reason", "V12 asked"), "it names a patient (reference)"),
        (
            ("t-deno", "--until", "2025-02-05", "--reason", "r"),
            "V12 has nothing called 't-deno' to be done; there",
        ),
        (
            ("t-", "--until", "2025-02-05", "--reason", "r"),
            "'t-' may be one of several; say which; there is:",
        ),
        (
            ("response-6m", "--until", "2025-02-05", "--reason", "r", "--due", "2025-02-04"),
            "V12 has no 'response-6m' due on 2025-02-04; there is:\n  t-response-6m  Six months of response",
        ),
    ],
)
def test_what_cannot_be_taken_on(run: Run, office: None, words: tuple[str, ...], told: str) -> None:
    ran = run("acknowledge", "V12", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


def test_of_a_series_it_is_the_earliest_or_the_one_that_is_named(run: Run, office: None) -> None:
    said = ("acknowledge", "V43", "surveillance", "--until", "2025-02-10", "--reason", "r", "--json")
    assert run(*said).lines[0]["items"][0]["due"] == "2025-02-28"
    there = [one["due"] for one in run("progress", "V43", "--json").lines[0]["items"]]
    assert run(*said, "--due", there[1]).lines[0]["items"][0]["due"] == there[1]


def test_a_step_without_a_date_is_planned(run: Run, office: None, clock: Clock) -> None:
    clock.set("2025-02-04")
    assert "(the site's working date)" in run("show", "V36").out
    ran = run("working-date", "V36", "continue", "2025-03-03", "--reason", "as agreed")
    assert ran.out == "Continue systemic therapy of V36 is planned for 2025-03-03.\n"
    assert (work(run, "V36")["next"]["on"], work(run, "V36")["next"]["basis"]) == ("2025-03-03", "chosen")
    assert "(2025-03-03)" in run("list", "--search", "V36").out
    weekend = run("working-date", "V36", "continue", "2025-03-08")
    assert (weekend.status, weekend.out) == (2, "")
    assert "does not work on Saturday, 2025-03-08; the next working day is 2025-03-10" in weekend.err
    assert "planned as usual" in run("working-date", "V36", "continue", "--usual").out
    assert work(run, "V36")["next"]["basis"] == "site"
    assert "by when?" in run("working-date", "V36", "continue").err
    assert (
        "has nothing called 't-response-6m'" in run("working-date", "V12", "t-response-6m", "2025-03-03").err
    )


def test_a_working_date_that_has_passed_stands_above_what_lies_ahead(
    run: Run, office: None, clock: Clock
) -> None:
    clock.set("2025-02-04")
    run("working-date", "V36", "continue", "2025-02-05")
    before = [one["patient"] for one in run("list", "--json").lines]
    clock.set("2025-02-06")
    after = run("list", "--json").lines
    place = [one["patient"] for one in after].index("V36")
    assert all(one["overdue"] or one["work"]["alerts"] for one in after[: place + 1])
    assert not any(one["overdue"] for one in after[place:])
    assert place < before.index("V36"), "it comes from the end"
    assert sorted(before) == sorted(one["patient"] for one in after)
    pages = [run("list", "--limit", "1", "--page", str(page), "--json").lines for page in range(1, place + 3)]
    assert [row["patient"] for (row,) in pages] == [one["patient"] for one in after[: place + 2]]
    shown = run("show", "V36").out
    assert "Alert: a working date has passed: Continue systemic therapy, planned for 2025-02-05" in shown
    told = "Continue systemic therapy, planned for 2025-02-05, of V36 is anna's until 2025-02-12.\n"
    assert run("acknowledge", "V36", "continue", "--until", "2025-02-12", "--reason", "r").out == told
    assert [one["patient"] for one in run("list", "--json").lines] == before


@pytest.mark.each_database
def test_how_far_something_has_come(run: Run, office: None, clock: Clock) -> None:
    clock.set("2025-03-06")
    progress = ("progress", "V23", "zol-12w")
    booked = run(*progress, "booked", "--on", "2025-03-10", "--place", "Room 3")
    told = "Next zoledronate, every 12 weeks, due 2025-03-04: booked for 2025-03-10, Room 3.\nRecorded e"
    assert booked.out.startswith(told)
    assert "booked: Next zol" in run("list", "--search", "V23").out
    assert work(run, "V23")["next"]["on"] == "2025-03-10"
    assert "2025-03-10 in 4 d, 2 d late\n       booked for 2025-03-10, Room 3\n" in run("show", "V23").out
    assert "2025-03-10, late" in run("list", "--search", "V23").out
    run("snooze", "V23", "zol-12w", "--until", "2025-03-12", "--reason", "letter")
    both = run("show", "V23").out
    assert "booked for 2025-03-10, Room 3\n       anna put it off until 2025-03-12: letter\n" in both
    assert "booked: Next zol" in run("list", "--search", "V23").out
    clock.set("2025-03-11")
    for status, told in (
        ("ordered", "ordered on 2025-03-11, not done"),
        ("not_attended", "not attended on 2025-03-11"),
        ("done", "done on 2025-03-11, not reported"),
        ("reported", "reported on 2025-03-11, not acted on"),
        ("acted_on", "acted on, 2025-03-11, but the event is not recorded"),
    ):
        clock.now += timedelta(minutes=1)
        assert f": {told}." in run(*progress, status).out
    assert told in run("show", "V23").out
    assert "acted on, 2025-03-11" in run("progress", "V23").out
    (row,) = [one for one in run("due", "--json").lines if one["patient"] == "V23"]
    assert (row["chase"], row["progress"]["status"]) == ("not_recorded", "acted_on")


def test_what_is_refused_is_not_asked_again(run: Run, office: None, clock: Clock) -> None:
    progress = ("progress", "V12", "response-6m")
    assert (
        "declined needs a reason: --reason TEXT, or --reason-code CODE of\n" in run(*progress, "declined").err
    )
    wrong = run(*progress, "declined", "--reason-code", "patient-refused")
    assert "there is no reason 'patient-refused'; did you mean 'patient-refuses'?" in wrong.err
    assert "deferred needs --on DATE: until when" in run(*progress, "deferred", "--reason", "ill").err
    assert "did you mean 'booked'?" in run(*progress, "bokked").err
    assert "it names a patient" in run(*progress, "declined", "--reason", "V12 said no").err
    ran = run(*progress, "declined", "--reason-code", "patient-refuses")
    assert "declined on 2025-02-03: the patient declines it." in ran.out
    (there,) = run("progress", "V12", "--json").lines
    assert "t-response-6m" not in [one["item"] for one in there["items"]]
    assert [one["item"] for one in there["given_up"]] == ["t-response-6m"]
    said = "declined on 2025-02-03: the patient declines it"
    entry = run("show", "V12", "--json").lines[0]["entries"][-1]["id"]
    assert said in " ".join(run("show", "V12").out.split())
    clock.set("2025-02-04")
    assert "declined on 2025-02-03" in run("reminders", "V12", "--on", "2025-02-03").out
    assert f"({entry})" in run("progress", "V12").out
    again = run(*progress, "ordered")
    assert f"due 2025-04-21, was {said}; `carepath retract V12 {entry}` takes that back" in again.err
    assert said in run("snooze", "V12", "response-6m", "--until", "2025-02-10", "--reason", "r").err
    assert run("retract", "V12", entry, "--reason", "she has changed her mind").status == 0
    assert run(*progress, "ordered").status == 0


def test_a_transfer_ends_reminders_visibly(run: Run, office: None) -> None:
    run("assign", "V12", "--to", "anna")
    assert run("record", "V12", "transferred", "--date", "2025-02-03").status == 0
    shown = run("show", "V12").out
    assert "Next:  nothing, and no reminders any more: the patient was transferred on 2025-02-03\n" in shown
    assert "Owner: anna\n" in shown
    assert "no reminders any more" in run("list", "--search", "V12").out


def test_what_is_missing_is_told_with_what_there_is(run: Run, office: None) -> None:
    which = run("acknowledge", "V12").err
    assert "say which item of V12 is meant; there is:\n" in which
    assert "  t-response-6m  Six months of response" in which
    assert "until when? --until DATE is needed" in run("snooze", "V12", "response-6m").err
    run("record", "V12", "death", "--date", "2025-02-03")
    assert "Nothing of V12 is due, and no step has a working date." in run("progress", "V12").out


def test_deferred_until_a_day(run: Run, office: None) -> None:
    ran = run("progress", "V12", "response-6m", "deferred", "--on", "2025-03-01", "--reason", "chemotherapy")
    assert "deferred until 2025-03-01: chemotherapy." in ran.out
    (item,) = [
        one for one in run("progress", "V12", "--json").lines[0]["items"] if one["item"] == "t-response-6m"
    ]
    assert (item["progress"]["on"], item["chase"]) == ("2025-03-01", "not_done")


def test_another_of_a_series_is_reported_with_its_date(run: Run, office: None) -> None:
    due = [one["due"] for one in run("progress", "V43", "--json").lines[0]["items"]]
    assert run("progress", "V43", "surveillance", "booked", "--on", "2025-08-01", "--due", due[1]).status == 0
    assert run("progress", "V43", "t-surveillance", "ordered", "--date", "2025-02-02", "--json").status == 0
    items = run("progress", "V43", "--json").lines[0]["items"]
    assert [one["progress"] and one["progress"]["status"] for one in items[:3]] == ["ordered", "booked", None]


def test_a_step_that_is_booked(run: Run, office: None, clock: Clock) -> None:
    clock.set("2025-02-04")
    assert (
        "planned for 2025-02-21: booked for 2025-02-20"
        in run("progress", "V36", "Continue systemic therapy", "booked", "--on", "2025-02-20").out
    )
    assert (work(run, "V36")["next"]["on"], work(run, "V36")["next"]["basis"]) == ("2025-02-20", "put_off")
    assert "there is:" in run("progress", "V36", "zzz", "done").err


@pytest.mark.each_database
def test_paused_and_resumed(run: Run, office: None, clock: Clock) -> None:
    assert "V23 is not paused" in run("resume", "V23").err
    assert "none was given; one of\n  patient-away" in run("pause", "V23").err
    assert "did you mean 'patient-away'?" in run("pause", "V23", "--reason-code", "patient-awy").err
    assert "what else is it?" in run("pause", "V23", "--reason-code", "other").err
    clock.set("2025-02-10")
    ran = run("pause", "V23", "--reason-code", "patient-away", "--reason", "cruise")
    assert ran.out.startswith("No notices about V23 from 2025-02-10 on; what is due stays due.\n")
    again = run("pause", "V23", "--reason-code", "too-ill")
    assert "V23 is paused since 2025-02-10: the patient is away for some time: cruise" in again.err
    clock.set("2025-02-20")
    told = run("show", "V23").out
    assert "Paused: no notices since 2025-02-10 (10 days): the patient is away for some time: cruise" in told
    assert "(142 days, 132 without the pause)" in told
    assert work(run, "V23")["paused_on"] == "2025-02-10"
    clock.set("2025-03-20")
    assert "d late, 0 without the pause" in run("show", "V23").out
    clock.set("2025-02-20")
    assert "paused: Next zoledronate" in run("list", "--search", "V23").out
    assert "go out again, after 10 days" in run("resume", "V23").out
    assert run("pause", "V23", "--reason-code", "too-ill").status == 0
    assert run("resume", "V23", "--date", "2025-02-21", "--reason", "well again").status == 0
    clock.set("2025-02-25")
    told = run("show", "V23").out
    assert "(147 days, 136 without the pause)" in told
    assert "Paused" not in told


@pytest.mark.each_database
def test_a_whole_list_is_handed_over(run: Run, office: None) -> None:
    run("assign", "V01", "V12", "--to", "anna", "--clinician", "lena")
    run("acknowledge", "V12", "response-6m", "--until", "2025-02-10", "--reason", "r")
    tried = run("hand-over", "anna", "ward", "--dry-run").out
    assert tried.startswith("2 patients would go from anna to ward.\n  V01, V12\nanna had taken on")
    assert "V12: t-response-6m, due 2025-04-21, until 2025-02-10" in tried
    assert run("assign", "V01", "--json").lines[0]["assigned"][-1]["owner"] == "anna"
    assert "it names a patient" in run("hand-over", "anna", "ward", "--reason", "V12 is hers").err
    assert run("hand-over", "anna", "ward", "--reason", "leaves").out.startswith("2 patients went from anna")
    last = run("assign", "V12", "--json").lines[0]["assigned"][-1]
    assert (last["owner"], last["clinician"], last["reason"]) == ("ward", "lena", "leaves")
    assert run("hand-over", "anna", "ben").out == "0 patients went from anna to ben.\n"


def test_for_a_while_somebody_stands_in(run: Run, office: None) -> None:
    run("assign", "V01", "--to", "anna")
    would = run("hand-over", "anna", "ben", "--until", "2025-02-10", "--dry-run")
    assert "ben would stand in for anna until 2025-02-10; 1 patient of anna stay anna's." in would.out
    assert run("desk", "absence", "--json").lines == []
    ran = run("hand-over", "anna", "ben", "--until", "2025-02-10", "--json")
    assert (ran.lines[0]["patients"], ran.lines[0]["until"]) == (["V01"], "2025-02-10")
    assert work(run, "V01")["in_charge"] == ["ben"]
    assert run("desk", "absence", "--json").lines[0]["deputy"] == "ben"
    assert "anna (ben)" in run("list", "--search", "V01").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("anna", "anna"), "FROM and TO are the same"),
        (("zoe", "anna"), "nobody here is called 'zoe'"),
        (("anna", "bne"), "did you mean 'ben'?"),
        (("ward", "anna", "--until", "2025-03-01"), "ward is a team: nobody stands in for it"),
        (("anna", "ben", "--until", "2025-02-01"), "does not lie ahead"),
    ],
)
def test_what_cannot_be_handed_over(run: Run, office: None, words: tuple[str, ...], told: str) -> None:
    ran = run("hand-over", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.each_database
def test_the_list_by_owner_with_those_first_who_could_get_lost(run: Run, office: None, clock: Clock) -> None:
    clock.set("2025-03-05")
    everybody = [row["patient"] for row in run("list", "--json").lines]
    told = run("list").out
    assert f"{len(everybody)} patients could get lost and stand first: nobody owns {len(everybody)}." in told
    run("assign", *[one for one in everybody if one != "V36"], "--to", "anna")
    listed = run("list", "--json").lines
    assert [listed[0]["patient"], listed[0]["work"]["alerts"]] == ["V36", ["nobody's patient"]]
    assert [row["patient"] for row in listed[1:]] == [one for one in everybody if one != "V36"]
    assert [row["patient"] for row in run("list", "--owner", "nobody", "--json").lines] == ["V36"]
    assert "1 patient could get lost and stand first: nobody owns 1." in run("list", "--limit", "3").out
    pages = [run("list", "--limit", "3", "--page", n, "--json").lines for n in (1, 2, 3)]
    assert [row["patient"] for page in pages for row in page] == [row["patient"] for row in listed]
    assert "Open patients by owner: anna 7 (1 overdue), nobody 1." in run("list", "--owner", "anna").out
    assert "nobody here is called 'anan'; did you mean 'anna'?" in run("list", "--owner", "anan").err
    run("desk", "site", "--pool", "ward")
    assert "could get lost" not in run("list").out
    assert "(ward)" in run("list").out
    assert run("list", "--due-within", "0", "--owner", "anna", "--json").lines[0]["work"]["owner"] == "anna"
    run("desk", "absence", "anna", "--from", "2025-03-05", "--to", "2025-03-06")
    run("desk", "absence", "ben", "--from", "2025-03-05", "--to", "2025-03-06")
    assert "anna: away" in run("list").out


def test_who_was_not_looked_after_for_too_long(run: Run, office: None, clock: Clock) -> None:
    run("desk", "site", "--untracked-days", "10")
    run("comment", "V12", "called")
    clock.set("2025-02-13")
    assert "Without a comment" not in run("list").out
    clock.set("2025-02-14")
    assert "Without a comment for more than 10 days: V02, V43, V14," in run("list").out
    run("comment", "V02", "called")
    assert "Without a comment for more than 10 days: V43, V14," in run("list").out


def test_lost_to_follow_up_is_told(run: Run, office: None) -> None:
    run("record", "V12", "lost_to_follow_up", "--date", "2025-02-01")
    assert "Lost to follow-up since 2025-02-01: the lead is told, once" in run("show", "V12").out
    assert "lost to follow-up: Start" in run("list", "--search", "V12").out


@pytest.mark.parametrize(
    "words",
    [
        ("acknowledge", "V12", "zzz", "--until", "2025-02-20", "--reason", "r"),
        ("working-date", "V12", "zzz", "2025-02-20"),
        ("progress", "V12", "zzz", "done"),
        ("progress", "V12"),
        ("resume", "V12"),
        ("comments", "V12"),
        ("assign", "V12"),
    ],
)
def test_what_is_told_of_a_patient_stands_in_the_access_log(
    run: Run, office: None, words: tuple[str, ...]
) -> None:
    run(*words)
    seen = run("access", "V12", "--json").lines
    assert words[0] in [one["what"] for one in seen]


def test_whose_patients_were_shown_to_be_handed_over_stands_in_the_access_log(run: Run, office: None) -> None:
    run("hand-over", "anna", "ben", "--dry-run")
    seen = run("access", "--all", "--json").lines
    assert "hand-over" in [one["what"] for one in seen]
