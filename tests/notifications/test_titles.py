"""What is due has a German title in German messages: the project's own translation."""

from __future__ import annotations

from dataclasses import replace

from pathways.library import all_pathways
from pathways.worded import in_language
from tests.notifications.test_messages import LATE, said

TIMERS = {timer.title for pathway in all_pathways() for timer in pathway.timers}
STEPS = {step.title for pathway in all_pathways() for step in pathway.steps}


def test_it_is_another_one_and_no_longer_than_a_line() -> None:
    german = {title: in_language(title, "de") for title in TIMERS | STEPS}
    assert [one for one, other in german.items() if one == other or len(other) > 74 or "MDT" in other] == []


def test_messages_tell_it_in_the_language_of_the_person() -> None:
    told = replace(LATE, title="Next denosumab")
    german, english = said(told, language="de"), said(told)
    assert "- Nächste Gabe Denosumab\n" in german.text
    assert "Nächste Gabe Denosumab" in german.html
    assert "Die deutschen Titel hat carepath übersetzt." in " ".join(german.text.split())
    assert "- Next denosumab\n" in english.text
