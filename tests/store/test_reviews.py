"""The site's reviews of statements are kept as they were said, and read back as those that stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text

from pathways.guidelines.signoff import Review
from store.database import Database, open_database
from store.errors import CannotWrite
from store.reviews import append, sign_offs
from store.tables import review
from tests.server import ONLY_SQLITE
from tests.store.cast import NOON

ROTH = Review("mdtbc-board-mandatory", "sha256:1", "agrees", "Dr Roth", date(2025, 3, 1))
VOGEL = replace(ROTH, reader="Dr Vogel", verdict="differs", note="only before local therapy")


def said(database: Database, *reviews: Review) -> None:
    append(database, reviews, recorder="anna", now=NOON)


def test_a_new_database_has_no_review(database: Database) -> None:
    assert sign_offs(database).standing == {}


def test_what_was_said_stands_in_another_program(database: Database, url: str) -> None:
    said(database, ROTH, VOGEL)
    again = open_database(url)
    assert sign_offs(again).standing == {ROTH.statement: (ROTH, VOGEL)}
    again.close()


def test_what_is_taken_back_is_still_in_the_table(database: Database) -> None:
    said(database, ROTH)
    said(database, replace(ROTH, verdict=None, note="wrong edition"))
    assert sign_offs(database).standing == {}
    with database.reading() as connection:
        query = select(review.c.verdict, review.c.recorder, review.c.recorded).order_by(review.c.seq)
        rows = connection.execute(query).all()
    assert [row.verdict for row in rows] == ["agrees", None]
    assert {(row.recorder, row.recorded) for row in rows} == {("anna", datetime(2025, 3, 3, 11, tzinfo=UTC))}


@ONLY_SQLITE  # a trigger is written otherwise for PostgreSQL
def test_all_or_nothing(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER no_vogel BEFORE INSERT ON review WHEN NEW.reader = 'Dr Vogel' "
                "BEGIN SELECT * FROM nowhere; END"
            )
        )
    with pytest.raises(CannotWrite):
        said(database, ROTH, VOGEL)
    assert sign_offs(database).standing == {}
