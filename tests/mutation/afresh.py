"""For mutation testing: each test compiles its pathways anew, so that it counts as one that reaches what
compiles them. Of a plan that is kept only the first test would.
"""

import pytest

from engine import replay


@pytest.fixture(autouse=True)
def _no_plan_is_kept() -> None:
    replay._plans.clear()
