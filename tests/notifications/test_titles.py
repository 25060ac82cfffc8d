"""What is due has a German title in German messages: the project's own translation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notifications.messages.titles import GERMAN, in_language
from pathways.library import all_pathways
from tests.notifications.test_messages import LATE, said

TIMERS = {timer.title for pathway in all_pathways() for timer in pathway.timers}
STEPS = {step.title for pathway in all_pathways() for step in pathway.steps}


def test_every_due_item_and_every_step_has_one() -> None:
    assert set(GERMAN) == TIMERS | STEPS


@pytest.mark.parametrize("title", sorted(GERMAN))
def test_it_is_another_one_and_no_longer_than_a_line(title: str) -> None:
    german = in_language(title, "de")
    assert german != title
    assert len(german) <= 74
    assert "MDT" not in german


def test_messages_tell_it_in_the_language_of_the_person() -> None:
    told = replace(LATE, title="Next denosumab")
    german, english = said(told, language="de"), said(told)
    assert "- Nächste Gabe Denosumab\n" in german.text
    assert "Nächste Gabe Denosumab" in german.html
    assert "Die deutschen Titel hat carepath übersetzt." in " ".join(german.text.split())
    assert "- Next denosumab\n" in english.text


def test_what_the_project_has_no_translation_of_stays_as_it_is() -> None:
    assert in_language("Ask the ward", "de") == "Ask the ward"
