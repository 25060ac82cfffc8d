"""The site as an administrator arranges it in forms: people, teams, absences, calendar, ladders, phrases."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from coordination.entries import Site
from coordination.saying import say
from coordination.site_desk import SiteDesk
from store import access
from tests.web.conftest import Browser, Desk
from web.shown.site_kinds import KINDS


@dataclass
class Visiting:
    """Of a visit only the site."""

    site: SiteDesk


def site(desk: Desk) -> SiteDesk:
    with desk.database.reading() as connection:
        return SiteDesk.read(connection)


def fields(browser: Browser, path: str) -> dict[str, list[str]]:
    """What stands in the form of a page, as a browser would send it back."""
    page = browser.get(path).text
    form = page[page.index('<form class="card') :]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said.get("type") == "checkbox" and " checked" not in tag:
            continue
        found.setdefault(said["name"], []).append(said.get("value", ""))
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', form):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        found[name] = chosen or re.findall(r'value="([^"]*)"', options)[:1]
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = [text]
    return found


def send(browser: Browser, path: str, **changes: str | list[str]):  # type: ignore[no-untyped-def]
    said = {**fields(browser, path), **changes}
    said.pop("form_key")
    return browser.send(path.split("?")[0], **said)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_is_sent_as_it_stands_changes_nothing_but_what_is_new(desk: Desk, kind: str) -> None:
    before, admin = site(desk), desk.browser("admin")
    path = {"person": "person?name=anna", "team": "team?name=ward", "site": "site"}.get(kind)
    if path is None:
        assert send(admin, f"/operations/desk/{kind}").status_code == (303 if kind == "ladder" else 422)
        return
    assert send(admin, f"/operations/desk/{path}").status_code == 303
    assert site(desk) == before


@pytest.mark.parametrize("kind", ["person", "team", "site"])
def test_a_form_says_all_that_can_be_said(desk: Desk, kind: str) -> None:
    path = {"person": "person?name=anna", "team": "team?name=ward"}.get(kind, kind)
    there = {name.partition(".")[0] for name in fields(desk.browser("admin"), f"/operations/desk/{path}")}
    known = {one.name for one in KINDS[kind].controls(Visiting(site(desk)))}  # type: ignore[arg-type]  # all it reads
    assert there <= known | {"address", "form_key", "was", "key"}
    assert known | ({"addresses"} if kind == "person" else set()) == set(KINDS[kind].entry.model_fields)


def test_somebody_is_added_and_altered_and_it_stands_in_the_access_log(desk: Desk) -> None:
    admin = desk.browser("admin")
    new = {"name": "vera", "digest": "weekly", "digest_weekday": "3", "address.email": "vera@example.org"}
    assert send(admin, "/operations/desk/person", **new).status_code == 303
    vera = site(desk).people["vera"]
    assert (vera.digest, vera.digest_weekday, dict(vera.addresses)) == (
        "weekly",
        3,
        {"email": "vera@example.org"},
    )
    path = "/operations/desk/person?name=vera"
    assert send(admin, path, working_days=["1", "2"], active="", full_name="Dr Vera").status_code == 303
    vera = site(desk).people["vera"]
    assert (vera.working_days, vera.active, vera.full_name) == ((1, 2), False, "Dr Vera")
    assert "vera" in admin.get("/operations/people").text
    with desk.database.reading() as connection:
        told = [(one.who, one.asked) for one in access.entries(connection) if one.what == "desk person"]
    assert told == [("admin", '{"name":"vera"}')] * 2


def test_what_does_not_fit_is_refused_as_on_the_command_line(desk: Desk) -> None:
    admin, before = desk.browser("admin"), site(desk)
    for kind, said, told in (
        ("person", {"name": "anna"}, "there already"),
        ("person", {"name": "a;b"}, "cannot be a name"),
        ("person", {"name": "vera", "address.email": "vera"}, "no e-mail address"),
        ("person", {"name": "vera", "digest_at": "late"}, "digest_at"),
        ("person?name=anna", {"active": ""}, "the patients of anna would have nobody"),
        ("team", {"name": "north", "members": ["nobody here"]}, "Choose one of the list"),
        ("absence", {"person": "anna", "first": "2025-04-01"}, "last"),
        ("absence", {"person": "anna", "first": "2025-04-01", "last": "2025-03-31"}, "before the first day"),
        ("site", {"zone": "Nowhere"}, "there is no time zone"),
        ("site", {"snooze_days": "0"}, "not one that can be"),
        ("site", {"country": "XX"}, "no holidays are known"),
        ("ladder", {"due.days": "500"}, "less than or equal to 180"),
    ):
        answer = send(admin, f"/operations/desk/{kind}", **said)
        assert answer.status_code == 422, (kind, said)
        assert told in answer.text, (kind, said)
    assert site(desk) == before
    for path in ("nothing", "person?name=none", "team?name=none"):
        assert admin.get(f"/operations/desk/{path}").status_code == 404


def test_an_absence_comes_and_goes(desk: Desk) -> None:
    admin = desk.browser("admin")
    said = {"person": "anna", "first": "2025-03-01", "last": "2025-03-31", "deputy": "ben"}
    assert send(admin, "/operations/desk/absence", **said).status_code == 303
    assert "ben stands in" in admin.get("/operations/people").text
    path = "/operations/desk/absence?person=anna&first=2025-03-01"
    assert send(admin, path, last="2025-03-20").status_code == 303
    assert [one.last for one in site(desk).absences] == [date(2025, 3, 20)]
    assert send(admin, path, do="cancel").status_code == 303
    assert site(desk).absences == ()


def test_the_calendar_tells_days_off_and_a_lost_race(desk: Desk) -> None:
    admin = desk.browser("admin")
    old = fields(admin, "/operations/desk/site")
    new = {"zone": "Europe/Berlin", "country": "DE", "own_holidays": "2025-03-07 2025-03-10"}
    assert send(admin, "/operations/desk/site", **new).status_code == 303
    assert site(desk).site == Site(
        zone="Europe/Berlin", country="DE", own_holidays=(date(2025, 3, 7), date(2025, 3, 10))
    )
    page = admin.get("/operations/site").text
    assert "Fri 7 Mar" in page
    assert "Fri 18 Apr" in page  # Good Friday
    old.pop("form_key")
    answer = admin.send("/operations/desk/site", **{**old, "snooze_days": "7"})
    assert (answer.status_code, "meanwhile" in answer.text) == (422, True)
    assert site(desk).site.snooze_days == 14


def test_who_is_overtaken_while_saving_overwrites_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(write: Callable[[], None]) -> None:
        with desk.database.writing() as connection:
            say(connection, Site(zone="Europe/Berlin"), recorder="lena", now=desk.now)
        write()

    monkeypatch.setattr("web.pages.operations_desk.anew", overtaken)
    answer = send(desk.browser("admin"), "/operations/desk/site", snooze_days="7")
    assert (answer.status_code, "meanwhile" in answer.text) == (422, True)
    assert site(desk).site == Site(zone="Europe/Berlin")


def test_a_ladder_of_its_own_holds_until_it_is_taken_back(desk: Desk) -> None:
    admin, path = desk.browser("admin"), "/operations/desk/ladder"
    said: dict[str, str | list[str]] = {"due.on": "", "overdue.days": "2", "overdue.to": ["team"]}
    assert send(admin, path, **said).status_code == 303
    (steps,) = site(desk).ladders.values()
    assert steps is not None
    assert {one.rung: one.days for one in steps}["overdue"] == 2
    assert "due" not in {one.rung for one in steps}
    assert "this site&#39;s own" in admin.get("/operations/site").text
    assert send(admin, f"{path}?pathway=&item=", do="usual").status_code == 303
    assert site(desk).ladders == {}


def test_a_phrase_is_added_and_taken_out(desk: Desk) -> None:
    admin = desk.browser("admin")
    assert (
        send(admin, "/operations/desk/phrase", name="called", text="Called <the> practice").status_code == 303
    )
    assert "Called &lt;the&gt; practice" in admin.get("/operations/site").text
    assert send(admin, "/operations/desk/phrase?name=called", text="").status_code == 303
    assert site(desk).phrases == {}
