"""Which method at which site: the guards that read the matrix of pathway-outline.md section 5.

A row that asks for a board is met by the board on metastasis-directed therapy (g-board-mdt) and passes here;
what no row covers is left open.
"""

from __future__ import annotations

from typing import Final

from pathways.declare import clause, guard, profile
from pathways.guidelines.catalogue import load_definitions
from pathways.language import (
    Bool,
    OneEvent,
    age,
    all_of,
    any_of,
    case,
    fact,
    number,
    today,
    undetermined,
    unknown,
    yes,
)
from pathways.library import course, disease, plan, receptors
from pathways.library.site_matrix import STEREOTACTIC, methods_of, statements_of
from pathways.pathway import Clause, Guard, Profile

LIVER_ADVISED_AGAINST: Final = methods_of("liver", "blocked")
LIVER_NEEDS_INDICATION: Final = methods_of("liver", "board names method")

sirt_outside_liver = (plan.method.equals("sirt") & plan.lies_outside(plan.targets, "liver")).named(
    "radioembolisation outside the liver"
)
liver_advised_against = (
    plan.method.one_of(*LIVER_ADVISED_AGAINST) & plan.lies_in(plan.targets, "liver")
).named("a method advised against in the liver")
_without_row = any_of(
    plan.method.equals("tace") & plan.lies_outside(plan.targets, "liver"),
    plan.method.equals("other_rt")
    & plan.lies_in(plan.targets, "bone", "lung", "lymph_node", "contralateral_axilla", "pleura", "other"),
)
_cns_otherwise = plan.lies_in(plan.targets, "cns") & ~plan.method.equals(STEREOTACTIC)
_soft_resection = plan.method.equals("resection") & plan.lies_in(plan.targets, "soft_tissue")
_other_disease = disease.any_active(
    "bone", "lung", "liver", "lymph_node", "cns", "contralateral_axilla", "pleura", "other"
)


def _clauses() -> list[Clause]:
    return [
        clause(
            "The method is stated",
            case((plan.method.known(), yes()), otherwise=unknown()),
            *statements_of("board"),
            force="hard",
        ),
        clause(
            "Every target is a lesion of the imaging",
            case((plan.every_target_listed(plan.targets).sure(), yes()), otherwise=unknown()),
            *statements_of("board"),
            force="hard",
        ),
        clause(
            "No radioembolisation outside the liver",
            ~sirt_outside_liver,
            "mdtbc-local-sirt-liver",
            "ombc-local-sirt-liver",
            force="hard",
        ),
        clause(
            "No cryoablation, electroporation, laser or focused ultrasound of the liver",
            ~liver_advised_against,
            "ago-2024-liver-cryoablation",
            "ago-2024-liver-ire-litt-hifu",
            force="hard",
        ),
        clause(
            "In the CNS a stereotactic method",
            case((_cns_otherwise, undetermined("C12")), otherwise=yes()),
            "mdtbc-cns-maintain-plus-local",
            "ago-2024-scope-sites",
            force="hard",
        ),
        clause(
            "The sources speak of this method at this site",
            case((_without_row, undetermined("C42")), otherwise=yes()),
            *statements_of("board", "board names method"),
            force="hard",
        ),
        clause(
            "Soft tissue is resected only after other distant disease was excluded",
            case((_soft_resection, disease.staging_complete & ~_other_disease), otherwise=yes()),
            "ago-2024-soft-r0-resection",
            force="soft",
        ),
    ]


g_site_method: Guard = guard(
    "g-site-method",
    "Method and site",
    "hard",
    _clauses(),
    not_applicable=~plan.present,
    overruled=course.overruled("g-site-method"),
)

needs_indication = (plan.method.one_of(*LIVER_NEEDS_INDICATION) & plan.lies_in(plan.targets, "liver")).named(
    "a liver procedure that needs an interdisciplinary indication"
)
method_named = course.course_boards.any(lambda b: course.names_method(b, plan.method)).named(
    "a board of the course names the planned method"
)
g_liver_indication: Guard = guard(
    "g-liver-indication",
    "Interdisciplinary indication for the liver",
    "hard",
    [clause("A board names the method", method_named, "ago-2024-liver-interdisciplinary")],
    not_applicable=~needs_indication.sure(),
    overruled=course.overruled("g-liver-indication"),
)

_lung_rows = disease.listed_lesions.where(lambda row: row.code("organ").equals("lung"))
plan_targets_lung = plan.lies_in(plan.targets, "lung").sure().named("the plan targets the lung")


def _from_lung(t: OneEvent) -> Bool:
    of_lung = t.code("site").equals("lung") | _lung_rows.any(lambda row: row.id.equals(t.code("lesion")))
    return of_lung & t.code("method").equals("histology")


lung_results = receptors.tissue_results.where(_from_lung)
lung_histology = receptors.tissue_results.any(_from_lung).named("histology from a lung lesion")
g_lung_histology: Guard = guard(
    "g-lung-histology",
    "Histology before local therapy to the lung",
    "hard",
    [clause("Histology of a lung lesion", lung_histology, "ago-2024-lung-histology-before-local")],
    not_applicable=~plan_targets_lung,
    overruled=course.overruled("g-lung-histology"),
)

liver_resection = (plan.method.equals("resection") & plan.lies_in(plan.targets, "liver")).named(
    "a liver resection is planned"
)
_extrahepatic = disease.any_active(
    "bone", "lung", "lymph_node", "cns", "soft_tissue", "contralateral_axilla", "pleura", "other"
).named("active lesions outside the liver")
_hr_criteria = (
    ("At most three active liver lesions", disease.organ_count_at_most("liver", 3)),
    ("No active lesion outside the liver", ~_extrahepatic),
    ("Sensitive to chemotherapy", fact.flag("chemo_sensitive")),
    ("Long disease-free interval", fact.code("disease_free_interval_class").equals("long")),
)
_small = disease.lesions.all(
    lambda row: (row.code("organ").equals("liver") & disease.active(row)).implies(
        row.number("diameter_mm") < number(50)
    )
)
# 'No further metastases' is read as: the lesion to be resected is the only active one.
_her2_criteria = (
    ("Younger than 50 years", age(fact.date("birth_date"), today()) < number(50)),
    ("Every active liver lesion below 50 mm", _small),
    ("At most one active lesion", disease.at_most(1)),
    ("No active lesion outside the liver", ~_extrahepatic),
)
_hr_row, _her2_row = (all_of(*(test for _, test in row)) for row in (_hr_criteria, _her2_criteria))


def _organ_profile(id: str, receptor: str, applies: Bool, criteria: tuple[tuple[str, Bool], ...]) -> Profile:
    """An organ profile on the active lesions; unknown criteria leave it undetermined (R24)."""
    named = load_definitions().organ_selection[id].statements
    asked = ((receptor[0].upper() + receptor[1:], applies), *criteria)
    clauses = [clause(text, test, *named, conflict="C26") for text, test in asked]
    return profile(id, f"Liver resection, {receptor}, AGO 2024.1D", clauses, *named)


ORGAN_PROFILES = (
    _organ_profile(
        "ago-liver-resection-hrpos", "hormone receptor positive", receptors.hr_positive, _hr_criteria
    ),
    _organ_profile("ago-liver-resection-her2pos", "HER2 positive", receptors.her2_positive, _her2_criteria),
)
g_liver_resection_selection: Guard = guard(
    "g-liver-resection-selection",
    "Selection for liver resection",
    "soft",
    [
        clause(
            "Hormone receptor positive: at most three, none elsewhere, chemosensitive, long interval",
            case((receptors.hr_positive, _hr_row), otherwise=yes()),
            "ago-2024-liver-resection-hrpos",
        ),
        clause(
            "HER2 positive: below 50 years, below 5 cm, no further metastases",
            case((receptors.her2_positive, _her2_row), otherwise=yes()),
            "ago-2024-liver-resection-her2pos",
        ),
        clause(
            "Within what the reported series cover: at most four liver metastases, 30% of function left",
            disease.organ_count_at_most("liver", 4)
            & (fact.number("remnant_liver_function_percent") >= number(30)),
            "imet-liver-caseseries-exclusions",
            force="info",
        ),
    ],
    not_applicable=~liver_resection.sure() | (~receptors.hr_positive & ~receptors.her2_positive).sure(),
    overruled=course.overruled("g-liver-resection-selection"),
)
