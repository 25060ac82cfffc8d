"""What was known where a decision was taken, in records that others were merged into."""

from __future__ import annotations

from store.admission import held
from store.at_the_time import taken
from store.database import Database
from store.ledger import dossier
from store.merging import merge
from tests.store.cast import at, event, live, say, story
from tests.store.toy import derivation


def told(database: Database, joined: str | None = None) -> list[tuple[list[str], list[str]]]:
    """The entries known to a group of decisions, and these."""
    with database.reading() as connection:
        there = held(connection, "V01")
        more = held(connection, joined).lines if joined else []
    assert there.head
    groups = taken(dossier(there.head, there.lines), there.lines, more)
    return [([e.id for e in one.then.entries], [e.id for e in one.decisions]) for one in groups]


def test_each_is_judged_by_what_its_own_record_told_by_then(database: Database) -> None:
    say(database, story("V01", event("metastasis_suspected", "2025-01-07", "a1")))
    say(database, story("V02", event("metastasis_suspected", "2025-01-08", "b1")))
    say(database, story("V03", event("metastasis_suspected", "2025-01-09", "c1")))
    assert told(database, joined="V02") == [(["a1"], ["a1"]), (["b1"], ["b1"])]
    for day, (other, own, about) in enumerate((("V02", "a2", "b1"), ("V03", "a3", "c1")), 10):
        moment = at(f"2025-03-{day}")
        merge(database, "V01", other, "twice", recorder="anna", now=moment, derive=derivation)
        change = event("correction", f"2025-03-{day}", own, target=about, field="note", new="seen")
        say(database, live("V01", change), at(f"2025-03-{day}", "13:00"))
    assert told(database) == [
        (["a1"], ["a1"]),
        (["a1", "b1", "a2"], ["a2"]),
        (["a1", "b1", "a2", "c1", "a3"], ["a3"]),
        (["b1"], ["b1"]),
        (["c1"], ["c1"]),
    ]
