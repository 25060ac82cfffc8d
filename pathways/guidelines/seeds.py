"""The five documents every statement comes from.

Source: the header of statements.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Seed:
    """One source document. `currency` is its age or state; its statements' ids start with a prefix."""

    file: str
    title: str
    currency: str
    prefixes: tuple[str, ...]


_seeds = (
    Seed(
        "000_7567fe08ea495cb2.txt",
        "AGO Guidelines Breast 2024.1D, treatment by site of metastasis (slide text, German)",
        "2024, graded",
        ("ago-2024-", "abc7-"),
    ),
    Seed(
        "001_b72ddab1fb8e9a16.txt",
        "Metastasis-Directed Therapy in Oligometastatic Breast Cancer",
        "undated, explicit preconditions",
        ("mdtbc-",),
    ),
    Seed(
        "002_7aad45a19b4c10f0.txt",
        "UpToDate 2017 extract, local therapies in metastatic breast cancer",
        "2017, truncated",
        ("utd-2017-",),
    ),
    Seed(
        "003_8a1b79b853840151.txt",
        "IMET registry, protocol MF 14-02",
        "study practice",
        ("imet-",),
    ),
    Seed(
        "004_d4ad57c9160d1f55.txt",
        "Recommended management of oligometastatic breast cancer",
        "page dated 2025-11-03, pending human review",
        ("ombc-",),
    ),
)

SEEDS: Mapping[str, Seed] = MappingProxyType({seed.file: seed for seed in _seeds})
"""The documents by file name."""

PREFIXES: tuple[str, ...] = tuple(prefix for seed in _seeds for prefix in seed.prefixes)
"""What the id of a statement may start with."""
