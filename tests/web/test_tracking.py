"""The tracking list: whom it shows to whom, what stands in a row, and what is done for several at once."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

from openpyxl import load_workbook

from coordination.entries import Assigned, Board, Comment, Listed, Person, Site, Team
from coordination.patient_desk import PatientDesk
from coordination.saying import say
from store import access, accounts, desk, identities
from store.desk_list import FLAGS, ORDERS
from store.record import record
from store.recording import Entry, Recording
from tests.store.cast import STORY, story
from tests.web.conftest import NOON, Desk
from tests.web.programs import client, program
from web.api.asked import RetractAsked


def shown(page: str) -> list[int]:
    """The patients of a page, by number, in its order."""
    return [int(number) for number in re.findall(r'<a class="one b" href="/patients/(\d+)"', page)]


def said(place: Desk, number: int) -> PatientDesk:
    with place.database.reading() as connection:
        return PatientDesk.of(desk.about(connection, number))


def tell(place: Desk, number: int, *entries: Assigned | Comment, by: str = "ben") -> None:
    with place.database.writing() as connection:
        for one in entries:
            say(connection, one, patient_id=number, recorder=by, now=place.now)


def test_somebody_s_own_patients_stand_on_the_first_page_and_all_are_a_click_away(desk: Desk) -> None:
    browser = desk.browser("anna")
    mine, all_ = browser.get("/").text, browser.get("/?owner=").text
    assert set(shown(mine)) < set(shown(all_))
    assert {said(desk, number).owner for number in shown(mine)} == {"anna"}
    assert shown(browser.get("/?owner=anna").text) == shown(mine)
    assert set(shown(browser.get("/?owner=ben").text)).isdisjoint(shown(mine))


def test_who_stands_in_for_somebody_has_their_patients_too(desk: Desk) -> None:
    from coordination.entries import Absence

    today = NOON.date()
    with desk.database.writing() as connection:
        away = Absence(person="anna", first=today, last=today + timedelta(3), deputy="ben")
        say(connection, away, recorder="anna", now=NOON)
    browser = desk.browser("ben")
    assert shown(browser.get("/?owner=me").text) == shown(browser.get("/?owner=").text)


def test_each_look_is_in_the_access_log_once_and_what_was_searched_for_is_nowhere(desk: Desk) -> None:
    browser = desk.browser("anna")
    with desk.database.reading() as connection:
        reference = identities.named(connection, [1])[1]
    found = browser.send("/search", q=reference)
    assert shown(found.text) == [1]
    assert reference not in str(found.url)
    with desk.database.reading() as connection:
        (entry,) = (one for one in access.entries(connection) if one.what == "list")
    assert reference not in entry.asked
    assert '"search":"yes"' in entry.asked
    assert "No patient has this name" in browser.send("/search", q="nobody at all").text
    again = browser.get("/search")  # an address that only answers a form
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert browser.send("/search", q=" ").headers["location"] == "/"


def test_nonsense_in_the_address_is_left_out(desk: Desk) -> None:
    browser = desk.browser("anna")
    for query in ("due=nonsense", "page=0", "page=-1", "page=99999999999", "day=9", "order=x", "owner=%00"):
        assert browser.get(f"/?{query}").status_code == 200, query


def test_filters_narrow_the_list_and_say_so_where_nobody_is_left(desk: Desk) -> None:
    browser = desk.browser("anna")
    overdue = browser.get("/?owner=&due=overdue").text
    assert set(shown(overdue)) < set(shown(browser.get("/?owner=").text))
    assert "No patient matches these filters" in browser.get("/?owner=&due=none&flag=undetermined&day=0").text


def test_who_left_the_pathway_is_shown_where_the_state_is_ticked_and_is_held_up_by_nothing(
    desk: Desk,
) -> None:
    browser = desk.browser("anna")
    death = Recording("V02", (Entry({"type": "death", "date": "2025-02-28"}),), source="test")
    record(desk.database, death, recorder="anna", now=desk.now, derive=desk.place.derive)
    page = browser.get("/?owner=&state=deceased").text
    assert shown(page) == shown(browser.get("/?owner=&due=closed").text) == [desk.number("V02")]
    assert "blocked</span>" not in page
    for flag in FLAGS:
        told = browser.get(f"/?owner=&flag={flag}").text
        (count,) = re.findall(rf'value="{flag}".*?class="n">(\d+)', told)
        assert int(count) == len(shown(told)), flag


def test_a_comment_stands_in_the_row_and_is_never_code(desk: Desk) -> None:
    tell(desk, 1, Comment(text="<script>alert(1)</script> slot confirmed"))
    page = desk.browser("anna").get("/?owner=").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_several_are_given_away_and_commented_at_once(desk: Desk) -> None:
    browser = desk.browser("anna")
    moved = {"once": "a", "to": "ben", "comment": "moved to Ben", "back": "/?owner=ben"}
    for _ in range(2):  # sent twice, done once
        answer = browser.send("/bulk", number=["1", "2"], **moved)
        assert (answer.status_code, answer.headers["location"]) == (303, "/?owner=ben&done=2")
    assert "Done for 2 patients." in browser.get("/?owner=ben&done=2").text
    assert "Done for" not in browser.get("/?owner=ben&done=many").text
    for number in (1, 2):
        assert said(desk, number).owner == "ben"
        assert [one[1:] for one in said(desk, number).comments] == [("anna", "moved to Ben")]
    browser.send("/bulk", once="a", number=["1"], to="nobody")
    assert said(desk, 1).owner is None
    assert "nobody" in browser.get("/?owner=nobody").text


def test_a_page_behind_the_last_is_the_last(desk: Desk) -> None:
    browser = desk.browser("anna")
    assert shown(browser.get("/?owner=&page=99").text) == shown(browser.get("/?owner=").text) != []


def test_the_next_step_of_several_is_taken_on_until_a_day(desk: Desk) -> None:
    browser = desk.browser("anna")
    until = NOON.date() + timedelta(5)
    with_step = shown(browser.get("/?owner=anna&due=overdue").text)[:1] or shown(browser.get("/").text)[:1]
    assert browser.send("/bulk", once="a", number=str(with_step[0]), until=str(until)).status_code == 303
    ((entry, noted),) = said(desk, with_step[0]).acknowledged.values()
    assert (entry.until, noted.by) == (until, "anna")
    assert "taken on" in browser.get("/").text


def test_what_cannot_be_done_for_one_is_done_for_nobody(desk: Desk) -> None:
    browser = desk.browser("anna")
    with desk.database.reading() as connection:
        reference = identities.named(connection, [2])[2]
    for fields in (
        {"number": ["1", "2"], "comment": f"as {reference} has it"},
        {"number": ["1", "999"], "comment": "one is not there"},
        {"number": ["1", "x"], "comment": "one is no number"},
        {"number": ["1"], "to": "stranger"},
        {"number": ["1"], "until": "soon"},
        {"number": ["1"], "until": "2025-03-03"},
        {"number": ["1"], "until": "2029-02-03"},
        {"number": ["1"]},
        {"comment": "nobody selected"},
    ):
        before = said(desk, 1)
        answer = browser.send("/bulk", once="a", **fields)
        assert answer.status_code in (404, 422), fields
        if answer.status_code == 422:  # what was typed, and who was selected, is there still
            typed = [one for one in (fields.get("comment"), fields.get("until")) if one]
            assert all(f'value="{one}"' in answer.text for one in typed), fields
            assert ('value="1" checked' in answer.text) == (
                "number" in fields and "x" not in fields["number"]
            )
        assert said(desk, 1) == before, fields


def test_who_is_limited_to_a_team_neither_sees_nor_alters_others(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        accounts.change(connection, "anna", teams=["north"])
    browser = desk.browser("anna")
    everybody = shown(browser.get("/?owner=").text)
    assert {said(desk, number).owner for number in everybody} == {"anna"}
    other = next(number for number in (1, 2) if number not in everybody)
    assert browser.send("/bulk", once="a", number=str(other), comment="not mine").status_code == 403
    with desk.database.reading() as connection:
        reference = identities.named(connection, [other])[other]
    page = browser.send("/search", q=reference).text
    assert shown(page) == []
    assert f'<a href="/patients/{other}">#{other}</a>' in page  # who looks all the same says why
    assert 'href="/patients/new">Register a patient</a></span>' not in page
    assert f"/patients/{other}" not in browser.send("/search", q=reference[:-1]).text


def test_the_workbook_has_the_whole_list_and_no_formula(desk: Desk) -> None:
    tell(desk, 1, Comment(text="=1+1"))
    answer = desk.browser("anna").get("/list.xlsx?owner=")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.values)
    assert rows[0][:3] == ("Patient", "Reference", "Age")
    assert len(rows) - 1 == len(shown(desk.browser("anna").get("/?owner=").text))
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"
    assert "attachment" in answer.headers["content-disposition"]
    widths = [one.width for one in sheet.column_dimensions.values()]
    assert len(widths) == len(rows[0])
    assert all(widths[place] > 10 for place, said in enumerate(rows[1]) if isinstance(said, datetime))


def test_an_erased_identity_and_a_long_silence_show_as_such(desk: Desk) -> None:
    with desk.database.writing() as connection:
        identities.erase(connection, 1)
        say(connection, Site(untracked_days=1), recorder="lena", now=NOON)
        say(connection, Person(name="vera"), recorder="lena", now=NOON)
    desk.pass_(timedelta(3))
    page = desk.browser("anna").get("/?owner=").text
    assert ">#1</a>" in page
    assert re.search(r"no comment for \d+ d", page)


def test_the_page_speaks_german_where_it_is_asked_to(desk: Desk) -> None:
    browser = desk.browser("anna")
    assert 'name="back" value="/?owner=&amp;due=overdue"' in browser.get("/?owner=&due=overdue").text
    browser.send("/looks", language="de", back="/?owner=")
    page = browser.get("/").text
    assert '<html lang="de"' in page
    browser.send("/looks", theme="dark", density="roomy", back="//elsewhere.example")
    page = browser.get("/").text
    assert 'data-theme="dark" data-density="roomy"' in page
    assert '<html lang="de"' in page


def retract_one(place: Desk, number: int) -> None:
    api = client(place, "ben")
    entry = next(one for one in api.story(number).entries if not one.taken_back)
    api.retract(number, entry.id, RetractAsked(reason="another patient"))


def test_what_was_corrected_since_somebody_looked_is_told_until_they_look_again(desk: Desk) -> None:
    browser = desk.browser("anna")
    assert "since you looked at the patient" not in browser.get("/?owner=").text
    browser.get("/patients/1")
    retract_one(desk, 1)
    assert shown(browser.get("/?owner=&flag=corrected").text) == [1]
    browser.get(f"/patients/1?as_of={NOON.date()}")
    assert shown(browser.get("/?owner=&flag=corrected").text) == [1], "the past is not what is news"
    (row,) = client(desk, "anna").patients(flag=["corrected"])
    assert (row.number, row.corrected) == (1, True)
    assert shown(desk.browser("ben").get("/?owner=&flag=corrected").text) == []
    browser.get("/patients/1")
    assert shown(browser.get("/?owner=&flag=corrected").text) == []


def test_a_program_says_when_somebody_has_looked(desk: Desk) -> None:
    desk.browser("anna").get("/patients/1")
    retract_one(desk, 1)
    asking = program(desk, "anna", "patients:read")
    asking.get("/patients/1")
    assert len(asking.get("/patients?flag=corrected").json()["patients"]) == 1
    assert asking.send("/patients/1/seen", {}).status_code == 200
    assert asking.get("/patients?flag=corrected").json()["patients"] == []


def test_the_next_board_stands_in_the_row_with_what_is_there_for_it(desk: Desk) -> None:
    at = NOON + timedelta(3)
    with desk.database.writing() as connection:
        say(connection, Board(name="Breast", meetings=(at,)), recorder="lena", now=NOON)
        identities.head_of(connection, 2, to_write=True)
        listed = Listed(board="Breast", question="initial", meeting=at)
        say(connection, listed, patient_id=2, recorder="lena", now=NOON)
    browser = desk.browser("anna")
    page = browser.get("/?owner=&order=board").text
    assert shown(page)[0] == 2
    assert re.search(r'title="Breast">6 Mar</span><span class="two [a-z-]+" title="\d of \d that', page)
    row = next(one for one in client(desk, "anna").patients() if one.number == 2)
    assert row.board is not None
    assert (row.board.on, row.board.board) == (at.date(), "Breast")
    assert row.board.needed


def test_the_list_is_ordered_by_each_column(desk: Desk) -> None:
    browser = desk.browser("anna")
    everybody = sorted(shown(browser.get("/?owner=").text))
    for order in ORDERS:
        page = browser.get(f"/?owner=&order={order}").text
        assert sorted(shown(page)) == everybody, order
        assert len(re.findall('aria-sort="ascending"', page)) == 1, order


def test_what_is_printed_is_the_whole_list_with_every_column(desk: Desk) -> None:
    told = story("W01", *STORY)
    record(desk.database, told, recorder="anna", now=NOON, derive=desk.place.derive)
    browser = desk.browser("anna")
    page = browser.get("/list/print?owner=&order=window").text
    assert page.count('<th scope="row">') == len(shown(browser.get("/?owner=").text))
    for column in ("Response window", "Board", "Last comment"):
        assert f">{column}</th>" in page
    assert page.index(">week 1 of 13–26<") < page.index("<tr>", page.index(">W01") + 1), "it stands first"
    with desk.database.reading() as connection:
        assert next(one.what for one in access.entries(connection)) == "list print"
