"""What programs are answered about patients, and what they record."""

from __future__ import annotations

from datetime import timedelta

from store import access, ledger
from store.accounts import all_accounts
from tests.web.conftest import NOON, Desk
from tests.web.programs import Program, program

P = "/patients/1"
RESPONSE = {"type": "response_assessed", "date": "2025-02-28", "fields": {"overall": "PR"}}


def sequence(desk: Desk, number: int = 1) -> int:
    with desk.database.reading() as connection:
        return ledger.lines(connection, number)[-1].seq


def looks(desk: Desk) -> list[tuple[str, str, str, int | None]]:
    with desk.database.reading() as connection:
        return [(one.who, one.account, one.what, one.patient_id) for one in access.entries(connection)]


def test_the_list_goes_on_where_a_page_ends(desk: Desk) -> None:
    asking = program(desk)
    whole = asking.get("/patients?limit=200").json()
    assert whole["next"] is None
    numbers, cursor = [], ""
    while cursor is not None:
        page = asking.get(f"/patients?limit=7&cursor={cursor}").json()
        numbers += [one["number"] for one in page["patients"]]
        cursor = page["next"]
    assert numbers == [one["number"] for one in whole["patients"]]
    assert len(numbers) > 7
    assert len(set(numbers)) == len(numbers)


def test_a_cursor_is_for_the_same_list_and_day(desk: Desk) -> None:
    asking = program(desk)
    cursor = asking.get("/patients?limit=2").json()["next"]
    assert asking.get(f"/patients?cursor={cursor}&owner=anna").json()["type"].endswith("#cursor")
    assert asking.get("/patients?cursor=WyJ4Il0").status_code == 422
    desk.pass_(timedelta(1))
    assert asking.get(f"/patients?limit=2&cursor={cursor}").status_code == 422


def test_one_patient_with_everything_that_follows(desk: Desk) -> None:
    asking = program(desk)
    answer = asking.get(P)
    told = answer.json()
    assert answer.status_code == 200
    assert told["number"] == 1
    assert told["as_of"] == str(NOON.date())
    assert told["work"]["owner"] in ("anna", "ben")
    assert answer.headers["etag"] == f'"{told["version"]}"'
    assert answer.headers["cache-control"] == "no-store"
    assert looks(desk) == [("program", "api", "patient", 1)]
    assert asking.get(P, if_none_match=answer.headers["etag"]).status_code == 304
    then = asking.get(f"{P}?as_of=2025-01-15").json()
    assert then["as_of"] == "2025-01-15"
    assert then["version"] != told["version"]
    assert len(looks(desk)) == 3


def test_why_a_step_is_held_back(desk: Desk) -> None:
    asking = program(desk)
    number, step = next(
        (number, one)
        for number in range(1, 20)
        for one in asking.get(f"/patients/{number}").json()["blocked_next"]
        if one["guards"]
    )
    found = asking.get(f"/patients/{number}/why/{step['step']}").json()
    assert found["name"] == step["step"]
    assert set(step["guards"]) <= {one["guard"] for one in found["guards"]}
    assert found["opens"]
    assert asking.get(f"{P}/why/nothing").status_code == 404


def test_recording_tells_what_it_changes_and_a_dry_run_only_tells(desk: Desk) -> None:
    asking = program(desk)
    before = sequence(desk)
    tried = asking.send(f"{P}/entries", {**RESPONSE, "dry_run": True}).json()
    assert sequence(desk) == before
    done = asking.send(f"{P}/entries", RESPONSE)
    assert done.status_code == 200
    assert done.json()["recorded"] == tried["recorded"]
    assert done.json()["changes"] == tried["changes"]
    assert sequence(desk) > before
    with desk.database.reading() as connection:
        line = ledger.lines(connection, 1)[-1]
    assert (line.recorder, line.source) == ("program", "api")


def test_corrections_and_retractions(desk: Desk) -> None:
    asking = program(desk)
    entry = asking.send(f"{P}/entries", RESPONSE).json()["recorded"][0]
    amend = {"changes": {"overall": "SD"}, "reason": "second reading"}
    assert asking.send(f"{P}/entries/{entry}/amend", amend).status_code == 200
    again = asking.send(f"{P}/entries/{entry}/amend", amend).json()
    assert again["faults"] == [{"pointer": "/changes/overall", "detail": "it is so already"}]
    story = asking.get(f"{P}/story").json()["entries"]
    told = next(one for one in story if one["id"] == entry)
    assert told["fields"]["overall"] == "SD"
    assert [(one["old"], one["new"]) for one in told["changes"]] == [("PR", "SD")]
    assert asking.send(f"{P}/entries/{entry}/retract", {"reason": "twice"}).status_code == 200
    assert asking.send(f"{P}/entries/{entry}/retract", {"reason": "twice"}).status_code == 404
    facts = {"changes": {"sex": "male"}, "reason": "typing error"}
    assert asking.send(f"{P}/entries/facts/amend", {**facts, "dry_run": True}).status_code in (200, 422)
    assert asking.send(f"{P}/entries/facts/retract", {"reason": "no"}).json()["type"].endswith("#impossible")


def test_nobody_overwrites_what_they_have_not_seen(desk: Desk) -> None:
    anna, ben = program(desk, "anna"), program(desk, "ben")
    seen = anna.get(P).headers["etag"]
    entry = ben.send(f"{P}/entries", RESPONSE, if_match=seen).json()["recorded"][0]
    before = sequence(desk)
    late = anna.send(f"{P}/entries", {**RESPONSE, "fields": {"overall": "PD"}}, if_match=seen)
    assert late.status_code == 412
    assert late.headers["content-type"] == "application/problem+json"
    assert [(one["entry"], one["by"]) for one in late.json()["meanwhile"]] == [(entry, "ben")]
    assert sequence(desk) == before
    dry = {**RESPONSE, "dry_run": True}
    assert anna.send(f"{P}/entries", dry, if_match=seen).status_code == 412


def test_what_is_sent_twice_is_done_once(desk: Desk) -> None:
    asking = program(desk)
    first = asking.send(f"{P}/entries", RESPONSE, idempotency_key="k1")
    before = sequence(desk)
    again = asking.send(f"{P}/entries", RESPONSE, idempotency_key="k1")
    assert (again.status_code, again.json(), again.headers["etag"]) == (
        200,
        first.json(),
        first.headers["etag"],
    )
    assert sequence(desk) == before
    other = asking.send(f"{P}/entries", {**RESPONSE, "date": "2025-02-27"}, idempotency_key="k1")
    assert (other.status_code, other.json()["type"]) == (422, "/api/v1/problems#key-used")
    desk.pass_(timedelta(hours=25))
    assert (
        asking.send(f"{P}/entries", RESPONSE, idempotency_key="k1").json()["recorded"]
        != first.json()["recorded"]
    )


def test_what_was_refused_is_not_kept_under_its_key(desk: Desk) -> None:
    asking = program(desk)
    wrong = {"type": "response_assessed", "fields": {"overall": "XX"}}
    assert asking.send(f"{P}/entries", wrong, idempotency_key="k2").status_code == 422
    assert asking.send(f"{P}/entries", RESPONSE, idempotency_key="k2").status_code == 200


def test_a_merged_record_says_where_to_go(desk: Desk) -> None:
    asking = program(desk)
    assert asking.get("/patients/999999").status_code == 404
    assert asking.get("/patients/9223372036854775807").status_code == 404
    assert asking.get("/patients/9223372036854775808").status_code == 422


def test_a_search_stands_in_no_address_and_in_no_log(desk: Desk) -> None:
    asking: Program = program(desk)
    first = asking.get("/patients?limit=1").json()["patients"][0]
    found = asking.send("/patients/search", {"text": first["reference"]}).json()["patients"]
    assert first["number"] in [one["number"] for one in found]
    with desk.database.reading() as connection:
        assert first["reference"] not in " ".join(one.asked for one in access.entries(connection))


def test_who_asks_is_told_what_the_token_is_for(desk: Desk) -> None:
    told = program(desk, "audit", "patients:read", "audit:read").get("/me").json()
    assert (told["account"], told["scopes"]) == ("audit", ["audit:read", "patients:read"])
    with desk.database.reading() as connection:
        assert "program" in {one.name for one in all_accounts(connection)}


def test_what_can_be_recorded_and_the_pathways(desk: Desk) -> None:
    asking = program(desk, "audit", "audit:read")
    names = [one["name"] for one in asking.get("/vocabulary").json()["entries"]]
    assert "response_assessed" in names
    assert asking.get("/vocabulary/response_assessed").json()["entries"][0]["fields"]
    pathways = asking.get("/pathways").json()["pathways"]
    assert pathways[0]["main"]
    whole = asking.get(f"/pathways/{pathways[-1]['id']}").json()
    assert whole["definition"]
    for path in ("/pathways/none", "/vocabulary/none"):
        assert asking.get(path).status_code == 404
    assert [kind["kind"] for kind in asking.get("/problems").json()["problems"]][:2] == ["no-token", "scope"]
