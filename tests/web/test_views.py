"""Lists that somebody keeps by a name, in the browser and through the API."""

from __future__ import annotations

import pytest

from store import accounts, views
from store.views import View
from tests.web.conftest import Browser, Desk
from tests.web.programs import client
from web.api.asked_operations import ViewAsked, ViewChange, ViewDelete
from web.client import ApiError

NAMED = "Morning round"


def save(browser: Browser, name: str = NAMED, **more: str) -> int:
    given = {"page": "list", "query": "owner=&due=overdue&order=window&page=3&q=Petrovic&nonsense=1", **more}
    return int(browser.send("/views", name=name, **given).status_code)


def kept(desk: Desk, name: str) -> list[View]:
    with desk.database.reading() as connection:
        account = next(one for one in accounts.all_accounts(connection) if one.name == name)
        return views.of(connection, account.id)


def test_filters_and_order_are_kept_and_never_what_was_searched_for(desk: Desk) -> None:
    browser = desk.browser("anna")
    assert save(browser) == 303
    assert kept(desk, "anna") == [View("list", NAMED, "owner=&due=overdue&order=window", False)]
    page = browser.get("/").text
    assert f'<a href="/?owner=&amp;due=overdue&amp;order=window">{NAMED}</a>' in page
    assert kept(desk, "ben") == []
    assert NAMED not in desk.browser("ben").get("/").text


def test_the_list_begins_with_the_view_that_was_chosen_and_with_one_only(desk: Desk) -> None:
    browser = desk.browser("anna")
    save(browser, "All mine", query="owner=me", first="yes")
    save(browser, first="yes")
    assert [one.first for one in kept(desk, "anna")] == [False, True]
    assert (
        f'<a href="/?owner=&amp;due=overdue&amp;order=window" aria-current="true">{NAMED}</a>'
        in browser.get("/").text
    )
    assert "aria-current" in browser.get("/?owner=me").text
    assert f'aria-current="true">{NAMED}' not in browser.get("/?owner=").text


def test_a_view_is_renamed_replaced_and_deleted(desk: Desk) -> None:
    browser = desk.browser("anna")
    save(browser)
    save(browser, query="owner=me")
    browser.send("/views/change", page="list", view=NAMED, name="Mornings", first="yes")
    assert kept(desk, "anna") == [View("list", "Mornings", "owner=me", True)]
    assert "Mornings" in browser.get("/views").text
    browser.send("/views/delete", page="list", view="Mornings")
    assert kept(desk, "anna") == []


def test_a_view_takes_no_name_that_another_one_has(desk: Desk) -> None:
    browser = desk.browser("anna")
    save(browser)
    save(browser, "Mornings", query="owner=me")
    before = kept(desk, "anna")
    answer = browser.send("/views/change", page="list", view="Mornings", name=NAMED)
    assert answer.status_code == 422
    assert "Another view has this name" in answer.text
    assert kept(desk, "anna") == before


def test_the_register_has_views_of_its_own(desk: Desk) -> None:
    browser = desk.browser("audit")
    save(browser, "Grave", page="deviations", query="weight=critical&after=0~x", first="yes")
    assert kept(desk, "audit") == [View("deviations", "Grave", "weight=critical", True)]
    assert 'aria-current="true">Grave' in browser.get("/deviations").text
    assert 'aria-current="true">Grave' not in browser.get("/deviations?rule=").text


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb"])
def test_what_is_no_name_is_refused(desk: Desk, name: str) -> None:
    assert save(desk.browser("anna"), name) == 422
    assert kept(desk, "anna") == []


def test_so_many_are_kept_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 2)
    browser = desk.browser("anna")
    assert [save(browser, name) for name in ("a", "b", "c", "b")] == [303, 303, 422, 303]
    assert [one.name for one in kept(desk, "anna")] == ["a", "b"]


def test_programs_keep_views_as_people_do(desk: Desk) -> None:
    made = client(desk, "anna")
    asked = ViewAsked(page="list", name=NAMED, query="due=overdue&due=never", first=True)
    (view,) = made.save_view(asked)
    assert (view.query, view.first) == ("owner=me&due=overdue", True)
    (view,) = made.change_view(ViewChange(page="list", name=NAMED, new="Mornings"))
    assert (view.name, view.first) == ("Mornings", False)
    assert made.kept_views() == (view,)
    assert made.delete_view(ViewDelete(page="list", name="Mornings")) == ()
    with pytest.raises(ApiError, match="422"):
        made.change_view(ViewChange(page="list", name=NAMED, new="x"))
