"""The picture in the README is the picture of the pathway that ships."""

from __future__ import annotations

from pathlib import Path

from pathways.diagram import svg
from pathways.library import main_pathway

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "oligometastatic-breast.svg"


def test_the_picture_is_fresh() -> None:
    """`carepath pathway diagram oligometastatic-breast --svg FILE` renews it."""
    assert PICTURE.read_text(encoding="utf-8") == svg(main_pathway())
