"""`carepath desk`: what a site says about itself, checked as it is said and shown as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run


@pytest.mark.each_database
def test_somebody_is_added_and_altered(run: Run, clinic: Path) -> None:
    assert "Nobody works here yet" in run("desk", "person").out
    ran = run(
        "desk", "person", "anna", "--new", "--full-name", "Anna Berg", "--role", "lead", "--at", "08:15"
    )
    assert ran.status == 0, ran.err
    changed = ("--digest", "tuesday", "--singly", "overdue, escalated", "--quiet", "20:00-06:30")
    more = ("--working-days", "Mon-Wed,Fri", "--language", "de", "--address", "email=anna@example.org")
    assert run("desk", "person", "anna", *changed, *more).status == 0
    (anna,) = run("desk", "person", "--json").lines
    assert anna == {
        "name": "anna",
        "full_name": "Anna Berg",
        "role": "lead",
        "addresses": {"email": "anna@example.org"},
        "digest": "weekly",
        "digest_weekday": 2,
        "digest_at": "08:15:00",
        "singly": ["overdue", "escalated"],
        "language": "de",
        "quiet_from": "20:00:00",
        "quiet_until": "06:30:00",
        "working_days": [1, 2, 3, 5],
        "active": True,
        "patients": 0,
        "away_until": None,
        "deputy": None,
    }
    told = run("desk", "person", "anna").out
    assert "Anna Berg, lead" in told
    assert "Mon-Wed, Fri" in told
    assert "told at once: overdue, escalated; quiet hours: 20:00 to 06:30" in told
    ran = run("desk", "person", "anna", "--address", "email=", "--quiet", "none", "--singly", "none")
    assert "told at once: nothing; quiet hours: none" in ran.out
    assert run("desk", "person", "anna", "--json").lines[0]["addresses"] == {}
    assert "daily" in run("desk", "person", "anna", "--digest", "daily").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("person", "ann"), "there is no 'ann' here; did you mean 'anna'?"),
        (("person", "ann", "--role", "lead"), "did you mean 'anna'? (--new adds a person"),
        (("person", "anna", "--new"), "there is a person 'anna' already"),
        (("person", "--role", "lead"), "Give a NAME"),
        (("person", "a,b", "--new"), "name: 'a,b' cannot be a name"),
        (("person", "anna", "--role", "boss"), "role: Input should be 'coordinator', 'clinician' or 'lead'"),
        (("team", "ward", "--member", "bne"), "there is nobody called 'bne'; did you mean 'ben'?"),
        (("absence", "anna", "--to", "2025-03-01"), "--from DATE is needed"),
        (("absence", "anna", "--from", "2025-03-01"), "--to DATE is needed"),
        (("absence", "anna", "--from", "2025-03-01", "--cancel"), "anna has no absence from 2025-03-01"),
        (("absence", "anna", "--from", "2025-03-02", "--to", "2025-03-01"), "is before"),
        (("site", "--zone", "Europe/Brelin"), "there is no time zone 'Europe/Brelin'"),
        (("site", "--link", "ftp://x"), "is no address"),
        (("site", "--snooze-days", "0"), "snooze-days: Input should be greater than or equal to 1"),
        (("ladder", "--item", "zzz"), "there is no due item 'zzz'; there are t-"),
        (("ladder", "--rung", "overdue", "--rung", "due"), "each once, in this order: before_opening,"),
        (("ladder", "--rung", "due", "--usual"), "give one"),
        (("board", "--place", "x"), "which board?"),
        (("board", "tumour"), "there is no board 'tumour'"),
        (("board", "tumour", "--place", "x"), "(--new adds one of this name)"),
        (("board", "tumour", "--new", "--meeting", "2025-03-01"), "when does it begin?"),
        (("board", "tumour", "--new", "--cancel", "2025-03-01T10:00"), "does not meet on 2025-03-01 10:00"),
        (("phrase", "a/b", "text"), "'a/b' cannot be a name"),
    ],
)
def test_what_does_not_fit_is_refused(run: Run, office: None, words: tuple[str, ...], told: str) -> None:
    ran = run("desk", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.each_database
def test_nothing_is_kept_of_what_is_refused(run: Run, office: None) -> None:
    before = run("desk", "person", "--json").out
    assert run("desk", "person", "lena", "--inactive").status == 2
    assert run("desk", "person", "--json").out == before


def test_who_has_patients_does_not_leave_before_they_are_given_away(run: Run, office: None) -> None:
    assert run("assign", "V01", "--to", "ben").status == 0
    assert "the patients of ben would have nobody" in run("desk", "person", "ben", "--inactive").err
    assert run("assign", "V01", "--to", "ward").status == 0
    assert run("desk", "person", "ben", "--inactive").status == 0
    assert "not any more" in run("desk", "person").out
    assert "the patients of ward" in run("desk", "team", "ward", "--inactive").err
    assert run("assign", "V01", "--to", "nobody").status == 0
    assert run("desk", "team", "ward", "--inactive").status == 0
    assert "ward (not any more)" in run("desk", "team").out


def test_teams(run: Run, clinic: Path) -> None:
    assert "There is no team yet" in run("desk", "team").out
    run("desk", "person", "anna", "--new")
    ran = run("desk", "team", "ward", "--new", "--member", "anna", "--lead", "anna", "--json")
    assert ran.lines == [{"name": "ward", "members": ["anna"], "lead": "anna", "active": True, "patients": 0}]
    assert run("desk", "team", "ward", "--lead", "", "--json").lines[0]["lead"] is None


@pytest.mark.each_database
def test_absences(run: Run, office: None, clock: Clock) -> None:
    away = ("desk", "absence")
    assert "Nobody is away" in run(*away).out
    assert "anna is not going to be away" in run(*away, "anna").out
    ran = run(*away, "anna", "--from", "2025-02-01", "--to", "2025-02-10", "--deputy", "ben")
    assert "10 days" in ran.out
    assert "away to 2025-02-10, ben stands in" in run("desk", "person").out
    circle = run(*away, "ben", "--from", "2025-02-10", "--to", "2025-02-12", "--deputy", "anna")
    told = "on 2025-02-10 everybody who stands in is away: anna for ben, ben for anna"
    assert (circle.status, circle.err.count(told)) == (2, 1)
    overlap = run(*away, "anna", "--from", "2025-02-08", "--to", "2025-02-12")
    assert "anna is away from 2025-02-01 to 2025-02-10 already" in overlap.err
    assert run(*away, "anna", "--from", "2025-02-01", "--deputy", "ward").status == 0
    assert run(*away, "ben", "--from", "2025-02-10", "--to", "2025-02-12").status == 0
    assert [row["person"] for row in run(*away, "--json").lines] == ["anna", "ben"]
    clock.set("2025-02-11")
    assert "nobody: the pool or the lead" in run(*away).out
    assert "away to 2025-02-12, nobody stands in" in run("desk", "person").out
    assert [row["person"] for row in run(*away, "--json").lines] == ["ben"]
    assert run(*away, "ben", "--from", "2025-02-10", "--cancel").status == 0
    assert "Nobody is away" in run(*away).out


def test_the_site(run: Run, office: None) -> None:
    changed = ("--zone", "Europe/Berlin", "--country", "DE", "--subdivision", "BY", "--pool", "ward")
    more = ("--lead", "lena", "--undated-days", "10", "--holiday", "2025-02-04", "--names-in-messages")
    told = run("desk", "site", *changed, *more).out
    assert "DE BY" in told
    assert "next working day                  2025-02-05" in told
    assert "no guideline prints them" in told
    site = run("desk", "site", "--no-holiday", "2025-02-04", "--pool", "", "--json").lines[0]
    assert (site["pool"], site["lead"], site["undated_days"]) == (None, "lena", 10)
    assert (site["own_holidays"], site["names_in_messages"], site["reference_in_messages"]) == (
        [],
        True,
        True,
    )
    assert "none kept" in run("desk", "site", "--country", "", "--subdivision", "").out
    assert run("desk", "site", "--working-days", "Mon,Tue,Thu", "--json").lines[0]["working_days"] == [
        1,
        2,
        4,
    ]


def test_the_ladder_in_force(run: Run, office: None) -> None:
    ladder = ("desk", "ladder")
    told = run(*ladder).out
    assert "In force for the site: the ladder of the project, as this site has none." in told
    assert "7 days after it is escalated" in told
    own = ("--pathway", "bone_health", "--item", "t-deno")
    rungs = ("--rung", "before_due 7 to owner", "--rung", "overdue 3 to owner, team answer 2")
    told = run(*ladder, *own, *rungs).out
    assert "In force for t-deno of bone_health: its own ladder." in told
    assert "7 days before it is due" in told
    assert "3 days after it becomes overdue" in told
    assert "Ladders of their own: t-deno of bone_health." in run(*ladder).out
    assert run(*ladder, "--pathway", "bone_health", "--rung", "due").status == 0
    (due,) = run(*ladder, "--pathway", "bone_health", "--item", "t-zol-monthly", "--json").lines
    assert due == {
        "for": "everything of bone_health",
        "rung": "due",
        "days": 0,
        "to": ["owner"],
        "answer_days": None,
    }
    assert "the ladder of everything of bone_health" in run(*ladder, *own, "--usual").out
    assert run(*ladder, "--rung", "due").status == 0
    assert [row["for"] for row in run(*ladder, "--item", "t-surveillance", "--json").lines] == ["the site"]


def test_boards_meet_at_the_same_hour_through_the_change_of_time(run: Run, office: None) -> None:
    assert "There is no board yet" in run("desk", "board").out
    run("desk", "site", "--zone", "Europe/Berlin")
    board = ("desk", "board", "tumour")
    new = ("--new", "--place", "Room 5", "--chair", "lena", "--meeting", "2025-03-25T14:00", "--weeks", "2")
    told = run(*board, *new).out
    assert "Tue 2025-04-01 14:00" in told
    (one,) = run(*board, "--json").lines
    assert one["meetings"] == ["2025-03-25T14:00:00+01:00", "2025-04-01T14:00:00+02:00"]
    more = run(*board, "--meeting", "2025-04-08T14:00", "--weeks", "3", "--cancel", "2025-03-25T14:00")
    assert "and 1 more, to 2025-04-22" in more.out
    assert "already" in run(*board, "--new").err
    assert "tumour (not any more)" in run(*board, "--inactive", "--closes-days", "0").out
    assert "when it begins" in run(*board).out


def test_phrases(run: Run, office: None) -> None:
    assert "There is no phrase yet" in run("desk", "phrase").out
    assert "Called, no answer." in run("desk", "phrase", "called", "Called, no answer.").out
    assert run("desk", "phrase", "--json").lines == [{"name": "called", "text": "Called, no answer."}]
    assert "did you mean 'called'?" in run("desk", "phrase", "calld").out
    assert "There is no phrase" in run("desk", "phrase", "called", "").out
