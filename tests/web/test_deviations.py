"""The register of deviations and their review: what it shows to whom, and how two people judge."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from audit.definitions import COHORT, DEFINITIONS
from audit.reasons import GROUPS
from coordination.entries import Team
from coordination.reasons import NON_ADHERENCE
from coordination.saying import say
from pathways.worded import translations
from store import access, accounts, identities, judgements
from store.judgements import Judgement
from store.merging import merge
from store.record import record
from store.recording import Recording
from store.register import SEVERITIES, STATES, STATUSES
from store.seals import exported, seal_all
from store.tables import deviation
from tests.web.conftest import NOON, Browser, Desk
from tests.web.programs import client
from web.render import texts


def shown(page: str) -> list[str]:
    """The addresses of the deviations of a page, in its order."""
    return re.findall(r'<a class="b" href="(/patients/\d+/deviations/\w+)"', page)


def first(desk: Desk) -> str:
    return shown(desk.browser("audit").get("/deviations").text)[0]


def steps(desk: Desk) -> list[Judgement]:
    with desk.database.reading() as connection:
        return judgements.all_steps(connection)


def judged(browser: Browser, place: str, verdict: str = "unjustified", **fields: str) -> int:
    """The status with which a judgement is answered."""
    page = browser.get(place).text
    upon = re.search(r'name="upon" value="(\d+)"', page)
    given = {"upon": upon[1] if upon else "0", "step": "judged", "verdict": verdict, **fields}
    return int(browser.send(f"{place}/judge", **given).status_code)


def make_critical(desk: Desk) -> None:
    """Every deviation is critical, past what pathways say, and is not derived anew."""
    first(desk)
    with desk.database.writing() as connection:
        connection.execute(update(deviation).values(severity="critical"))


def test_the_register_narrows_counts_and_leads_to_each_deviation(desk: Desk) -> None:
    browser = desk.browser("ben")
    page = browser.get("/deviations").text
    found = shown(page)
    assert f"{len(found)} deviations" in page
    assert f"<b>Waiting for review</b> {len(found)}" in page
    for place in found:
        one = browser.get(place)
        assert one.status_code == 200
        assert "Sign review" not in one.text  # a clinician reads
    narrowed = shown(browser.get("/deviations?weight=minor&order=weight&period=&owner=").text)
    assert set(narrowed) < set(found)
    assert shown(browser.get("/deviations?review=justified").text) == []
    assert "Clear filters" in browser.get("/deviations?period=30&review=justified").text
    assert shown(browser.get("/deviations?review=waiting").text) == found


def test_nonsense_in_the_address_is_left_out(desk: Desk) -> None:
    browser = desk.browser("audit")
    all_ = shown(browser.get("/deviations").text)
    for query in (
        "rule=x",
        "weight=x",
        "order=x",
        "after=x",
        "after=0~~-1~x~99999999999999999999",
        "period=9",
    ):
        assert shown(browser.get(f"/deviations?{query}").text) == all_, query
    assert browser.get("/deviations?owner=%00nobody").status_code == 200


def test_filters_by_rule_statement_pathway_and_owner_go_together(desk: Desk) -> None:
    browser = desk.browser("audit")
    place = first(desk)
    number, mark = place.split("/")[2], place.split("/")[4]
    with desk.database.reading() as connection:
        about = next(one for one in judgements.found(connection, int(number)) if one.mark == mark)
    same = f"rule={about.code}&pathway={about.pathway}"
    assert place in shown(browser.get(f"/deviations?{same}&source={about.statements[0]}").text)
    assert shown(browser.get(f"/deviations?{same}&source=abc7-001").text) in ([], [place])
    mine = {
        owner: shown(browser.get(f"/deviations?owner={owner}").text) for owner in ("anna", "ben", "nobody")
    }
    assert sorted(mine["anna"] + mine["ben"]) == sorted(shown(browser.get("/deviations").text))
    assert mine["nobody"] == []


def test_who_is_limited_to_teams_sees_only_the_deviations_of_their_patients(desk: Desk) -> None:
    all_ = shown(desk.browser("audit").get("/deviations").text)
    annas = shown(desk.browser("audit").get("/deviations?owner=anna").text)
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        accounts.change(connection, "audit", teams=["north"])
    assert shown(desk.browser("audit").get("/deviations").text) == annas != all_


def test_one_person_judges_what_is_not_critical_and_it_stays(desk: Desk) -> None:
    browser, place = desk.browser("audit"), first(desk)
    assert judged(browser, place, "justified", reason="patient-refuses", note="asked <b>twice</b>") == 303
    page = browser.get(place).text
    assert "The patient declines it" in page
    assert "asked &lt;b&gt;twice" in page
    assert place in shown(browser.get("/deviations?review=justified").text)
    assert place not in shown(browser.get("/deviations?review=waiting").text)
    (step,) = steps(desk)
    assert (step.recorder, step.verdict, step.reason) == ("audit", "justified", "patient-refuses")
    assert judged(browser, place, "data_error") == 303
    assert [one.upon for one in steps(desk)] == [None, step.seq]
    assert place in shown(browser.get("/deviations?review=data_error").text)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"verdict": ""}, "Choose justified"),
        ({"verdict": "justified"}, "Choose a reason"),
        ({"verdict": "justified", "reason": "nonsense"}, "Choose a reason"),
        ({"verdict": "unjustified", "reason": "patient-refuses"}, "Only what is justified"),
        ({"step": "nonsense"}, "There is no proposal"),
        ({"step": "confirmed"}, "There is no proposal"),
        ({"upon": "7"}, "Somebody judged it meanwhile"),
        ({"upon": "x"}, "Somebody judged it meanwhile"),
        ({"verdict": "unjustified", "note": "x" * 1001}, "at most"),
    ],
)
def test_what_is_no_judgement_is_told_and_nothing_is_kept(
    desk: Desk, fields: dict[str, str], told: str
) -> None:
    browser, place = desk.browser("audit"), first(desk)
    given = {"step": "judged", "upon": "0", "verdict": "unjustified", **fields}
    answer = browser.send(f"{place}/judge", **given)
    assert answer.status_code == 422
    assert told in answer.text
    assert steps(desk) == []


def test_a_note_that_names_the_patient_is_not_taken(desk: Desk) -> None:
    browser, place = desk.browser("audit"), first(desk)
    with desk.database.reading() as connection:
        reference = identities.named(connection, [int(place.split("/")[2])]).popitem()[1]
    assert judged(browser, place, note=f"see {reference}") == 422
    assert steps(desk) == []


def test_what_is_critical_is_a_proposal_until_another_person_agrees(desk: Desk) -> None:
    make_critical(desk)
    audit, second, place = desk.browser("audit"), desk.browser("second"), first(desk)
    assert judged(audit, place, "unjustified", note="nobody asked the board") == 303
    assert place in shown(audit.get("/deviations?review=proposed").text)
    assert judged(audit, place, "", step="confirmed") == 422  # not by the first person
    assert "Waiting for you" in second.get(place).text
    assert "Waiting for you" not in audit.get(place).text
    assert judged(second, place, "", step="sent_back") == 422  # without saying why
    assert judged(second, place, "", step="confirmed") == 303
    assert place in shown(audit.get("/deviations?review=unjustified").text)
    assert [(one.step, one.verdict) for one in steps(desk)] == [
        ("judged", "unjustified"),
        ("confirmed", "unjustified"),
    ]


def test_a_chair_is_a_second_pair_of_eyes_but_never_the_first(desk: Desk) -> None:
    make_critical(desk)
    audit, chair, place = desk.browser("audit"), desk.browser("lena"), first(desk)
    assert "Sign review" not in chair.get(place).text
    assert judged(chair, place, "unjustified") == 422
    judged(audit, place, "unjustified")
    assert judged(chair, place, "", step="sent_back", note="the board was asked by telephone") == 303
    assert "Sent back" in audit.get("/deviations").text
    assert judged(audit, place, "justified", reason="limited-time") == 303
    assert place in shown(audit.get("/deviations?review=proposed").text)


def test_of_two_who_judge_at_once_one_is_told(desk: Desk) -> None:
    audit, second, place = desk.browser("audit"), desk.browser("second"), first(desk)
    assert judged(audit, place, "unjustified") == 303
    lost = second.send(
        f"{place}/judge", upon="0", step="judged", verdict="data_error", note="typed with care"
    )
    assert lost.status_code == 422
    assert "Somebody judged it meanwhile" in lost.text
    assert "typed with care" in lost.text
    assert len(steps(desk)) == 1


def test_a_judgement_of_what_has_changed_is_asked_for_again(desk: Desk) -> None:
    browser, place = desk.browser("audit"), first(desk)
    judged(browser, place, "justified", reason="limited-time", note="no room in the list")
    number = int(place.split("/")[2])
    with desk.database.writing() as connection:
        connection.execute(
            update(deviation).where(deviation.c.patient_id == number).values(status="overruled")
        )
    assert place in shown(browser.get("/deviations?review=changed").text)
    page = browser.get(place).text
    assert "To be reviewed again" in page
    assert "no room in the list</textarea>" in page  # to be judged as before


def test_looks_and_judgements_are_in_the_access_log(desk: Desk) -> None:
    browser, place = desk.browser("audit"), first(desk)
    browser.get(place)
    judged(browser, place)
    number = int(place.split("/")[2])
    with desk.database.reading() as connection:
        found = [(one.what, one.who) for one in access.entries(connection, number)]
        assert list(judgements.faults(connection)) == []
    assert found == [("deviation", "audit"), ("deviation", "audit"), ("review", "audit")]


def test_who_was_erased_is_a_number_and_what_is_gone_is_not_found(desk: Desk) -> None:
    browser, place = desk.browser("audit"), first(desk)
    number = place.split("/")[2]
    with desk.database.writing() as connection:
        identities.erase(connection, int(number))
    assert f"#{number}" in browser.get("/deviations").text
    assert browser.get(f"/patients/{number}/deviations/nothing").status_code == 404
    assert browser.get("/patients/99/deviations/nothing").status_code == 404


def test_figures_stand_above_with_their_denominators_and_lead_to_definitions(desk: Desk) -> None:
    browser = desk.browser("audit")
    page = browser.get("/deviations").text
    rates = re.findall(
        r'<tr><th scope="row" title="[^"]+">([^<]+)</th><td class="num">(\d+)</td><td class="num">(\d+)', page
    )
    assert [name for name, *_ in rates] == [
        "Any departure",
        "Critical",
        "Critical or major",
        "Still open",
        "Reviewed",
    ]
    assert all(int(n) <= int(of) for _, n, of in rates)
    told = re.search(r"(\d+) patients = (\d+) judged \+ (\d+) not judged \+ (\d+) with nothing", page)
    assert told
    total, *parts = map(int, told.groups())
    assert total == sum(parts) > 0
    assert page.count('<circle class="dot"') <= 12
    figures = browser.get("/deviations/figures?period=365")
    assert figures.status_code == 200
    assert "How each figure is defined" in figures.text
    assert "patients who could be judged" in figures.text
    assert browser.get("/deviations/figures?owner=nobody").text.count("Nothing came due") == 1


def test_the_report_in_each_form_and_without_patients_where_it_leaves_the_house(desk: Desk) -> None:
    browser = desk.browser("audit")
    number = int(first(desk).split("/")[2])
    with desk.database.reading() as connection:
        reference = identities.named(connection, [number])[number]
    inside, outside = (browser.get(f"/deviations/report{end}").text for end in ("", "?for=outside"))
    assert reference in inside
    assert reference not in outside
    assert "numbers below 5 are kept back" in outside
    assert "patients who could be judged" in outside
    for kind in ("xlsx", "csv"):
        answer = browser.get(f"/deviations/report.{kind}?for=outside")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]
        assert reference.encode() not in answer.content
    with desk.database.reading() as connection:
        assert "deviations workbook" in {one.what for one in access.entries(connection)}


def packed(desk: Desk, place: str) -> zipfile.ZipFile:
    answer = desk.browser("audit").get(f"{place}/evidence.zip")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def checked(folder: Path, text: str, *more: str) -> tuple[int, str]:
    """What the auditors' own program says of a proof."""
    file = folder / "chain.json"
    file.write_text(text, encoding="utf-8")
    program = [sys.executable, "-I", str(folder / "verify.py"), str(file), *more]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_evidence_is_checked_by_the_auditors_own_program(desk: Desk, tmp_path: Path) -> None:
    place = first(desk)
    judged(desk.browser("audit"), place, "justified", reason="limited-time", note="no room")
    unsealed = packed(desk, place).read("chain.json").decode()
    seal_all(desk.database, desk.now)
    with desk.database.reading() as connection:
        (tmp_path / "kept.jsonl").write_text("".join(f"{line}\n" for line in exported(connection)))
    with packed(desk, place) as pack:
        (tmp_path / "verify.py").write_bytes(pack.read("verify_carepath.py"))
        record, chain = json.loads(pack.read("evidence.json")), pack.read("chain.json").decode()
        page, pathway = pack.read("evidence.html").decode(), pack.read("pathway.json")
    status, told = checked(tmp_path, chain, "--seals", str(tmp_path / "kept.jsonl"))
    assert (status, "no problems" in told) == (0, True), told
    assert checked(tmp_path, unsealed)[0] == 1
    assert "there is none" in checked(tmp_path, unsealed)[1]
    said = json.loads(chain)
    said["chains"][0]["entries"][2][4] = "x"
    assert "entry 3: was altered" in checked(tmp_path, json.dumps(said))[1]
    said = json.loads(chain)
    said["heads"][0][2] = "0" * 64
    assert "not those that were signed" in checked(tmp_path, json.dumps(said))[1]
    said = json.loads(chain)
    said["seal"]["content"] += " "
    assert "was altered after" in checked(tmp_path, json.dumps(said))[1]
    assert checked(tmp_path, "{}")[0] == 2

    number = int(place.split("/")[2])
    assert record["review"]["steps"][0]["reason"] == "limited-time"
    assert record["pathway"]["fingerprint"] == f"sha256:{sha256(pathway).hexdigest()}"
    assert {one["event_id"] for one in record["rests_on"]} >= set(record["deviation"]["events"])
    assert record["deviation"]["code"] in {one["code"] for one in record["answers"]["now"]["deviations"]}
    assert f"Patient #{number}" in page
    with desk.database.reading() as connection:
        assert identities.named(connection, [number])[number] not in page + json.dumps(record)


def test_there_is_no_evidence_of_what_is_not_there(desk: Desk) -> None:
    browser = desk.browser("audit")
    assert browser.get("/patients/1/deviations/nothing/evidence.zip").status_code == 404
    assert browser.get("/patients/99/deviations/nothing/evidence.zip").status_code == 404


def test_judgements_of_what_is_gone_are_not_lost(desk: Desk) -> None:
    browser, place = desk.browser("audit"), first(desk)
    assert "None." in browser.get("/deviations/gone").text
    judged(browser, place, "unjustified", note="found at the round")
    number = int(place.split("/")[2])
    with desk.database.writing() as connection:
        connection.execute(delete(deviation).where(deviation.c.patient_id == number))
    assert "1 judgement is about a deviation that is gone" in browser.get("/deviations").text
    gone = browser.get("/deviations/gone").text
    assert "found at the round" in gone
    assert f'href="/patients/{number}"' in gone
    with desk.database.writing() as connection:
        accounts.change(connection, "second", teams=["nobody's"])
    assert "found at the round" not in desk.browser("second").get("/deviations/gone").text


def test_reasons_and_definitions_are_there_in_german(desk: Desk) -> None:
    told = {words for one in DEFINITIONS.values() for words in one if words}
    told |= {COHORT, *GROUPS.values(), *NON_ADHERENCE.values(), *SEVERITIES, *STATUSES, *STATES}
    assert sorted(told - set(texts("de")) - set(translations("de"))) == []
    browser, place = desk.browser("audit"), first(desk)
    browser.client.cookies.set("look", "de..")
    assert "Irgendeine Abweichung" in browser.get("/deviations").text
    assert "Prüfung unterschreiben" in browser.get(place).text
    assert "beurteilbare Personen" in browser.get("/deviations/report?for=outside").text


def test_a_judgement_under_a_merged_record_is_told_where_it_stands_now(desk: Desk) -> None:
    browser, place = desk.browser("audit"), first(desk)
    judged(browser, place, "unjustified", note="found at the round")
    number = int(place.split("/")[2])
    told = Recording("T1", (), facts=client(desk, "anna").story(number).facts, source="test")
    record(desk.database, told, recorder="anna", now=desk.now, derive=desk.place.derive)
    goes_on = desk.number("T1")
    given = {"recorder": "anna", "now": desk.now, "derive": desk.place.derive, "same_person": True}
    merge(desk.database, f"#{goes_on}", f"#{number}", "one person", **given)  # type: ignore[arg-type]  # named above
    gone = browser.get("/deviations/gone").text
    assert f"under #{goes_on}, since the records were merged" in gone
    (there,) = re.findall(rf'href="(/patients/{goes_on}/deviations/\w+)"', gone)
    page = browser.get(there).text
    assert f"Judged under #{number}, before the records were merged:" in page
    assert "found at the round" in page
    assert there in browser.get(f"/patients/{goes_on}").text, "the patient's page leads to the review"
    assert there not in browser.get(f"/patients/{goes_on}?as_of={desk.now.date()}").text
