"""The iCalendar feed by RFC 5545: by rules of our own, and by two readers that others wrote."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from notifications.calendar_feed import Occasion, feed
from notifications.calendar_zone import changes
from tests.architecture.repository import ROOT
from tests.chromium import run_script

ICAL_JS = ROOT / "tests" / "data" / "ical.js" / "ical.es5.min.cjs"
BERLIN = ZoneInfo("Europe/Berlin")
CHANGED = datetime(2025, 3, 1, 9, 30, 15, 123, tzinfo=BERLIN)
DUE = Occasion(
    "0001@carepath", 4, CHANGED, date(2025, 3, 31), date(2025, 4, 1), "V01: 1 item due", link="https://x/V01"
)
GONE = Occasion(
    "0002@carepath", 7, CHANGED, date(2024, 2, 29), date(2024, 3, 1), "1 Punkt fällig", cancelled=True
)
HARD = Occasion(
    "0003@carepath",
    0,
    CHANGED,
    datetime(2025, 3, 30, 1, 30, tzinfo=BERLIN),
    datetime(2025, 3, 30, 3, 30, tzinfo=BERLIN),
    "Größte, längste; Konferenz \\ der Klinik\nzweite Zeile " + "äöü€🏥" * 20,
    place="Haus 2, Raum B; 1. Stock",
)
WINTER = Occasion(
    "0004@carepath",
    1,
    CHANGED,
    datetime(2025, 12, 3, 15, tzinfo=BERLIN),
    datetime(2025, 12, 3, 16, tzinfo=BERLIN),
    "board",
)
ALL = (WINTER, HARD, GONE, DUE)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def events(content: bytes) -> list[dict[str, str]]:
    """The lines of each event by the name of the property, its parameters left out."""
    found = re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT", "\n".join(unfolded(content)), re.DOTALL)
    return [{re.split("[:;]", line)[0]: line.partition(":")[2] for line in one.splitlines()} for one in found]


def test_every_line_ends_as_it_must_and_is_short_enough() -> None:
    content = feed("anna", ALL)
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is torn apart
    assert any(line.startswith(b" ") for line in lines)


def test_every_part_has_what_it_must_have_once() -> None:
    lines = unfolded(feed("anna", ALL))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("VERSION:2.0") == 1
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    assert not any(line.startswith("METHOD") for line in lines)  # so DTSTAMP is when it was changed
    for event in events(feed("anna", ALL)):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "LAST-MODIFIED", "STATUS"} <= set(event)
        assert event["DTSTAMP"] == event["LAST-MODIFIED"] == "20250301T083015Z"
    text = "\n".join(lines)
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE"):
        assert len(re.findall(rf"^{name}[:;]", text.split("BEGIN:VEVENT", 1)[1], re.MULTILINE)) == len(ALL)
    assert len({one["UID"] for one in events(feed("anna", ALL))}) == len(ALL)


def test_a_day_is_a_day_and_nobody_is_busy_because_of_it() -> None:
    gone, hard, due, _ = events(feed("anna", ALL))
    assert (gone["DTSTART"], gone["DTEND"], gone["TRANSP"]) == ("20240229", "20240301", "TRANSPARENT")
    assert (gone["STATUS"], due["STATUS"]) == ("CANCELLED", "CONFIRMED")
    assert (due["URL"], due["DESCRIPTION"]) == ("https://x/V01", "https://x/V01")
    assert (hard["DTSTART"], hard["DTEND"], hard["TRANSP"]) == (
        "20250330T013000",
        "20250330T033000",
        "OPAQUE",
    )
    assert "DTSTART;VALUE=DATE:20240229" in unfolded(feed("anna", ALL))
    assert "DTSTART;TZID=Europe/Berlin:20250330T013000" in unfolded(feed("anna", ALL))


def test_a_meeting_while_clocks_are_put_back_ends_after_it_began() -> None:
    begin = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(BERLIN)
    one = replace(WINTER, begin=begin, end=(begin.astimezone(UTC) + timedelta(hours=1)).astimezone(BERLIN))
    (event,) = events(feed("board", [one]))
    assert (event["DTSTART"], event["DTEND"]) == ("20261025T003000Z", "20261025T013000Z")


def test_text_is_escaped() -> None:
    (hard,) = events(feed("anna", [HARD]))
    assert hard["SUMMARY"].startswith(r"Größte\, längste\; Konferenz \\ der Klinik\nzweite Zeile äöü")
    assert hard["LOCATION"] == r"Haus 2\, Raum B\; 1. Stock"


def test_the_same_occasions_are_the_same_bytes_in_any_order() -> None:
    assert feed("anna", ALL) == feed("anna", reversed(ALL))


def test_a_zone_is_told_with_its_changes_and_utc_needs_none() -> None:
    lines = unfolded(feed("board", [HARD]))
    assert lines.count("BEGIN:VTIMEZONE") == 1
    at = lines.index("BEGIN:DAYLIGHT")
    assert lines[at + 1 : at + 5] == [
        "DTSTART:20250330T020000",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
    ]
    greenwich = Occasion(
        "u", 0, CHANGED, datetime(2025, 3, 5, tzinfo=UTC), datetime(2025, 3, 6, tzinfo=UTC), "b"
    )
    there = unfolded(feed("board", [greenwich]))
    assert "BEGIN:VTIMEZONE" not in there
    assert "DTSTART:20250305T000000Z" in there


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"])
def test_the_changes_of_a_zone_are_those_of_its_clocks(zone: str) -> None:
    place = ZoneInfo(zone)
    found = list(changes(place, date(2024, 1, 1), date(2026, 1, 1)))
    assert len(found) == (0 if zone == "Asia/Tokyo" else 4)
    for moment in found:
        before = moment - timedelta(seconds=1)
        assert moment.astimezone(place).utcoffset() != before.astimezone(place).utcoffset()


def read_by_icalendar(content: bytes) -> list[dict[str, object]]:
    found: list[Any] = Calendar.from_ical(content).walk("VEVENT")
    return [
        {
            "uid": str(one["uid"]),
            "sequence": int(one["sequence"]),
            "summary": str(one["summary"]),
            "begin": _plain(one["dtstart"].dt),
            "end": _plain(one["dtend"].dt),
            "status": str(one["status"]),
            "place": str(one.get("location", "")),
            "url": str(one.get("url", "")),
        }
        for one in found
    ]


def _plain(day: date) -> str:
    if isinstance(day, datetime):
        return day.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return day.isoformat()


READ_BY_ICAL_JS = """
const root = new ICAL.Component(ICAL.parse(FEED));
const plain = (time) => time.isDate ? time.toString()
    : time.toJSDate().toISOString().replace('.000Z', 'Z');
return root.getAllSubcomponents('vevent').map((part) => {
    const event = new ICAL.Event(part);
    return {
        uid: event.uid, sequence: event.sequence, summary: event.summary,
        begin: plain(event.startDate), end: plain(event.endDate),
        status: part.getFirstPropertyValue('status'), place: event.location || '',
        url: part.getFirstPropertyValue('url') || '',
    };
});
"""


def expected(one: Occasion) -> dict[str, object]:
    return {
        "uid": one.uid,
        "sequence": one.sequence,
        "summary": one.summary,
        "begin": _plain(one.begin),
        "end": _plain(one.end),
        "status": "CANCELLED" if one.cancelled else "CONFIRMED",
        "place": one.place,
        "url": one.link,
    }


def test_icalendar_reads_what_was_meant() -> None:
    assert read_by_icalendar(feed("anna", ALL)) == [expected(one) for one in (GONE, HARD, DUE, WINTER)]


def test_ical_js_reads_what_was_meant(tmp_path: Path) -> None:
    assert hashlib.sha256(ICAL_JS.read_bytes()).hexdigest() in (ICAL_JS.parent / "README.md").read_text()
    told = json.dumps(feed("anna", ALL).decode())
    found = run_script(tmp_path, f"const FEED = {told};{READ_BY_ICAL_JS}", ICAL_JS)
    assert found == [expected(one) for one in (GONE, HARD, DUE, WINTER)]
