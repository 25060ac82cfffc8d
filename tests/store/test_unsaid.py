"""A source that tells everything at each import: what it says no longer is neither kept beside nor lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from store.database import Database
from store.errors import Refused
from store.recording import Recording, Retelling
from tests.store.cast import Raw, event, live, say, story

WHOLE = Retelling(re.compile(r".*~\d"), "tables ", frozenset({"tables beside"}))


def told(*events: Raw, source: str = "tables of ours") -> Recording:
    return replace(story("V01", *events), source=source, retelling=WHOLE)


FIRST = event("follow_up_visit", "2025-02-01", "v~1")
OTHER = event("follow_up_visit", "2025-02-02", "v~2")
NAMED = event("follow_up_visit", "2025-02-03", "named")


def added(database: Database, *recordings: Recording) -> Sequence[str]:
    return [id for one in recordings for id in say(database, one).added]


def test_what_is_said_no_longer_is_refused_and_named(database: Database) -> None:
    say(database, told(FIRST, NAMED))
    with pytest.raises(Refused) as refused:
        say(database, told(OTHER))
    [fault] = refused.value.faults
    assert str(fault).startswith("v~1: follow_up_visit of 2025-02-01: recorded earlier from these tables")
    assert added(database, told(FIRST, OTHER)) == ["v~2"]


def test_what_was_retracted_need_not_be_said_again(database: Database) -> None:
    say(database, told(FIRST))
    say(database, live("V01", event("retraction", "2025-03-03", "r1", target="v~1", reason="row corrected")))
    assert say(database, told(FIRST, OTHER)).retracted == ("v~1",)
    say(database, live("V01", event("retraction", "2025-03-03", "r2", target="r1", reason="it was right")))
    with pytest.raises(Refused):
        say(database, told(OTHER))


def test_the_same_under_another_name_is_said_again_once(database: Database) -> None:
    say(database, told(FIRST))
    again = say(database, told(event("follow_up_visit", "2025-02-01", "v~9")))
    assert (again.added, again.repeated, again.changed) == ((), ("v~1",), False)
    both = told(event("follow_up_visit", "2025-02-01", "v~8"), event("follow_up_visit", "2025-02-01", "v~9"))
    assert added(database, both) == ["v~9"]


def test_what_other_sources_said_is_theirs(database: Database) -> None:
    say(database, told(FIRST, source="tables beside"))
    say(database, replace(told(event("follow_up_visit", "2025-01-01", "w~1")), source="file", retelling=None))
    assert added(database, told(OTHER)) == ["v~2"]
    with pytest.raises(Refused, match=r"v~2") as refused:
        say(database, told(NAMED, source="tables renamed"))
    assert "from other tables, which these do not repeat (tables of ours)" in str(refused.value.faults[0])
