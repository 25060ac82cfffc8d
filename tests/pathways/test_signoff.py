"""Sign-off of statements: what stands, what a change of the statement undoes, and what a page says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.signoff import (
    AS_SHIPPED,
    Review,
    SignOffs,
    Tally,
    Verdict,
    content_fingerprint,
)

STATEMENTS = load_catalogue().statements
BOARD = STATEMENTS["mdtbc-board-mandatory"]
TISSUE = STATEMENTS["ago-2024-gen-histology"]


def review(verdict: Verdict | None, reader: str = "Dr Roth", statement: str = BOARD.id) -> Review:
    content = content_fingerprint(STATEMENTS[statement])
    return Review(statement, content, verdict, reader, date(2026, 11, 2))


def test_nothing_is_reviewed_as_shipped() -> None:
    assert {AS_SHIPPED.status(one) for one in STATEMENTS.values()} == {"not_reviewed"}
    tally = AS_SHIPPED.tally(STATEMENTS.values())
    assert tally == Tally(len(STATEMENTS), len(STATEMENTS), 0)


def test_a_review_stands_until_its_reader_takes_it_back() -> None:
    history = [review("agrees"), review("agrees", "Dr Vogel")]
    assert SignOffs.of_history(history).status(BOARD) == "agrees"
    one_left = SignOffs.of_history([*history, review(None)])
    assert [one.reader for one in one_left.reviews(BOARD)] == ["Dr Vogel"]
    assert SignOffs.of_history([*history, review(None), review(None, "Dr Vogel")]).standing == {}


def test_the_latest_word_of_a_reader_counts() -> None:
    changed = SignOffs.of_history([review("differs"), review("agrees")])
    assert [one.verdict for one in changed.reviews(BOARD)] == ["agrees"]


def test_one_difference_outweighs_all_agreement() -> None:
    found = SignOffs.of_history([review("differs"), review("agrees", "Dr Vogel")])
    assert found.status(BOARD) == "differs"


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "Another wording."},
        {"loe": "1a"},
        {"lines": (1,)},
        {"parameters": ()},
        {"obligation": "consider"},
    ],
)
def test_a_statement_that_was_changed_is_not_reviewed_any_more(change: dict[str, object]) -> None:
    graded = STATEMENTS["mdtbc-elig-max-5"]
    found = SignOffs.of_history([review("agrees", statement=graded.id)])
    altered = replace(graded, **change)  # type: ignore[arg-type]  # a field with a value of its type
    assert (found.status(graded), found.outdated(graded)) == ("agrees", ())
    assert (found.status(altered), found.reviews(altered)) == ("not_reviewed", ())
    assert found.outdated(altered) == found.reviews(graded)


def test_every_statement_has_a_fingerprint_of_its_own() -> None:
    assert len({content_fingerprint(one) for one in STATEMENTS.values()}) == len(STATEMENTS)


def test_each_statement_is_counted_once() -> None:
    found = SignOffs.of_history([review("agrees")])
    assert found.tally([BOARD, TISSUE, BOARD]) == Tally(2, 1, 0)


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        (Tally(3, 0, 0), ""),
        (Tally(3, 3, 0), "3 of 3 statements behind this are not clinically reviewed at this site."),
        (Tally(3, 0, 1), "1 of 3 statements behind this is known to differ from the source."),
        (
            Tally(3, 1, 2),
            "1 of 3 statements behind this is not clinically reviewed at this site. "
            "2 of 3 statements behind this are known to differ from the source.",
        ),
        (Tally(1, 1, 0), "1 of 1 statement behind this is not clinically reviewed at this site."),
    ],
)
def test_what_a_page_says(tally: Tally, told: str) -> None:
    assert tally.text == told
