"""Messages on their way out: as many as a channel takes, about whose patients, and in whose words."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from coordination.entries import Absence, Entry, Person, Team
from coordination.site_desk import SiteDesk
from notifications.channels import Down, Passing
from notifications.deliver import MOST_TRIES, deliver, pause, still_open
from notifications.messages import Open
from store import identities
from store.database import Database
from store.work_tables import attempt, message
from tests.notifications.office import ANNA, BEN, LENA, SITE, Kept, assign, furnish, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
NIGHT, MORNING = at("2025-04-01", "00:05"), at("2025-04-01", "08:00")


def singly(person: Person) -> Person:
    """Somebody who wants each thing that is overdue by itself."""
    return person.model_copy(update={"singly": ("overdue", "escalated", "escalated_again")})


def ward(database: Database, *entries: Entry, patients: int = 1) -> None:
    """So many patients of anna's, whose response is overdue from the first of April on."""
    furnish(database, *(entries or (SITE, singly(ANNA), BEN, LENA)))
    for number in range(1, patients + 1):
        say(database, live(f"V{number:02}", START, facts={"sex": "female"}))
        assign(database, f"V{number:02}", "anna")


def tries(database: Database) -> list[str]:
    with database.reading() as connection:
        return [row.outcome for row in connection.execute(select(attempt).order_by(attempt.c.at))]


def waiting(database: Database) -> dict[str, int]:
    """The reasons for which messages to a channel outside wait, each with how many."""
    query = select(message.c.reason).where(message.c.channel == "email", message.c.status == "waiting")
    with database.reading() as connection:
        reasons = list(connection.execute(query).scalars())
    return {one: reasons.count(one) for one in reasons}


def test_no_more_go_out_in_a_minute_than_a_channel_takes(database: Database) -> None:
    ward(database, patients=3)
    email = Kept(per_minute=2)
    tick(database, MORNING, email)
    assert len(email.sent) == 2
    assert waiting(database) == {"no more than 2 a minute": 1}
    for seconds, sent in ((30, 2), (60, 3)):
        now = MORNING + timedelta(seconds=seconds)
        deliver(database, "w2", email, now=now, derive=derivation)
        assert len({one.key for one in email.sent}) == len(email.sent) == sent
    assert tries(database) == ["sent"] * 3


def test_tries_made_while_a_clock_was_ahead_keep_nobody_waiting(database: Database) -> None:
    ward(database)
    email = Kept(per_minute=1)
    tick(database, MORNING + timedelta(364), email)
    assert len(email.sent) == 1
    say(database, live("V02", START, facts={"sex": "female"}))
    assign(database, "V02", "anna")
    tick(database, MORNING, email)
    assert len(email.sent) == 2


def test_tries_that_fail_count_towards_the_minute(database: Database) -> None:
    ward(database, patients=3)
    email = Kept(per_minute=2, fails=[Passing("not now"), Passing("not now")])
    tick(database, MORNING, email)
    assert (email.sent, tries(database)) == ([], ["again"] * 2)
    assert waiting(database) == {"not now": 2, "no more than 2 a minute": 1}


def test_a_channel_that_is_down_is_asked_once(database: Database) -> None:
    ward(database, patients=3)
    email = Kept(fails=[Down("the mail server is away")])
    tick(database, MORNING, email)
    assert (email.sent, tries(database)) == ([], ["down"])
    tick(database, MORNING + timedelta(minutes=1), email)
    assert len(email.sent) == 3


def test_who_asks_to_wait_is_not_asked_before(database: Database) -> None:
    ward(database)
    email = Kept(fails=[Passing("wait", timedelta(hours=3))])
    tick(database, MORNING, email)
    tick(database, MORNING + timedelta(hours=2, minutes=59), email)
    assert email.sent == []
    tick(database, MORNING + timedelta(hours=3), email)
    assert len(email.sent) == 1


def berlin(day: str, clock: str) -> datetime:
    """A time by the clocks of the site."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SITE.time_zone)


def test_a_digest_that_failed_is_tried_again_outside_quiet_hours(database: Database) -> None:
    ward(database, SITE, ANNA, BEN, LENA)
    email = Kept(fails=[Passing("wait", timedelta(hours=12))])
    tick(database, NIGHT, email)
    tick(database, berlin("2025-04-01", "07:30"), email)
    assert tries(database) == ["again"]
    tick(database, berlin("2025-04-01", "19:31"), email)
    assert waiting(database) == {"quiet hours": 1}
    tick(database, berlin("2025-04-02", "06:59"), email)
    assert email.sent == []
    tick(database, berlin("2025-04-02", "07:00"), email)
    assert len(email.sent) == 1


def test_a_digest_whose_hour_is_a_quiet_one_may_be_tried_again_within_it(database: Database) -> None:
    early = ANNA.model_copy(update={"digest_at": time(5)})
    ward(database, SITE, early, BEN, LENA)
    email = Kept(fails=[Passing("not now")])
    tick(database, NIGHT, email)
    tick(database, berlin("2025-04-01", "05:00"), email)
    tick(database, berlin("2025-04-01", "05:02"), email)
    assert len(email.sent) == 1


def test_who_asks_to_wait_is_not_asked_for_other_messages_either(database: Database) -> None:
    ward(database, patients=3)
    email = Kept(fails=[Down("too many", timedelta(hours=3))])
    tick(database, MORNING, email)
    for minutes, sent in ((1, 0), (179, 0), (180, 3)):
        deliver(database, "w2", email, now=MORNING + timedelta(minutes=minutes), derive=derivation)
        assert len(email.sent) == sent
    assert tries(database) == ["down", "sent", "sent", "sent"]


def test_a_channel_that_fails_holds_up_no_other(database: Database) -> None:
    both = ANNA.model_copy(update={"addresses": {"email": "anna@example.org", "sms": "+49170"}})
    ward(database, SITE, singly(both))
    tick(database, MORNING, Kept(fails=[Down("away")] * 9))
    sms = Kept("sms")
    deliver(database, "w1", sms, now=MORNING, derive=derivation)
    assert [one.address for one in sms.sent] == ["+49170"]


def test_the_pause_doubles_and_is_spread() -> None:
    for number in range(1, 12):
        longest = min(timedelta(minutes=2 ** (number - 1)), timedelta(hours=6))
        found = {pause(f"m{one}", number) for one in range(20)}
        assert len(found) == 20
        assert all(longest / 2 <= one <= longest for one in found)


def test_it_is_tried_for_about_four_days() -> None:
    """As long as a long weekend on which nobody sees to the mail server."""
    for one in range(20):
        whole = sum((pause(f"m{one}", number) for number in range(1, MOST_TRIES)), timedelta())
        assert timedelta(days=3, hours=12) < whole < timedelta(days=4, hours=12)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_name_leaves_only_where_the_site_allows_it(database: Database, allowed: bool) -> None:
    ward(database, SITE.model_copy(update={"names_in_messages": allowed}), singly(ANNA))
    with database.writing() as connection:
        person = identities.person_of(connection, 1)
        assert person is not None
        person = type(person)(person.reference, "Zwetschgenbaum, Adelgunde")
        identities.keep(connection, 1, person)
    email = Kept()
    tick(database, MORNING, email)
    (one,) = email.sent
    assert ("Zwetschgenbaum" in one.text) is ("Zwetschgenbaum" in one.html) is allowed
    assert "Zwetschgenbaum" not in one.subject + repr(one)


def test_a_digest_tells_how_much_is_overdue_even_where_it_was_told_before(database: Database) -> None:
    ward(database, SITE, ANNA, patients=2)
    email = Kept()
    tick(database, NIGHT, email)
    tick(database, MORNING, email)
    assert "Of all your patients" not in email.sent[-1].text
    late = event("systemic_started", "2025-03-05", "s1", line=1, regimen_class=["endocrine_cdk46"])
    say(database, live("V03", late, facts={"sex": "female"}))
    assign(database, "V03", "anna")
    tick(database, at("2025-04-03", "00:05"), email)
    tick(database, at("2025-04-03", "08:00"), email)
    assert email.sent[-1].subject == "carepath: 1 item, 1 overdue"
    assert "Of all your patients, 3 items for 3 patients are overdue" in email.sent[-1].text


def test_whose_patients_are_counted(database: Database) -> None:
    team = Team(name="ward", members=("anna", "ben"))
    away = Absence(person="lena", first=MORNING.date(), last=MORNING.date(), deputy="ben")
    ward(database, SITE.model_copy(update={"pool": "ben"}), ANNA, BEN, LENA, team, away, patients=5)
    for reference, owner in (("V02", "ward"), ("V03", None), ("V04", "lena")):
        assign(database, reference, owner)
    tick(database, MORNING, Kept())
    with database.reading() as connection:
        site = SiteDesk.read(connection)
        found = {one: still_open(connection, site, site.people[one], MORNING) for one in site.people}
    assert found == {"anna": Open(3, 3), "ben": Open(3, 3), "lena": Open(0, 0)}


def test_a_site_has_templates_of_its_own(database: Database, tmp_path: Path) -> None:
    ward(database)
    tick(database, MORNING, Kept(fails=[Passing("not now")]))
    (tmp_path / "message.txt.j2").write_text("{{ page.items }}!")
    email = Kept()
    later = MORNING + timedelta(minutes=2)
    deliver(database, "w1", email, now=later, derive=derivation, templates=tmp_path)
    assert [one.text for one in email.sent] == ["1!"]


def test_a_template_that_fails_is_named_by_its_kind(database: Database, tmp_path: Path) -> None:
    ward(database)
    (tmp_path / "message.txt.j2").write_text("{{ page.patients[0].reference }}{{ page.nothing }}")
    tick(database, MORNING, Kept(fails=[Passing("not now")]))
    later = MORNING + timedelta(minutes=2)
    deliver(database, "w1", Kept(), now=later, derive=derivation, templates=tmp_path)
    (told,) = waiting(database)
    assert told.startswith("it could not be written (UndefinedError")
    assert "V01" not in told
