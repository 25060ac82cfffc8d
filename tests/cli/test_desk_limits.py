"""What is refused at the desk, as it would keep people quiet, name a patient, or hide what is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from coordination.entries import Person
from coordination.saying import say
from store import desk
from tests.cli.conftest import Run


def test_nothing_is_taken_on_deferred_or_booked_for_longer_than_the_site_says(run: Run, office: None) -> None:
    mine = ("acknowledge", "V12", "response-6m", "--reason", "letter", "--until")
    far = run(*mine, "2199-12-31")
    assert (far.status, far.out) == (2, "")
    told = (
        "this site takes on, defers and books for 90 days at most, from today or the due date: to 2025-07-20"
    )
    assert f"--until 2199-12-31: {told}; `carepath desk site --wait-days`" in far.err
    booked = ("progress", "V12", "response-6m", "booked", "--on")
    assert "--on 2199-12-31: this site takes on" in run(*booked, "2199-12-31").err
    assert "this site takes on" in run(*booked[:3], "deferred", "--reason", "r", "--on", "2199-12-31").err
    assert "taken on or booked for at most    20 days" in run("desk", "site", "--wait-days", "20").out
    assert "for 20 days at most, from today or the due date: to 2025-05-11" in run(*mine, "2025-05-12").err
    assert run(*booked, "2025-05-11").status == 0


def test_only_who_works_here_takes_on_or_puts_off(run: Run, office: None) -> None:
    words = ("V12", "response-6m", "--until", "2025-02-10", "--reason", "r")
    for command in ("acknowledge", "snooze"):
        assert "carepath: eve is nobody who works here" in run("--user", "eve", command, *words).err
    run("desk", "person", "zoe", "--new")
    run("desk", "person", "zoe", "--inactive")
    assert run("--user", "zoe", "snooze", *words).status == 2


def test_a_reason_that_is_too_long_is_refused(run: Run, office: None) -> None:
    words = ("acknowledge", "V12", "response-6m", "--until", "2025-02-10", "--reason", "r" * 2001)
    ran = run(*words)
    assert (ran.status, "has 2,001 characters; at most 2,000" in ran.err) == (2, True)


@pytest.mark.parametrize("place", ["with V12", "with V\u200b12"])
def test_a_place_names_no_patient(run: Run, office: None, place: str) -> None:
    ran = run("progress", "V12", "response-6m", "booked", "--on", "2025-02-10", "--place", place)
    assert (ran.status, "it names a patient (reference)" in ran.err) == (2, True), ran.err


def test_what_ends_something_for_good_has_a_reason_for_it(run: Run, office: None) -> None:
    ran = run("progress", "V12", "response-6m", "declined", "--reason-code", "limited-time")
    assert ran.status == 2
    assert "'limited-time' (there was no time for it) is no reason for declined, which ends it" in ran.err
    assert "patient-refuses  the patient declines" in ran.err
    assert "comorbidity" not in ran.err
    assert "What cannot be done now is `deferred --on DATE`." in ran.err
    none = run("progress", "V12", "response-6m", "contraindicated")
    assert "comorbidity-disability" in none.err
    assert "patient-refuses" not in none.err
    later = ("progress", "V12", "response-6m", "deferred", "--reason-code", "limited-time")
    assert run(*later, "--on", "2025-02-10").status == 0


@pytest.mark.parametrize("name", ["a\x1b[31mred", "anna\u202eneb", "an\u200bna", "a\u2028b"])
def test_a_name_has_only_characters_that_are_seen(run: Run, clinic: Path, name: str) -> None:
    for command in (("person", name, "--new"), ("phrase", name, "words")):
        ran = run("desk", *command)
        assert (ran.status, "cannot be a name: 1 to 60 characters that are seen" in ran.err) == (2, True)
        assert name not in ran.err


@pytest.mark.parametrize("link", ["https://x/\r\nBEGIN:VALARM", "https://x/ y", "ftp://x"])
def test_a_link_is_an_address(run: Run, clinic: Path, link: str) -> None:
    ran = run("desk", "site", "--link", link)
    assert (ran.status, "--link" in ran.err) == (2, True)
    assert run("desk", "site", "--json").lines[0]["link"] == ""


@pytest.mark.parametrize(
    ("channel", "address", "told"),
    [
        ("email", "a@example.org\r\nBcc: b@example.org", "has characters that are not seen"),
        ("email", "a" * 600 + "@example.org", "500"),
        ("email", "anna", "'anna' is no e-mail address; one is written as anna@example.org is"),
        ("m-mail", "anna berg@example.org", "is no e-mail address"),
        ("m-mail", "a@b@example.org", "is no e-mail address"),
    ],
)
def test_an_address_is_looked_at_when_it_is_said(
    run: Run, clinic: Path, channel: str, address: str, told: str
) -> None:
    ran = run("desk", "person", "anna", "--new", "--address", f"{channel}={address}")
    assert (ran.status, told in ran.err) == (2, True), ran.err


def test_an_address_is_for_a_channel_that_is_there(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = ("desk", "person", "anna", "--new", "--address")
    ran = run(*person, "inbox=anna")
    assert (ran.status, ran.err) == (
        2,
        "carepath: anna: everybody is told in the inbox, which needs no address\n",
    )
    place = tmp_path / "channels.toml"
    place.write_text(
        '[channels.email]\nkind = "email"\nhost = "localhost"\nsender = "a@b.example"\nsecurity = "none"\n'
    )
    place.chmod(0o600)
    monkeypatch.setenv("CAREPATH_CHANNELS", str(place))
    assert "there is no channel 'e-mail'; did you mean 'email'? (" in run(*person, "e-mail=a@b.example").err
    assert "there is no channel 'sms'; there are email (" in run(*person, "sms=+49 89 1234").err
    assert run(*person, "email=anna@example.org").status == 0
    assert run("desk", "person", "anna", "--address", "sms=").status == 0


def test_other_addresses_are_taken_as_they_are(run: Run, clinic: Path) -> None:
    addresses = ("email=anna@example.org", "sms=+49 89 1234", "teams=msteams://token@host/x")
    ran = run("desk", "person", "anna", "--new", *(part for one in addresses for part in ("--address", one)))
    assert ran.status == 0
    assert run("desk", "person", "anna", "--address", "email=").status == 0


@pytest.mark.parametrize(
    "command",
    [
        ("assign", "V01", "--to", "ben"),
        ("hand-over", "anna", "ben"),
        ("hand-over", "anna", "ben", "--until", "2025-02-10"),
    ],
)
def test_nobody_gets_patients_who_leaves_meanwhile(
    run: Run, office: None, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("assign", "V01", "--to", "anna")
    first = desk.keep_others_off

    def somebody_was_first(connection: Connection) -> None:
        monkeypatch.setattr(desk, "keep_others_off", first)
        gone = Person(name="ben", active=False)
        say(connection, gone, recorder="lena", now=datetime(2025, 2, 3, 12, tzinfo=UTC))
        first(connection)

    monkeypatch.setattr(desk, "keep_others_off", somebody_was_first)
    ran = run(*command)
    assert (ran.status, ran.out) == (2, "")
    assert "ben does not work here any more" in ran.err
    assert run("assign", "V01", "--json").lines[0]["assigned"][-1]["owner"] == "anna"
