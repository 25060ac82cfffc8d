"""The fingerprint of a pathway: what an enrolment pins, so that no pathway changes under a patient."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from pathways.canonical import to_json
from pathways.pathway import Pathway


@lru_cache(maxsize=256)
def fingerprint(pathway: Pathway) -> str:
    """`sha256:` and the digest of the canonical JSON; equal pathways have equal fingerprints."""
    return f"sha256:{sha256(to_json(pathway).encode()).hexdigest()}"
