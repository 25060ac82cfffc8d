"""Text that somebody typed on a page: one line, of a length, and nothing that Markdown reads as its own."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from interop.markdown import escaped
from interop.plain_text import LONGEST, counted, moment_words, one_line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain words, 2-weekly (+/-)", "plain words, 2-weekly (+/-)"),
        ("<b>&", "\\<b\\>\\&"),
        ("- item", "\\- item"),
        ("+ item", "\\+ item"),
        ("12) item", "12\\) item"),
        ("2025-01-01", "2025-01-01"),
        ("a_b|c", "a\\_b\\|c"),
    ],
)
def test_markdown_is_escaped_no_more_than_needed(text: str, told: str) -> None:
    assert escaped(text) == told


def test_one_line() -> None:
    assert one_line("a\tb\u200b\nc") == "a b c"
    assert one_line("x" * 300) == "x" * LONGEST + " … (shortened)"
    assert one_line("word " * 100).endswith("word … (shortened)")


def test_days_and_numbers() -> None:
    assert moment_words(datetime(2025, 1, 3, 9, 5, tzinfo=UTC)) == "3 Jan 2025, 09:05"
    assert moment_words(date(2025, 12, 31)) == "31 Dec 2025"
    assert (counted(1, "{n} day", "{n} days"), counted(0, "{n} day", "{n} days")) == ("1 day", "0 days")
