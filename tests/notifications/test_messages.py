"""What messages say, in both languages, and what they never say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateError

from coordination.entries import Person, Rung, Site
from coordination.progress import Progress
from notifications import messages
from notifications.messages import Open, Told, Words, words
from notifications.plan import LOST

SHIPPED = Path(messages.__file__).parent / "templates"

NOW = datetime(2025, 3, 17, 6, 30, tzinfo=UTC)
DAY = date(2025, 3, 17)
SITE = Site(zone="Europe/Berlin", link="https://carepath.hospital.example/patients/")
LATE = Told(
    "V01",
    "overdue",
    "t-restage",
    "Restage before MDT",
    date(2025, 2, 1),
    date(2025, 3, 10),
    date(2025, 3, 11),
    "overdue",
    ("ago-2024-gen-histology", "imet-design", "imet-limitations", "own-statement"),
    None,
    "Zwetschgenbaum, Adelgunde",
)
DUE = replace(LATE, rung="due", title="Zoledronate", due=DAY, overdue_from=date(2025, 3, 18), status="open")
OTHER = replace(DUE, reference="V02", name=None, due=date(2025, 3, 20), statements=())
GONE = replace(DUE, item=LOST, title="", due=date(2025, 3, 1), opens=None, overdue_from=None, statements=())


def said(*told: Told, language: Any = "en", kind: str = "digest", site: Site = SITE, **more: Any) -> Words:
    person = Person(name="anna", full_name="Anna Beispiel", language=language)
    return words(person, site, told, kind, NOW, **more)


def test_a_digest_tells_each_patient_once_the_longest_overdue_first() -> None:
    found = said(OTHER, DUE, LATE)
    assert found.subject == "carepath: 3 items, 1 overdue"
    assert found.text == (
        "Your patients on 17 March 2025\n"
        "\n"
        "3 items for 2 patients, 1 of them overdue.\n"
        "\n"
        "V01\n"
        "https://carepath.hospital.example/patients/V01\n"
        "\n"
        "- Restage before MDT\n"
        "  overdue for 7 days, was due on 10 March 2025\n"
        "  nothing reported yet: neither ordered nor booked\n"
        "  ago-2024-gen-histology (LoE 3, GR B, AGO ++)\n"
        "  imet-design, imet-limitations (grade not in source)\n"
        "  own-statement\n"
        "\n"
        "- Zoledronate\n"
        "  due today\n"
        "  nothing reported yet: neither ordered nor booked\n"
        "  ago-2024-gen-histology (LoE 3, GR B, AGO ++)\n"
        "  imet-design, imet-limitations (grade not in source)\n"
        "  own-statement\n"
        "\n"
        "V02\n"
        "https://carepath.hospital.example/patients/V02\n"
        "\n"
        "- Zoledronate\n"
        "  due on 20 March 2025, in 3 days\n"
        "  nothing reported yet: neither ordered nor booked\n"
        "\n"
        "https://carepath.hospital.example/patients/\n"
        "\n"
        "--\n"
        "Due dates follow from the pathway and its settings; after how many days\n"
        "something counts as overdue or is escalated is this site's choice where no\n"
        "source gives it. Sent by carepath; an answer to this message is read by\n"
        "nobody.\n"
        "MDT: metastasis-directed therapy.\n"
    )


def test_the_same_in_german() -> None:
    found = said(OTHER, DUE, LATE, language="de", also=Open(9, 4))
    assert found.subject == "carepath: 3 Punkte, 1 überfällig"
    for told in (
        "Ihre Patientinnen und Patienten am 17.03.2025",
        "3 Punkte zu 2 Personen, davon 1 überfällig.",
        "überfällig seit 7 Tagen, war fällig am 10.03.2025",
        "noch nichts gemeldet: weder angeordnet noch gebucht",
        "imet-design, imet-limitations (Grad nicht in der Quelle)",
        "heute fällig",
        "fällig am 20.03.2025, in 3 Tagen",
        "9 Punkte überfällig, bei 4 Personen",
        "MDT: metastasengerichtete Therapie.",
    ):
        assert told in " ".join(found.text.split())
        assert told in found.html
    assert '<html lang="de">' in found.html


TIMINGS = [
    ({}, "overdue for 7 days, was due on 10 March 2025", "überfällig seit 7 Tagen, war fällig am 10.03.2025"),
    ({"overdue_from": DAY, "due": date(2025, 3, 16)}, "overdue for 1 day,", "überfällig seit 1 Tag,"),
    ({"status": "escalated"}, "overdue for 7 days", "überfällig seit 7 Tagen"),
    ({"status": "open", "due": DAY}, "due today", "heute fällig"),
    ({"status": "open", "due": date(2025, 3, 18)}, "18 March 2025, in 1 day\n", "18.03.2025, in 1 Tag\n"),
    ({"status": "open"}, "was due on 10 March 2025\n", "war fällig am 10.03.2025\n"),
    (
        {"status": "scheduled", "opens": date(2025, 4, 1), "due": date(2025, 4, 8)},
        "may be done from 1 April 2025, due on 8 April 2025\n",
        "möglich ab 01.04.2025, fällig am 08.04.2025\n",
    ),
    (
        {"status": "open", "overdue_from": None},
        "was due on 10 March 2025; for information, never overdue",
        "war fällig am 10.03.2025; zur Kenntnis, wird nie überfällig",
    ),
]


@pytest.mark.parametrize(("changes", "english", "german"), TIMINGS)
def test_when_it_is_due(changes: dict[str, Any], english: str, german: str) -> None:
    told = replace(LATE, **changes)
    assert f"  {english}" in said(told).text or english in said(told).text
    assert german in said(told, language="de").text


PROGRESS = [
    (
        Progress("ordered", DAY),
        "ordered on 17 March 2025, not booked",
        "angeordnet am 17.03.2025, nicht gebucht",
    ),
    (Progress("booked", DAY, date(2025, 3, 20)), "booked for 20 March 2025", "gebucht für den 20.03.2025"),
    (Progress("booked", DAY), "booked, no day told", "gebucht, ohne Tag"),
    (
        Progress("not_attended", DAY),
        "not attended on 17 March 2025",
        "Termin am 17.03.2025 nicht wahrgenommen",
    ),
    (
        Progress("done", DAY),
        "done on 17 March 2025, not reported",
        "durchgeführt am 17.03.2025, nicht befundet",
    ),
    (
        Progress("reported", DAY),
        "reported on 17 March 2025, not acted upon",
        "befundet am 17.03.2025, noch ohne",
    ),
    (Progress("acted_on", DAY), "the event itself is not recorded", "das Ereignis selbst ist nicht erfasst"),
    (
        Progress("deferred", DAY, date(2025, 4, 1)),
        "deferred until 1 April 2025",
        "zurückgestellt bis 01.04.2025",
    ),
    (Progress("deferred", DAY), "\n  deferred\n", "\n  zurückgestellt\n"),
    (Progress("declined", DAY), "declined on 17 March 2025, yet still due", "abgelehnt am 17.03.2025, aber"),
    (
        Progress("contraindicated", DAY),
        "contraindicated on 17 March 2025, yet",
        "kontraindiziert seit 17.03.2025",
    ),
    (
        Progress("sent_home", DAY),
        "sent home on 17 March 2025, yet still due",
        "sent home am 17.03.2025, aber",
    ),
]


@pytest.mark.parametrize(("progress", "english", "german"), PROGRESS)
def test_how_far_it_has_come(progress: Progress, english: str, german: str) -> None:
    told = replace(LATE, progress=replace(progress, place="Zwetschgenweg", reason="Zwetschgen"))
    for found, wanted in ((said(told), english), (said(told, language="de"), german)):
        assert wanted in found.text
        assert "Zwetschgen" not in found.text + found.html


@pytest.mark.parametrize("rung", ["escalated", "escalated_again"])
def test_an_escalation_says_so(rung: Rung) -> None:
    found = said(replace(LATE, rung=rung, status="escalated"), kind="single")
    assert found.subject == "carepath: escalated, 1 item, 1 overdue"
    assert found.text.startswith("Still undone, and now told to you\n\n1 item for 1 patient, overdue.\n")
    found = said(replace(LATE, rung=rung, status="escalated"), kind="single", language="de")
    assert found.subject == "carepath: eskaliert, 1 Punkt, 1 überfällig"
    assert found.text.startswith("Noch nicht getan, daher jetzt an Sie\n\n1 Punkt zu 1 Person, überfällig.\n")


def test_a_single_message_is_told_as_one() -> None:
    found = said(DUE, kind="single")
    assert found.subject == "carepath: 1 item"
    assert found.text.startswith("To be done\n\n1 item for 1 patient.\n")
    assert said(DUE, kind="single", language="de").text.startswith("Zu tun\n\n1 Punkt zu 1 Person.\n")


def test_somebody_lost_is_told_without_a_duty() -> None:
    assert (
        "- Lost to follow-up\n  since 1 March 2025; no other reminder is sent for this patient\n"
        in said(GONE).text
    )
    assert "- Nicht mehr erreichbar (lost to follow-up)\n  seit 01.03.2025;" in said(GONE, language="de").text


def test_what_else_is_overdue_is_told_where_there_is_more() -> None:
    told = "Of all your patients, 9 items for 4 patients are overdue, whether told before or not."
    assert told in " ".join(said(LATE, also=Open(9, 4)).text.split())
    assert "Of all your patients" not in said(LATE, also=Open(1, 1)).text
    assert "Of all your patients" not in said(LATE, also=None).html


def test_only_what_a_site_allows_is_told_of_who_it_is() -> None:
    found = said(LATE, site=SITE.model_copy(update={"reference_in_messages": False}))
    assert "V01" not in found.text + found.html
    assert "Patient 1 of this message" in found.text
    assert "https://carepath.hospital.example/patients/\n" in found.text
    assert "Person 1 dieser" in said(LATE, language="de", site=Site(reference_in_messages=False)).text

    found = said(LATE, site=Site())
    assert "V01" in found.text
    assert "http" not in found.text + found.html

    assert "Zwetschgenbaum" not in said(LATE).text + said(LATE).html
    named = SITE.model_copy(update={"names_in_messages": True})
    assert "\nV01, Zwetschgenbaum, Adelgunde\n" in said(LATE, site=named).text
    assert "\nV02\n" in said(OTHER, site=named).text
    only = Site(names_in_messages=True, reference_in_messages=False)
    for language in ("en", "de"):
        assert "\nZwetschgenbaum, Adelgunde\n" in said(LATE, site=only, language=language).text


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", ["digest", "single"])
def test_the_subject_tells_nothing_about_a_patient(language: str, kind: str) -> None:
    named = SITE.model_copy(update={"names_in_messages": True})
    subject = said(LATE, DUE, GONE, site=named, language=language, kind=kind, also=Open(9, 4)).subject
    for one in ("V01", "Zwetschgen", "Restage", "MDT", "Zoledronate", "2025", "ago-"):
        assert one not in subject
    assert "\n" not in subject


def test_a_link_is_one_of_the_web_and_carries_the_reference_whole() -> None:
    told = replace(LATE, reference='A/1 ?x="ä<b>')
    assert "/patients/A%2F1%20%3Fx%3D%22%C3%A4%3Cb%3E\n" in said(told).text
    for link in ("javascript:alert(1)//", "file:///etc/", "intranet/"):
        found = said(LATE, site=Site(link=link))
        assert link not in found.text + found.html
        assert "<a " not in found.html


def test_a_link_to_the_desk_has_the_number_and_needs_no_reference() -> None:
    site = Site(link="https://desk.example/patients/{number}", reference_in_messages=False)
    told = said(replace(LATE, number=17), site=site)
    assert "https://desk.example/patients/17\n" in told.text
    assert "V01" not in told.text


def test_html_is_escaped_wherever_it_comes_from() -> None:
    hostile = '<script>alert("x")</script>'
    told = replace(LATE, reference=hostile, name=hostile, title=hostile, statements=(hostile,))
    person = Person(name="anna", full_name=hostile)
    site = Site(names_in_messages=True, link='https://x.example/"><script>')
    found = words(person, site, [told], "digest", NOW, Open(9, 9))
    assert "<script" not in found.html
    assert found.html.count("&lt;script&gt;") >= 4


def test_nothing_is_loaded_from_elsewhere() -> None:
    html = said(LATE, DUE, GONE).html
    for one in ("src=", "url(", "@import", "<script", "<img", "<link"):
        assert one not in html


def test_a_huge_digest_says_all_of_it() -> None:
    told = [replace(LATE, reference=f"V{n:04}", title=f"Überweisung {n}") for n in range(1500)]
    found = said(*told)
    assert found.subject == "carepath: 1500 items, 1500 overdue"
    assert found.text.count("overdue for 7 days") == found.html.count("overdue for 7 days") == 1500


def test_a_site_has_words_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    shipped = (SHIPPED / "en" / "words.j2").read_text()
    (tmp_path / "en" / "words.j2").write_text(shipped.replace("Your patients on", "Ward 7 on"))
    assert said(LATE, templates=tmp_path).text.startswith("Ward 7 on 17 March 2025\n")
    assert said(LATE, templates=tmp_path, language="de").text.startswith("Ihre Patientinnen")
    assert said(LATE).text.startswith("Your patients on")


def test_a_template_that_does_not_work_is_no_message(tmp_path: Path) -> None:
    (tmp_path / "message.txt.j2").write_text("{{ page.nothing }}")
    with pytest.raises(TemplateError):
        said(LATE, templates=tmp_path)


def test_nothing_of_it_is_shown_by_accident() -> None:
    shown = repr(LATE) + repr(said(LATE))
    assert "Zwetschgen" not in shown
    assert "V01" not in shown
