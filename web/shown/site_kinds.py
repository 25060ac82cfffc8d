"""What an administrator says about the site: each kind of entry with the controls of its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from coordination.entries import Absence, AccountRole, Entry, Ladder, Person, Phrase, Rung, Site, Team
from coordination.site_desk import SiteDesk
from pathways.library import all_pathways
from web.controls import Control, Option
from web.visit import Visit

WEEKDAYS: Final = tuple(
    (str(number), word)
    for number, word in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), 1
    )
)
ROLES: Final = (("coordinator", "coordinator"), ("clinician", "clinician"), ("lead", "lead"))
LANGUAGES: Final = (("en", "English"), ("de", "Deutsch"))
DIGESTS: Final = (("daily", "daily"), ("weekly", "weekly"))
RUNG_WORDS: Final = {
    "before_opening": "before it may be done",
    "opening": "when it may be done",
    "before_due": "before it is due",
    "due": "when it is due",
    "overdue": "when it becomes overdue",
    "escalated": "when it is escalated",
    "escalated_again": "when it is escalated again",
    "unanswered": "when nobody answered",
    "resumed": "when the day passed until which it waited",
}
"""The rungs of a ladder in words."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry. `key` are the fields that name one; they are typed for a new one only."""

    entry: type[Entry]
    title: str
    new: str
    back: str
    key: tuple[str, ...]
    controls: Callable[[Visit], Iterable[Control]]
    find: Callable[[SiteDesk, Mapping[str, str]], Entry | None]


def _people(visit: Visit, *, teams: bool = False) -> tuple[Option, ...]:
    """Who works here, by name; with `teams` they too."""
    found = [name for name, one in visit.site.people.items() if one.active]
    more = [name for name, one in visit.site.teams.items() if one.active] if teams else []
    return tuple((name, name) for name in (*found, *more))


def _of_person(visit: Visit) -> Iterable[Control]:
    rungs = tuple((one, RUNG_WORDS[one]) for one in get_args(Rung))
    yield Control("name", "Name, as entries are signed", most=60)
    yield Control("full_name", "Name as in a salutation")
    yield Control("role", "Role", "choice", ROLES, say=True, empty=False)
    yield Control("language", "Language", "choice", LANGUAGES, empty=False)
    yield Control("working_days", "Working days", "checks", WEEKDAYS, say=True)
    yield Control("digest", "Digest of what is due", "choice", DIGESTS, say=True, empty=False)
    yield Control("digest_weekday", "Day of a weekly digest", "choice", WEEKDAYS, say=True, empty=False)
    yield Control("digest_at", "Hour of the digest", "time")
    yield Control("quiet_from", "Quiet hours from", "time", hint="the same twice: none")
    yield Control("quiet_until", "Quiet hours until", "time")
    yield Control("singly", "Told at once, by itself", "checks", rungs, say=True)
    yield Control("active", "Works here", "yes")


def _of_team(visit: Visit) -> Iterable[Control]:
    yield Control("name", "Name", most=60)
    yield Control("members", "Members", "checks", tuple((name, name) for name in visit.site.people))
    yield Control("lead", "Who answers for it", "choice", _people(visit))
    yield Control("active", "In use: patients can be given to it", "yes")


def _of_absence(visit: Visit) -> Iterable[Control]:
    yield Control("person", "Who is away", "choice", tuple((name, name) for name in visit.site.people))
    yield Control("first", "First day away", "date")
    yield Control("last", "Last day away", "date")
    yield Control(
        "deputy",
        "Deputy",
        "choice",
        _people(visit, teams=True),
        hint="gets what would come to them",
    )


def _of_site(visit: Visit) -> Iterable[Control]:
    yield Control("zone", "Time zone", hint="as Europe/Berlin")
    yield Control("working_days", "Working days", "checks", WEEKDAYS, say=True)
    yield Control("country", "Public holidays of", hint="a country as DE; empty: none", most=2)
    yield Control("subdivision", "Part of the country", hint="as BY; empty: none", most=10)
    yield Control("own_holidays", "Own days off", "lines", hint="one a line, as 2026-12-24")
    yield Control("lead", "Who is told where it gets late", "choice", _people(visit))
    yield Control("pool", "Who looks after patients nobody owns", "choice", _people(visit, teams=True))
    yield Control("language", "Language of what goes to teams", "choice", LANGUAGES, empty=False)
    yield Control("link", "Link in messages", hint="the reference is put behind it, or {number}", most=500)
    roles = tuple((one, one) for one in get_args(AccountRole))
    yield Control("factor_roles", "Who signs in with a second factor", "checks", roles, say=True)
    yield Control("reference_in_messages", "Messages tell the reference", "yes")
    yield Control("names_in_messages", "Messages tell the patient's name", "yes")
    for name, label, most in (
        ("undated_days", "Working days for a step without a date in the sources", 365),
        ("snooze_days", "Days something is put off for at once, at most", 90),
        ("wait_days", "Days something is taken on or booked for, at most", 366),
        ("untracked_days", "Days without a comment until a patient stands out", 365),
        ("carry_out_days", "Working days within which a board's decision is carried out", 365),
        ("smallest_reported", "Least number told in a report that leaves the house", 100),
    ):
        yield Control(name, label, "number", empty=False, least=0 if name == "undated_days" else 1, most=most)


def _of_phrase(visit: Visit) -> Iterable[Control]:
    yield Control("name", "Name", most=60)
    yield Control("text", "Words of the comment", "area", hint="empty: it is taken out", most=2000)


def _of_ladder(visit: Visit) -> Iterable[Control]:
    found = {one.key: one for one in all_pathways()}
    items = {timer.id: timer.title for one in found.values() for timer in one.timers if timer.listed}
    pathways = tuple((key, one.title) for key, one in found.items())
    yield Control("pathway", "Pathway", "choice", pathways, hint="–: all of them")
    yield Control("item", "Due item", "choice", tuple(items.items()), hint="–: all of them")


def _ladder(site: SiteDesk, said: Mapping[str, str]) -> Entry | None:
    key = (said.get("pathway", ""), said.get("item", ""))
    return Ladder(pathway=key[0], item=key[1], steps=site.ladders[key]) if key in site.ladders else None


def _absence(site: SiteDesk, said: Mapping[str, str]) -> Entry | None:
    wanted = (said.get("person"), said.get("first"))
    return next((one for one in site.absences if (one.person, str(one.first)) == wanted), None)


def _phrase(site: SiteDesk, said: Mapping[str, str]) -> Entry | None:
    name = said.get("name", "")
    return Phrase(name=name, text=site.phrases[name]) if name in site.phrases else None


PEOPLE, SITE = "/operations/people", "/operations/site"
KINDS: Final[Mapping[str, Kind]] = {
    "person": Kind(
        Person, "A person", "Add a person", PEOPLE, ("name",), _of_person,
        lambda site, said: site.people.get(said.get("name", "")),
    ),
    "team": Kind(
        Team, "A team", "Add a team", PEOPLE, ("name",), _of_team,
        lambda site, said: site.teams.get(said.get("name", "")),
    ),
    "absence": Kind(
        Absence, "An absence", "Add an absence", PEOPLE, ("person", "first"), _of_absence, _absence
    ),
    "site": Kind(
        Site, "How the site works", "How the site works", SITE, (), _of_site, lambda site, _: site.site
    ),
    "phrase": Kind(Phrase, "A phrase", "Add a phrase", SITE, ("name",), _of_phrase, _phrase),
    "ladder": Kind(
        Ladder, "Who is told when", "Add a ladder of its own", SITE, ("pathway", "item"), _of_ladder, _ladder
    ),
}  # fmt: skip
