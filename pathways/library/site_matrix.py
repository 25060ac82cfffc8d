"""Which method at which site: the matrix of pathway-outline.md section 5 as a table (C23 to C31).

AGO grades stay with their statements. Sites without rows of their own come under the general ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STEREOTACTIC: Final = "stereotactic_rt"
GENERAL_METHODS: Final = ("resection", STEREOTACTIC, "rfa", "mwa", "cryo", "ire", "litt", "hifu")
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix. `rule`: board, board names method, blocked, advised, first exclude, open.

    `other_side` are statements that name the method without the site.
    """

    title: str
    sites: tuple[str, ...]
    methods: tuple[str, ...]
    rule: str
    statements: tuple[str, ...]
    other_side: tuple[str, ...] = ()


_named_for_ablation = ("mdtbc-local-ablation", "ombc-local-ablation")

MATRIX: Final = (
    Row(
        "Resection in the liver",
        ("liver",),
        ("resection",),
        "board",
        (
            "ago-2024-liver-resection-r0",
            "ago-2024-liver-resection-hrpos",
            "ago-2024-liver-resection-her2pos",
            "mdtbc-local-surgery",
            "ombc-local-surgery",
        ),
    ),
    Row(
        "Chemoembolisation of the liver",
        ("liver",),
        ("tace",),
        "board names method",
        ("ago-2024-liver-tace", "ago-2024-liver-interdisciplinary"),
    ),
    Row(
        "Radioembolisation of the liver",
        ("liver",),
        ("sirt",),
        "board names method",
        (
            "ago-2024-liver-sirt-tare",
            "ago-2024-liver-interdisciplinary",
            "mdtbc-local-sirt-liver",
            "ombc-local-sirt-liver",
        ),
    ),
    Row(
        "Radiotherapy of the liver",
        ("liver",),
        (STEREOTACTIC, "other_rt"),
        "board names method",
        ("ago-2024-liver-stereotactic-rt", "ago-2024-liver-interdisciplinary"),
    ),
    Row(
        "Thermal ablation in the liver",
        ("liver",),
        ("rfa", "mwa"),
        "board",
        ("ago-2024-liver-thermal-ablation", *_named_for_ablation),
    ),
    Row(
        "Electroporation, laser or focused ultrasound in the liver",
        ("liver",),
        ("ire", "litt", "hifu"),
        "blocked",
        ("ago-2024-liver-ire-litt-hifu",),
    ),
    Row(
        "Cryoablation in the liver",
        ("liver",),
        ("cryo",),
        "blocked",
        ("ago-2024-liver-cryoablation",),
        other_side=(*_named_for_ablation, "imet-ablation-modalities", "utd-2017-local-may-palliate"),
    ),
    Row(
        "Resection in the lung",
        ("lung",),
        ("resection",),
        "board",
        (
            "ago-2024-lung-resection",
            "ago-2024-lung-resection-multilocular",
            "ago-2024-lung-resection-solitary-few-unilateral",
            "imet-lung-r0",
            "imet-lung-lnd",
        ),
    ),
    Row(
        "Thermal ablation in the lung",
        ("lung",),
        ("rfa", "litt"),
        "board",
        ("ago-2024-lung-thermoablation",),
    ),
    Row(
        "Stereotactic radiotherapy of the lung",
        ("lung",),
        (STEREOTACTIC,),
        "board",
        ("ago-2024-lung-stereotactic-rt",),
    ),
    Row(
        "Radioembolisation outside the liver",
        (ANY,),
        ("sirt",),
        "blocked",
        ("mdtbc-local-sirt-liver", "ombc-local-sirt-liver"),
    ),
    Row(
        "Resection of soft tissue",
        ("soft_tissue",),
        ("resection",),
        "first exclude",
        ("ago-2024-soft-r0-resection",),
    ),
    Row(
        "Radiotherapy of soft tissue",
        ("soft_tissue",),
        (STEREOTACTIC, "other_rt"),
        "board",
        ("ago-2024-soft-rt",),
    ),
    Row(
        "Stereotactic radiotherapy of the CNS",
        ("cns",),
        (STEREOTACTIC,),
        "advised",
        ("mdtbc-cns-maintain-plus-local",),
    ),
    Row(
        "Another method in the CNS",
        ("cns",),
        (ANY,),
        "open",
        ("ago-2024-scope-sites",),
    ),
    Row(
        "Resection, stereotactic radiotherapy or ablation elsewhere",
        (ANY,),
        GENERAL_METHODS,
        "board",
        (
            "ago-2024-gen-metastasectomy",
            "ago-2024-gen-stereotactic-rt",
            "ago-2024-gen-local-ablation",
            "mdtbc-local-sbrt",
            "ombc-local-sbrt",
        ),
    ),
)


def methods_of(site: str, rule: str) -> tuple[str, ...]:
    """The methods that rows of this site put under this rule."""
    return tuple(m for row in MATRIX if site in row.sites and row.rule == rule for m in row.methods)


def statements_of(*rules: str) -> tuple[str, ...]:
    """Statement ids of every row with one of these rules."""
    return tuple(dict.fromkeys(s for row in MATRIX if row.rule in rules for s in row.statements))
