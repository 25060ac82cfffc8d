"""Every operator a pathway may use has a meaning, and nothing else has one."""

from engine.meaning import MEANINGS
from pathways.operators import OPERATORS


def test_every_operator_has_a_meaning() -> None:
    assert set(MEANINGS) == set(OPERATORS)
