"""`carepath list`, `due` and `deviations`: across patients, as of today."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from cli.days import distance, plural, week_of
from cli.tracking_list import as_json
from cli.tracking_table import overdue_from
from store.database import open_database
from store.tracking import Tracked
from tests.cli.conftest import Clock, Run
from tests.keys import KEYS

pytestmark = pytest.mark.each_database


def patients(run: Run, *words: object) -> list[str]:
    return [row["patient"] for row in run("list", "--json", *words).lines]


def test_overdue_patients_come_first(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-01")
    rows = run("list", "--json").lines
    late = [row["overdue"] > 0 for row in rows]
    assert any(late)
    assert late == sorted(late, reverse=True)
    first = rows[0]
    assert first["patient"] == "V23"
    assert first["next_due"] == "2025-03-04"
    assert first["next_title"] == "Next zoledronate, every 12 weeks"
    assert first["days_in_state"] == (date(2025, 5, 1) - date.fromisoformat(first["entered_on"])).days


def test_time_passes_without_anything_being_recorded(run: Run, clinic: Path, clock: Clock) -> None:
    assert "V23" not in patients(run, "--overdue")
    clock.set("2025-03-20")
    assert "V23" in patients(run, "--overdue")


def test_the_table_for_a_person(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-01")
    ran = run("list")
    assert ran.status == 0
    assert "V23" in ran.out
    assert "58 d late" in ran.out
    assert "1-8 of 8 patients" in ran.out


def test_lateness_and_order_are_counted_from_the_first_overdue_day() -> None:
    today = date(2025, 5, 1)
    row = Tracked(
        "P1",
        1,
        "board_mdt_review",
        None,
        0,
        date(2025, 4, 29),
        None,
        "t-deno",
        date(2025, 4, 1),
        1,
        1,
        0,
        False,
        False,
        None,
        today,
        None,
    )
    assert as_json(row, today)["overdue_from"] == "2025-04-29"
    assert as_json(row._replace(rank=1), today)["overdue_from"] is None
    assert distance(date(2025, 4, 1), today, overdue_from(row)) == "3 d late"


def test_numbers_of_days_late_fall_down_the_page(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-01")
    for command in ("list", "due"):
        late = [int(number) for number in re.findall(r"(\d+) d late", run(command).out)]
        assert len(late) > 1
        assert late == sorted(late, reverse=True)


@pytest.mark.parametrize("command", ["list", "due"])
def test_help_explains_escalated(run: Run, command: str) -> None:
    told = " ".join(run(command, "--help").out.split())
    assert "escalated" in told
    assert "escalate_after_days" in told


def test_pages(run: Run, clinic: Path) -> None:
    everybody = patients(run, "--limit", 0)
    assert len(everybody) == 8
    pages = [patients(run, "--limit", 3, "--page", page) for page in (1, 2, 3, 4)]
    assert [one for page in pages for one in page] == everybody
    assert "1-3 of 8 patients; --page 2 shows more" in run("list", "--limit", 3).out
    assert "No patient on page 4; 8 in all." in run("list", "--limit", 3, "--page", 4).out


def test_filters(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-01")
    states = {row["patient"]: row["state"] for row in run("list", "--json").lines}
    wanted = [one for one, state in states.items() if state == "post_mdt_follow_up"]
    assert wanted
    assert sorted(patients(run, "--state", "post_mdt_follow_up")) == sorted(wanted)
    assert sorted(patients(run, "--state", "Follow-up after metastasis-directed therapy")) == sorted(wanted)
    assert patients(run, "--search", "v2") == [one for one in states if "V2" in one]
    assert patients(run, "--deviation", "d-board-missing-mdt") == ["V14"]
    assert "V23" in patients(run, "--deviation", "any")
    assert patients(run, "--search", "nobody") == []
    assert "No patient." in run("list", "--search", "nobody").out


def test_who_left_the_pathway_stands_last(run: Run, clinic: Path, clock: Clock) -> None:
    assert run("record", "V01", "death", "--date", "2025-02-01").status == 0
    assert run("record", "V99", "metastasis_suspected", "--date", "2025-02-01", "--new").status == 0
    assert patients(run)[-1] == "V01"
    assert not run("list", "--json").lines[-1]["blocked"], "nothing is to be done any more"


def test_due_within_days(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-04-25")
    rows = {row["patient"]: row for row in run("list", "--json").lines}
    near = [one for one, row in rows.items() if row["next_due"] and row["next_due"] <= "2025-05-05"]
    assert sorted(patients(run, "--due-within", 10)) == sorted(near)
    assert 0 < len(near) < 8


def test_a_state_that_is_none_is_refused(run: Run, clinic: Path) -> None:
    ran = run("list", "--state", "post_mdt_followup")
    assert ran.status == 2
    assert "did you mean 'post_mdt_follow_up'" in ran.err


def test_an_empty_database_has_empty_lists(run: Run, database: Path, any_url: str) -> None:
    open_database(any_url, KEYS).close()
    assert run("list").out.endswith("No patient.\n")
    assert run("due").out.splitlines()[-1].startswith("0 items")
    assert run("deviations").out.splitlines()[-1] == "0 deviations"
    assert [run(command, "--json").out for command in ("list", "due", "deviations")] == [""] * 3


def test_due_looks_four_weeks_ahead(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-04-10")
    items = run("due", "--json").lines
    assert {"overdue", "escalated"} & {item["status"] for item in items}
    assert all(item["due"] <= "2025-05-08" for item in items)
    assert [item["item"] for item in items if item["patient"] == "V14"] == ["t-postmdt-petct-1"]


def test_due_breaks_no_word_on_a_narrow_terminal(
    run: Run, clinic: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set("2025-05-20")
    assert "t-postmdt-petct-1" in run("due").out
    monkeypatch.setattr("cli.console._width", lambda: 80)
    out = run("due").out
    assert max(map(len, out.splitlines())) <= 80
    titles = {item["title"] for item in run("due", "--json").lines}
    assert any("metastasis-directed" in title for title in titles)
    seen = set(out.split())
    assert {word for title in titles for word in title.split()} <= seen
    assert "t-postmdt-petct-1" not in seen


def test_due_between_days(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-04-10")
    words = ("--from", "2025-04-28", "--to", "2025-05-04", "--no-overdue", "--json")
    assert {item["due"] for item in run("due", *words).lines} == {"2025-04-29", "2025-04-30"}
    assert "from 2025-04-28 to 2025-05-04" in run("due", "--from", "2025-04-28", "--to", "2025-05-04").out


def test_due_this_week(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-04-30")
    ran = run("due", "--this-week", "--no-overdue")
    assert "today" in ran.out
    assert "from 2025-04-28 to 2025-05-04" in ran.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("due", "--this-week", "--from", "2025-01-01"), "one or the other"),
        (("due", "--from", "2025-02-01", "--to", "2025-01-01"), "is before"),
        (("due", "--to", "2025-02-30"), "--to"),
        (("deviations", "--severity", "grave"), "one of critical, major"),
        (("deviations", "--status", "opne"), "did you mean 'open'"),
        (("list", "--page", "0"), "--page"),
    ],
)
def test_words_that_do_not_fit(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


def test_deviations_the_gravest_first(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-20")
    found = run("deviations", "--json").lines
    order = ["critical", "major", "minor", "info", "data"]
    assert [one["severity"] for one in found] == sorted((one["severity"] for one in found), key=order.index)
    assert found[0]["code"] == "d-board-missing-mdt"
    assert found[0]["events"] == ["e10"]
    assert "deviations: " in run("deviations").out


def test_the_register_of_a_past_day_stays_as_it_was(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-20")
    now = run("deviations", "--json").lines
    clock.set("2025-05-21")
    then = run("deviations", "--known-at", "2025-05-20", "--json").lines
    same = [name for name in now[0] if name != "as_of"]
    told = [sorted(str([one[name] for name in same]) for one in found) for found in (then, now)]
    assert told[0] == told[1]
    assert {(one["known_at"], one["review"], one["reviewer"]) for one in then} == {
        ("2025-05-20", "none", None)
    }
    table = run("deviations", "--known-at", "2025-05-20", "--csv").out
    (found,) = run("deviations", "--known-at", "2025-05-20", "--code", "d-board-missing-mdt", "--json").lines
    assert found["patient"] == "V14"
    ran = run("retract", "V14", "e10", "--reason", "wrong patient")
    assert ran.status == 0, ran.err
    assert run("deviations", "--code", "d-board-missing-mdt", "--json").lines == []
    assert run("deviations", "--known-at", "2025-05-20", "--csv").out == table
    assert "0 patients known by then" in run("deviations", "--known-at", "2020-01-01").out


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--known-at", "2025-05-20"), "a day that is over"),
        (("--known-at", "2025-05-19", "--as-of", "2025-05-19"), "leave --as-of out"),
        (("--known-at", "2025-05-19", "--csv", "--json"), "whole register"),
        (("--csv",), "goes with --known-at"),
    ],
)
def test_what_does_not_go_with_a_past_register(
    run: Run, clinic: Path, clock: Clock, said: tuple[str, ...], told: str
) -> None:
    clock.set("2025-05-20")
    ran = run("deviations", *said)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


def test_deviations_filtered(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-20")
    critical = run("deviations", "--severity", "critical", "--json").lines
    assert {one["severity"] for one in critical} == {"critical"}
    final = run("deviations", "--status", "final", "--json").lines
    assert {one["status"] for one in final} == {"final"}
    assert [one["patient"] for one in run("deviations", "--code", "d-board-missing-mdt", "--json").lines] == [
        "V14"
    ]
    assert {one["patient"] for one in run("deviations", "--search", "V14", "--json").lines} == {"V14"}


def test_days_in_words() -> None:
    today = date(2025, 2, 3)
    assert [distance(date(2025, 2, day), today) for day in (1, 3, 4)] == ["passed", "today", "in 1 d"]
    late = [distance(date(2025, 1, 1), today, date(2025, 2, day)) for day in (2, 3, 4)]
    assert late == ["2 d late", "1 d late", "passed"]
    assert (plural(1, "item"), plural(0, "item")) == ("1 item", "0 items")
    assert week_of(date(2025, 2, 9)) == (date(2025, 2, 3), date(2025, 2, 9))
