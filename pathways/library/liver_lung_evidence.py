"""What is shown where metastases of liver or lung are to be treated (pathway-outline.md 8.10, 8.11; C26, C27,
C36).
"""

from __future__ import annotations

from pathways.declare import display
from pathways.language import Bool, Code, Expression, all_of, case, code, events, fact, number, unknown
from pathways.library import course, disease, features, plan
from pathways.library.facts import FACTS, surgery
from pathways.pathway import Display


def _shown(
    id: str,
    title: str,
    kind: str,
    *statements: str,
    applies: Bool,
    feature: Bool | None = None,
    adverse: bool = False,
    value: Expression | None = None,
    unit: str = "",
) -> Display:
    return display(
        id,
        title,
        kind,
        *statements,
        applies=applies,
        feature=feature,
        adverse=adverse,
        value=value,
        unit=unit,
    )


# ---- liver ----
_liver = features.involves("liver").named("metastases in the liver")
_liver_resection = _liver & features.planned("resection")
_line_then = course.lines.before(course.last_pd).latest()
_progressing = all_of(
    course.progressed,
    ~course.new_line_since_pd,
    _line_then.codes("regimen_class").overlaps("chemotherapy", "chemo_immunotherapy"),
).named("progression under chemotherapy without a new line")
_covered = all_of(
    disease.organ_count_at_most("liver", 4),
    fact.number("remnant_liver_function_percent") >= number(30),
    features.only_in("liver"),
    ~_progressing,
)
_subtype: Code = case(
    (features.her2_positive, code("her2_positive")),
    (features.hr_positive, code("hr_positive_her2_negative")),
    otherwise=code("triple_negative"),
).named("the receptor subtype")

LIVER_EVIDENCE = (
    _shown(
        "liver-registry",
        "Registry: no significant difference within liver metastases",
        "limit",
        "imet-liver-subgroup-ns",
        applies=_liver & features.registry_patient,
    ),
    _shown(
        "liver-series",
        "Matched series of the liver disagree",
        "limit",
        "imet-liver-conflicting-series",
        applies=_liver,
    ),
    _shown(
        "liver-safety",
        "Mortality, morbidity and survival after resection of the liver",
        "limit",
        "imet-liver-safety",
        applies=_liver_resection,
    ),
    _shown(
        "liver-covered",
        "The series that report a gain cover this patient",
        "evidence",
        "imet-liver-caseseries-exclusions",
        applies=_liver,
        feature=_covered,
    ),
    _shown(
        "liver-alone",
        "Liver only: resection lengthened survival there, not with several organs",
        "prognosis",
        "imet-liver-multiorgan",
        applies=_liver,
        feature=features.only_in("liver"),
    ),
    _shown(
        "liver-subtype",
        "Survival with and without resection differs by subtype",
        "prognosis",
        "imet-liver-subtypes",
        applies=_liver_resection,
        value=_subtype,
    ),
    _shown(
        "liver-interval",
        "First metastasis within two years of surgery of the primary",
        "prognosis",
        "imet-liver-mdfi-2y",
        applies=_liver & ~features.intact_primary,
        feature=~features.later_than(24, surgery),
        adverse=True,
        value=FACTS["mdfi"],
        unit="calendar months and days",
    ),
    _shown(
        "liver-mortality",
        "Registry: higher mortality with the liver than with the lung, highest with bone as well",
        "prognosis",
        "imet-prog-liver",
        applies=_liver & features.registry_patient,
    ),
    _shown(
        "liver-advice",
        "Registry: consider surgery or ablation for selected patients",
        "recommendation",
        "imet-consider-intervention",
        applies=_liver,
        feature=features.selected_by_registry,
    ),
    _shown(
        "liver-systemic-after-surgery",
        "After surgery systemic therapy continues",
        "recommendation",
        "ago-2024-gen-systemic-after-surgery",
        applies=_liver_resection,
    ),
)

# ---- lung ----
_lung = features.involves("lung").named("metastases in the lung")
_lung_resection = _lung & features.planned("resection")
_resected = (
    course.mdt_starts.where(modality="resection")
    .where(lambda m: plan.lies_in(m.codes("targets"), "lung"))
    .latest()
    .named("the latest resection of the lung")
)
_margins = (
    (_resected.just() | events("mdt_target_completed", "mdt_completed").after(_resected))
    .where(lambda e: e.code("margin").one_of("R0", "R1", "R2"))
    .named("margins after it")
)
_incomplete = case(
    (_margins.exist(), _margins.any(lambda e: e.code("margin").one_of("R1", "R2"))), otherwise=unknown()
)

LUNG_EVIDENCE = (
    _shown(
        "lung-registry",
        "Registry: better survival with intervention within lung metastases",
        "evidence",
        "imet-lung-subgroup-sig",
        applies=_lung & features.registry_patient,
    ),
    _shown(
        "lung-survival",
        "Survival after resection of lung metastases in series",
        "limit",
        "imet-lung-survival-series",
        applies=_lung_resection,
    ),
    _shown(
        "lung-unresectable",
        "Only a minority of lung metastases can be resected",
        "limit",
        "imet-lung-often-unresectable",
        applies=_lung,
    ),
    _shown(
        "lung-nodes-removed",
        "Removing mediastinal and hilar nodes as well brought no gain",
        "evidence",
        "imet-lung-lnd",
        applies=_lung_resection,
    ),
    _shown(
        "lung-r0",
        "Every lung metastasis can be removed completely (R0)",
        "prognosis",
        "imet-lung-r0",
        applies=_lung_resection,
        feature=disease.every_active_in("r0_resectable", "lung"),
    ),
    _shown(
        "lung-receptors",
        "Hormone receptor positive",
        "prognosis",
        "imet-lung-prognostics",
        applies=_lung,
        feature=features.hr_positive,
    ),
    _shown(
        "lung-solitary",
        "A single lung metastasis",
        "prognosis",
        "imet-lung-prognostics",
        applies=_lung,
        feature=disease.organ_count_at_most("lung", 1),
    ),
    _shown(
        "lung-interval-36",
        "First metastasis less than 36 months after surgery of the primary",
        "prognosis",
        "imet-lung-prognostics",
        applies=_lung & ~features.intact_primary,
        feature=features.first_seen < surgery.plus_months(36),
        adverse=True,
        value=FACTS["mdfi"],
        unit="calendar months and days",
    ),
    _shown(
        "lung-nodes",
        "Lymph nodes involved",
        "prognosis",
        "imet-lung-prognostics",
        applies=_lung,
        feature=features.involves("lymph_node"),
        adverse=True,
    ),
    _shown(
        "lung-incomplete",
        "Incomplete resection (R1 or R2)",
        "prognosis",
        "imet-lung-prognostics",
        "imet-lung-r0",
        applies=_resected.there(),
        feature=_incomplete,
        adverse=True,
    ),
    _shown(
        "lung-advice",
        "Registry: consider surgery or ablation for selected patients",
        "recommendation",
        "imet-consider-intervention",
        applies=_lung,
        feature=features.selected_by_registry,
    ),
)
