"""Working days, hours and rungs as they are typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest

from cli.desk_ladder import _step as rung
from cli.desk_words import clock, listed, or_nobody, span, weekday, weekdays, weekdays_words
from cli.status import BadInput
from coordination.entries import Step


def test_days_of_the_week() -> None:
    assert weekdays("--x", "Mon-Fri") == (1, 2, 3, 4, 5)
    assert weekdays("--x", "sunday, mon,Mon-wed") == (1, 2, 3, 7)
    assert weekdays_words((1, 2, 3, 4, 5)) == "Mon-Fri"
    assert weekdays_words((1, 2, 4, 5, 6)) == "Mon, Tue, Thu-Sat"
    assert weekdays_words(()) == ""


def test_times_and_words() -> None:
    assert clock("--x", "07:30") == time(7, 30)
    assert span("--x", "18:00-07:00") == (time(18), time(7))
    assert span("--x", "none") == (time(), time())
    assert listed("--x", "b,a,b", "abc") == ("b", "a")
    assert listed("--x", "none", "abc") == ()
    assert (or_nobody("anna"), or_nobody(None)) == ("anna", "-")


def test_rungs() -> None:
    assert rung("due") == Step(rung="due")
    assert rung("overdue 3 to owner, team answer 2") == Step(
        rung="overdue", days=3, to=("owner", "team"), answer_days=2
    )
    assert rung("escalated again 7") == rung("escalated_again 7") == Step(rung="escalated_again", days=7)
    assert listed("--singly", "due, escalated again", ["due", "escalated_again"]) == (
        "due",
        "escalated_again",
    )


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (weekday, "mittwoch", "'mittwoch' is no day of the week"),
        (weekdays, "Sat-Mon", "goes over the weekend"),
        (clock, "7:30", "'7:30' is no time of day"),
        (clock, "24:30", "'24:30' is no time of day"),
        (span, "18:00", "is no span of time"),
        (lambda option, text: listed(option, text, ["due"]), "deu", "there is no 'deu'; did you mean 'due'?"),
        (lambda option, text: listed(option, text, ["due"]), "xyz", "there is no 'xyz'; there are due"),
        (lambda _, text: rung(text), "resumed", "there is no rung 'resumed'"),
        (lambda _, text: rung(text), "due to ownr", "there is no 'ownr'; did you mean 'owner'?"),
        (lambda _, text: rung(text), "", "there is no rung ''"),
        (lambda _, text: rung(text), "due soon", "cannot be read at 'soon'"),
        (lambda _, text: rung(text), "due answer", "cannot be read at 'answer'"),
        (lambda _, text: rung(text), "due 999", "due: days: Input should be less than or equal to 180"),
    ],
)
def test_what_cannot_be_read(read: Callable[[str, str], object], text: str, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        read("--x", text)
    assert told in str(refused.value)
