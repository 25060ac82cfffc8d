"""`carepath board`: candidates, lists, what is missing; on both databases where the store is touched."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Clock, Run

MEETING = "2025-02-06T16:00+01:00"


@pytest.fixture
def board(office: None, run: Run) -> Run:
    """A board that meets on three Thursdays, with two places each, and a patient it is asked about."""
    assert run("desk", "site", "--zone", "Europe/Berlin").status == 0
    made = run("desk", "board", "Breast", "--new", "--meeting", MEETING, "--weeks", 3, "--capacity", 2)
    assert made.status == 0
    staged(run, "B1")
    return run


def record(run: Run, patient: str, type: str, day: str, *fields: str, new: bool = False) -> None:
    words = [word for one in fields for word in ("--field", one)]
    ran = run("record", patient, type, "--date", day, *words, *(["--new"] if new else []))
    assert ran.status == 0, ran.err


def staged(run: Run, patient: str) -> None:
    """A patient with complete staging and no tissue result: the first board may be held."""
    record(run, patient, "metastasis_suspected", "2025-01-20", new=True)
    said = ("purpose=staging", "modality=pet_ct", "complete=true", "lesion_count_total=1")
    record(run, patient, "imaging_done", "2025-01-22", *said)


def answer(run: Run, *words: object) -> dict[str, object]:
    ran = run(*words, "--json")
    assert ran.status == 0, ran.err
    (line,) = ran.lines
    found: dict[str, object] = line
    return found


@pytest.mark.each_database
def test_a_candidate_is_listed_and_stands_on_the_agenda_with_what_is_missing(board: Run) -> None:
    told = [one for one in board("board", "candidates", "Breast", "--json").lines if one["patient"] == "B1"]
    assert [(one["question"], one["step"], one["waits_for"]) for one in told] == [
        ("initial", "board_initial", None)
    ]
    assert board("board", "add", "B1", "Breast").status == 0
    listed = board("board", "list", "Breast", "--json").lines[0]
    assert (listed["meeting"]["taken"], listed["meeting"]["left"], listed["meeting"]["closes"]) == (
        1,
        1,
        "2025-02-04",
    )
    (row,) = listed["rows"]
    missing = {one["id"]: one["standing"] for one in row["readiness"]["data"] if one["missing"]}
    assert (row["patient"], missing) == ("B1", {"g-tissue": "missing"})
    assert (row["readiness"]["ready"], row["readiness"]["of"]) == (2, 3)


def test_what_is_recorded_makes_the_patient_ready(board: Run) -> None:
    board("board", "add", "B1", "Breast")
    said = ("method=histology", "metastasis_confirmed=true", "site=liver")
    record(board, "B1", "tissue_result", "2025-02-03", *said)
    (asked,) = board("board", "ready", "B1", "--json").lines[0]["questions"]
    assert (asked["ready"], asked["of"]) == (3, 3)
    assert "1 patient listed, 1 ready" in board("board", "list", "Breast").out


def test_a_full_meeting_names_the_next_one_with_room(board: Run) -> None:
    for patient in ("B2", "B3"):
        staged(board, patient)
        assert board("board", "add", patient, "Breast").status == 0
    refused = board("board", "add", "B1", "Breast", "--meeting", "2025-02-06")
    assert refused.status == 2
    assert "all 2 places of 2025-02-06 are taken; the next one with room is 2025-02-13" in refused.err
    assert board("board", "add", "B1", "Breast", "--meeting", "2025-02-06", "--over").status == 2
    added = answer(board, "board", "add", "B1", "Breast", "--meeting", "2025-02-06", "--over",
                   "--reason", "the chair agreed")  # fmt: skip
    assert (added["over"], added["late"], added["reason"]) == (True, False, "the chair agreed")


def test_after_the_cut_off_a_reason_is_needed(board: Run, clock: Clock) -> None:
    clock.set("2025-02-05")
    refused = board("board", "add", "B1", "Breast", "--meeting", "2025-02-06")
    assert "the list of 2025-02-06 was closed after 2025-02-04; the next one with room is" in refused.err
    late = ("--late", "--reason", "referred today")
    added = answer(board, "board", "add", "B1", "Breast", "--meeting", "2025-02-06", *late)
    assert added["late"] is True
    (row,) = board("board", "list", "Breast", "--json").lines[0]["rows"]
    assert (row["late"], row["reason"]) == (True, "referred today")
    assert "referred today" in board("board", "list", "Breast").out


def test_a_question_is_put_off_with_a_reason_and_is_not_lost(board: Run) -> None:
    board("board", "add", "B1", "Breast")
    assert "one of\n  imaging-missing" in board("board", "defer", "B1", "Breast", "--to", "none").err
    told = board("board", "defer", "B1", "Breast", "--to", "2025-02-13", "--reason-code", "no-time")
    assert told.out == "B1 is put off to Thu 2025-02-13 16:00: there was no time left.\n"
    words = ("--to", "none", "--reason-code", "other", "--reason", "the slot is needed")
    board("board", "defer", "B1", "Breast", *words)
    shown = board("board", "list", "Breast").out
    assert "These are on no meeting to come" in shown
    assert "put off to no meeting yet" in shown
    assert "(2 times)" in shown


def test_nobody_disappears_with_a_meeting_that_is_cancelled(board: Run) -> None:
    board("board", "add", "B1", "Breast")
    board("desk", "board", "Breast", "--cancel", MEETING)
    (lost,) = board("board", "list", "Breast", "--json").lines[0]["without_meeting"]
    assert lost["patient"] == "B1"
    assert "the meeting does not take place" in board("board", "list", "Breast").out
    board("board", "defer", "B1", "Breast", "--to", "2025-02-13", "--reason-code", "no-meeting")
    assert board("board", "list", "Breast", "--json").lines[0]["without_meeting"] == []


def test_who_is_taken_off_stays_off_and_a_trial_changes_nothing(board: Run) -> None:
    board("board", "add", "B1", "Breast")
    reason = ("--reason", "the question is settled")
    assert board("board", "remove", "B1", "Breast", *reason, "--dry-run").out.startswith("Not done")
    assert len(board("board", "list", "Breast", "--json").lines[0]["rows"]) == 1
    assert board("board", "remove", "B1", "Breast", *reason).status == 0
    assert board("board", "list", "Breast", "--json").lines[0]["rows"] == []


def test_who_is_paused_is_no_candidate_and_cannot_be_listed(board: Run) -> None:
    board("pause", "B1", "--reason-code", "patient-away")
    assert "B1" not in board("board", "candidates").out
    refused = board("board", "add", "B1", "Breast")
    assert "paused since 2025-02-03: the patient is away for some time" in refused.err
    assert "B1 comes before no board" in board("board", "ready", "B1").out


def test_a_meeting_that_is_over_leaves_what_was_not_recorded(board: Run, clock: Clock) -> None:
    board("board", "add", "B1", "Breast")
    clock.set("2025-02-07")
    (lost,) = board("board", "list", "Breast", "--json").lines[0]["without_meeting"]
    assert (lost["patient"], lost["meeting"]) == ("B1", "2025-02-06T16:00:00+01:00")
    assert "decision not recorded" in board("board", "list", "Breast", "--meeting", "2025-02-06").out
    held = ("question=initial", "decision=systemic_first", "disciplines=medical_oncology")
    record(board, "B1", "board_held", "2025-02-06", *held)
    assert board("board", "list", "Breast", "--json").lines[0]["without_meeting"] == []
    (row,) = board("board", "list", "Breast", "--meeting", "2025-02-06", "--json").lines[0]["rows"]
    assert row["decided"]["decision"] == "systemic_first"
    assert "B1" not in board("board", "candidates").out


def test_a_decision_is_followed_up_until_it_is_carried_out(board: Run, clock: Clock) -> None:
    record(board, "B1", "tissue_result", "2025-01-30", "method=histology", "metastasis_confirmed=true")
    held = ("question=initial", "decision=systemic_first", "disciplines=medical_oncology")
    record(board, "B1", "board_held", "2025-02-03", *held)
    mine = [one for one in board("board", "decisions", "--all", "--json").lines if one["patient"] == "B1"]
    assert [(one["state"], one["by"], one["late"]) for one in mine] == [
        ("systemic_planned", "2025-02-17", False)
    ]
    (told,) = board("list", "--search", "B1", "--json").lines
    assert (told["work"]["next"]["item"], told["work"]["next"]["on"]) == ("systemic_start", "2025-02-17")
    clock.set("2025-02-18")
    assert "B1" in board("board", "decisions").out
    record(board, "B1", "systemic_started", "2025-02-18", "line=1", "regimen_class=endocrine")
    assert "B1" not in board("board", "decisions", "--all").out


def test_a_site_asks_for_more_or_for_less(board: Run) -> None:
    board("board", "item", "g-tissue", "--drop")
    board(
        "board", "item", "brca", "--needs", "brca_status", "--title", "BRCA status", "--question", "initial"
    )
    (asked,) = board("board", "ready", "B1", "--json").lines[0]["questions"]
    data = {one["id"]: (one["standing"], one["by_site"]) for one in asked["data"]}
    assert data == {
        "g-staging-complete": ("ready", False),
        "g-pet-preferred": ("ready", False),
        "brca": ("ask", True),
    }
    assert "not asked for: Tissue proof or documented waiver" in board("board", "item").out
    assert "there is no entry and no fact" in board("board", "item", "x", "--needs", "nothing").err
    assert "Give a NAME" in board("board", "item", "--drop").err
    assert board("board", "item", "x", "--title", "X").status == 2
    assert len(board("board", "item", "--json").lines) == 2


def test_who_provides_what_is_the_site_s_choice(board: Run) -> None:
    assert board("board", "provider", "tissue_result", "ben").status == 0
    (asked,) = board("board", "ready", "B1", "--json").lines[0]["questions"]
    (tissue,) = [one for one in asked["data"] if one["id"] == "g-tissue"]
    assert tissue["asked"] == ["ben"]
    assert "there is nobody and no team called 'nemo'" in board("board", "provider", "facts", "nemo").err
    assert "there is no type of entry" in board("board", "provider", "tisue").err
    assert board("board", "provider", "--json").lines == [{"name": "tissue_result", "by": "ben"}]
    assert "everything else" in board("board", "provider").out
    board("board", "provider", "tissue_result", "")
    assert board("board", "provider", "--json").lines == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("list", "Brest"), "there is no board 'Brest'; did you mean 'Breast'?"),
        (
            ("list", "Breast", "--meeting", "2025-02-07"),
            "Breast does not meet on 2025-02-07; its meetings: Thu",
        ),
        (("add", "B1", "Breast", "--question", "mdtt"), "there is no question 'mdtt'"),
        (("add", "B1", "Breast", "--question", "mdt"), "--reason TEXT says why"),
        (("add", "B1", "Breast", "--priority", "soon"), "one of routine, urgent"),
        (("remove", "B1", "Breast"), "--reason TEXT is needed"),
        (("remove", "B1", "Breast", "--reason", "x"), "on the lists of Breast there is: nothing"),
        (("defer", "B1", "Breast", "--reason-code", "no-time"), "to which meeting?"),
        (("defer", "B1", "Breast", "--to", "none", "--reason-code", "other"), "what else is it?"),
        (("add", "B1", "Breast", "--reason", "B1 wants it"), "it names a patient (reference)"),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(
    board: Run, words: tuple[str, ...], told: str
) -> None:
    ran = board("board", *words)
    assert ran.status == 2
    assert told in ran.err


def test_a_board_takes_its_own_questions_only(board: Run) -> None:
    board("desk", "board", "Breast", "--question", "mdt")
    assert "B1" not in board("board", "candidates", "Breast").out
    assert (
        "Breast takes mdt, not initial" in board("board", "add", "B1", "Breast", "--question", "initial").err
    )
    board("desk", "board", "Breast", "--question", "all", "--capacity", 0)
    (found,) = board("desk", "board", "Breast", "--json").lines
    assert (found["questions"], found["capacity"]) == ([], None)


def test_the_lists_say_when_the_board_is(board: Run) -> None:
    board("board", "add", "B1", "Breast")
    (told,) = board("list", "--search", "B1", "--json").lines
    assert (told["work"]["next"]["item"], told["work"]["next"]["on"]) == ("board_initial", "2025-02-06")


def test_a_meeting_is_moved_with_its_list(board: Run) -> None:
    board("board", "add", "B1", "Breast")
    moved = board("board", "move", "Breast", "2025-02-06", "--to", "2025-02-07T15:00")
    assert "1 question moved along" in moved.out
    (row,) = board("board", "list", "Breast", "--json").lines[0]["rows"]
    assert row["patient"] == "B1"
    assert board("board", "move", "Breast", "2025-02-06", "--to", "2025-02-08T15:00").status != 0
    assert board("board", "move", "Breast", "2025-02-07", "--to", "2025-02-08").status != 0


def test_what_a_board_needs_is_taken_on_put_off_and_reported(board: Run) -> None:
    board("board", "add", "B1", "Breast")
    mine = board("acknowledge", "B1", "tissue proof", "--until", "2025-02-04", "--reason", "asked for it")
    assert mine.status == 0, mine.err
    assert "For Breast on Thu 6 Feb" in mine.out
    assert board("snooze", "B1", "board:g-tissue", "--until", "2025-02-04", "--reason", "later").status == 0
    booked = board("progress", "B1", "board:g-tissue", "booked", "--on", "2025-02-04", "--place", "clinic")
    assert booked.status == 0, booked.err
    items = board("progress", "B1", "--json").lines[0]["items"]
    (told,) = [one for one in items if one["item"] == "board:g-tissue"]
    assert told["progress"]["status"] == "booked"
