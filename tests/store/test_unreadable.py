"""Rows that cannot even be read: they are named all the same."""

from __future__ import annotations

import pytest

from store import access
from store.access import Look
from store.database import Database
from store.seals import seal_all
from store.verify import verify
from tests.server import ONLY_SQLITE
from tests.store.cast import NOON, say, story
from tests.store.intruder import intrude


@pytest.fixture
def site(database: Database) -> Database:
    say(database, story("V01"))
    say(database, story("V02"))
    access.append(database, Look("anna", "ward3", "show", 1), NOON)
    seal_all(database, NOON)
    return database


def told(database: Database) -> list[str]:
    return [str(problem) for problem in verify(database)]


WRONG = "holds what carepath cannot have written"
NOT_TO_THE_END = "could not be checked to the end"


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("change", "problem", "unchecked"),
    [
        (
            "ledger SET recorded = 'x' WHERE patient_id = 2 AND seq = 3",
            f"patient 2, entry 3: recorded {WRONG}",
            "entries",
        ),
        (
            "ledger SET day = 'x' WHERE patient_id = 2 AND seq = 3",
            f"patient 2, entry 3: day {WRONG}",
            "entries",
        ),
        (
            "ledger SET payload = x'ff' WHERE patient_id = 1 AND seq = 3",
            f"patient 1, entry 3: payload {WRONG}",
            "entries",
        ),
        (
            "ledger SET payload = CAST(x'ff' AS TEXT) WHERE patient_id = 1 AND seq = 3",
            f"patient 1, entry 3: payload {WRONG}",
            "entries",
        ),
        (
            "ledger SET seq = 'a' WHERE patient_id = 1 AND seq = 3",
            f"patient 1, entry 'a': seq {WRONG}",
            "entries",
        ),
        ("access SET at = 'x'", f"access log, entry 1: at {WRONG}", "access log"),
        ("seal SET made = 'x'", f"seal 1: made {WRONG}", "what stands under seals"),
        ("seal SET signature = x'00'", f"seal 1: signature {WRONG}", "seals"),
        ("carepath SET access_sequence = 'x'", f"table carepath: access_sequence {WRONG}", "access log"),
        (
            "definition SET body = x'00' WHERE pathway = 'toy'",
            f"pathway 'toy' '1.0.0': body {WRONG}",
            "pathway versions",
        ),
        (
            "vault SET sealed = 'x' WHERE patient_id = 2",
            f"identity of patient 2: sealed {WRONG}",
            "identities",
        ),
    ],
)
def test_values_of_another_kind(site: Database, change: str, problem: str, unchecked: str) -> None:
    intrude(site, f"UPDATE {change}")
    in_the_log = change.startswith("access ")  # as the digests of judgements are
    rests = [f"judgements: {NOT_TO_THE_END}"] if in_the_log else []
    assert told(site) == [problem, f"{unchecked}: {NOT_TO_THE_END}", *rests]


@pytest.mark.parametrize("any_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("moment", ["infinity", "20000-01-01"])
def test_dates_beyond_all_calendars(site: Database, moment: str) -> None:
    intrude(site, f"UPDATE ledger SET recorded = '{moment}' WHERE patient_id = 2 AND seq = 3")
    assert told(site) == [f"patient 2, entry 3: recorded {WRONG}", f"entries: {NOT_TO_THE_END}"]


def test_the_others_are_checked_all_the_same(site: Database) -> None:
    intrude(
        site,
        "UPDATE ledger SET recorder = 'eve' WHERE patient_id = 2 AND seq = 3",
        "UPDATE seal SET signature = 'zz'",
        "DROP TABLE access",
    )
    assert told(site) == [
        "table access: is missing",
        "patient 2, entry 3: was altered or moved after it was recorded",
        "seal 1: is not signed with a key of this site",
        f"access log: {NOT_TO_THE_END}",
        f"access log under seal: {NOT_TO_THE_END}",
        f"judgements: {NOT_TO_THE_END}",
    ]


def test_what_can_be_read_is_no_excuse(site: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise TypeError("a mistake of ours")

    monkeypatch.setattr("store.verify.seals.all_seals", broken)
    with pytest.raises(TypeError, match="a mistake of ours"):
        verify(site)
