"""The IMET registry: whom it analysed, its intervals worked out for the patient, and its data sets
(pathway-outline.md 9; C08, C36; registry practice).
"""

from __future__ import annotations

from pathways.declare import display
from pathways.language import all_of, any_of, fact
from pathways.library import course, disease, features
from pathways.library.facts import FACTS, metachronous, organ_count

_BOARDS = ("board_initial", "board_mdt", "board_oligoprogression")
_DECIDING = (*_BOARDS, "counsel", "mdt_start")
_FOLLOWING = ("systemic_continue", "post_mdt_petct", "new_systemic_line")

_UNIT = "calendar months and days"

_eligible = all_of(
    fact.code("sex").equals("female"),
    any_of(features.hr_positive, features.her2_positive),
    features.lung_or_liver,
    disease.every_active_in("r0_resectable", "lung", "liver"),
    fact.flag("primary.treatment_completed"),
)

_APPLICABILITY = (
    display(
        "registry-population",
        "Registry: woman, HR or HER2 positive, lung or liver operable, treatment of the primary completed",
        "evidence",
        "imet-elig-population",
        steps=_DECIDING,
        applies=features.lung_or_liver,
        feature=_eligible,
    ),
    display(
        "registry-triple-negative",
        "Registry: triple-negative disease was left out, its figures do not apply",
        "evidence",
        "imet-excl-tnbc",
        steps=_DECIDING,
        applies=features.lung_or_liver & features.triple_negative,
    ),
    display(
        "registry-de-novo",
        "Registry: disease metastatic from the beginning was left out, its figures do not apply",
        "evidence",
        "imet-excl-denovo",
        steps=_DECIDING,
        applies=features.lung_or_liver & fact.flag("de_novo_metastatic"),
    ),
    display(
        "registry-metachronous",
        "Registry: metachronous, more than three months after surgery of the primary",
        "evidence",
        "imet-def-metachronous",
        steps=_DECIDING,
        applies=features.lung_or_liver & ~features.intact_primary,
        feature=metachronous(features.first_seen),
    ),
)

_INTERVALS = (
    display(
        "interval-mdfi",
        "From surgery of the primary to the first metastasis",
        "data",
        "imet-def-mdfi",
        "imet-data-baseline",
        steps=_DECIDING,
        applies=~features.intact_primary,
        value=FACTS["mdfi"],
        unit=_UNIT,
    ),
    display(
        "interval-pfi",
        "From the first metastasis to progression",
        "data",
        "imet-def-pfi",
        steps=_FOLLOWING,
        value=FACTS["pfi"],
        unit=_UNIT,
    ),
    display(
        "interval-pdrs",
        "From the first metastasis to death or the last visit",
        "data",
        "imet-def-pdrs",
        steps=_FOLLOWING,
        value=FACTS["pdrs"],
        unit=_UNIT,
    ),
    display(
        "interval-os",
        "From diagnosis of the primary to death or the last visit",
        "data",
        "imet-def-os",
        steps=_FOLLOWING,
        value=FACTS["os"],
        unit=_UNIT,
    ),
)

_AT_ENTRY = (
    ("age", "Age", FACTS["age_years"], "completed years"),
    ("menopause", "Menopausal status", fact.code("menopausal_status"), ""),
    ("histology", "Type of the primary", fact.text("primary.histology"), ""),
    ("stage", "Stage of the primary", fact.text("primary.stage"), ""),
    ("er", "Oestrogen receptor of the primary", fact.code("primary.er"), ""),
    ("pr", "Progesterone receptor of the primary", fact.code("primary.pr"), ""),
    ("her2", "HER2 of the primary", fact.code("primary.her2"), ""),
    ("load", "Metastases in lung and liver", organ_count("lung", "liver"), "lesions"),
)
_method = course.mdt_start.code("modality")

_DATA_SETS = (
    display(
        "data-at-entry",
        "Registry data set at entry: everything is recorded",
        "data",
        "imet-data-baseline",
        steps=("board_initial",),
        feature=all_of(*(value.known() for _, _, value, _ in _AT_ENTRY), FACTS["mdfi"].known()),
    ),
    *(
        display(
            f"data-{id}",
            title,
            "data",
            "imet-data-baseline",
            steps=("board_initial",),
            value=value,
            unit=unit,
        )
        for id, title, value, unit in _AT_ENTRY
    ),
    display(
        "data-in-follow-up",
        "Registry data set in follow-up: method, follow-up time and survival are recorded",
        "data",
        "imet-data-followup",
        steps=_FOLLOWING,
        applies=course.mdt_start.there(),
        feature=all_of(*(value.known() for value in (_method, FACTS["pdrs"], FACTS["os"]))),
    ),
    display(
        "data-method",
        "Method of metastasis-directed therapy",
        "data",
        "imet-data-followup",
        steps=_FOLLOWING,
        applies=course.mdt_start.there(),
        value=_method,
    ),
)

REGISTRY = (*_APPLICABILITY, *_INTERVALS, *_DATA_SETS)
