"""The password of everybody in tests, and hashes that are quick to make."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from store import accounts

PASSWORD = "rot wie die Tinte im Glas"


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords in tests are nobody's: they need not be hard to guess."""
    with pytest.MonkeyPatch.context() as patched:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(accounts, "_hasher", lambda: quick)
        yield
