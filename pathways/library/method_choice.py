"""The choice of method at each site: the rows of the matrix that concern the patient, hints, and what speaks
against (pathway-outline.md 5; C23 to C31).
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.declare import display
from pathways.language import Bool, all_of, any_of, number, undetermined
from pathways.language import Row as Lesion
from pathways.library import disease, features, plan
from pathways.library.site_matrix import ANY, MATRIX, STEREOTACTIC, Row
from pathways.pathway import Display

_STEPS = ("board_mdt", "board_oligoprogression", "mdt_start")
_ABLATION = ("rfa", "mwa", "cryo", "ire", "litt", "hifu")
_NOT_SURGICAL = (STEREOTACTIC, *_ABLATION, "sirt", "tace", "other_rt")


def _rows() -> Iterator[Display]:
    """Rows of sites of their own; the general ones stand among the hints."""
    for row in MATRIX:
        if ANY not in row.sites:
            id = row.title.lower().replace(",", "").replace(" ", "-")
            kind = "opposing" if row.rule == "blocked" else "recommendation"
            applies = features.aimed_at(*row.sites) & _method(row)
            yield display(f"row-{id}", row.title, kind, *row.statements, steps=_STEPS, applies=applies)
            if row.other_side:
                title = f"{row.title}: named without the site"
                yield display(
                    f"other-{id}", title, "recommendation", *row.other_side, steps=_STEPS, applies=applies
                )


def _method(row: Row) -> Bool:
    """A method of the row is planned, or none yet; `any` is every method that the other rows leave."""
    if row.methods != (ANY,):
        return features.planned(*row.methods)
    others = {m for other in MATRIX if other.sites == row.sites and other is not row for m in other.methods}
    return ~plan.method.one_of(*sorted(others))


def _some_active(test: Bool) -> Bool:
    return test | ~disease.list_complete


_isolated_resectable = _some_active(
    disease.lesions.any(
        lambda row: all_of(disease.active(row), row.flag("isolated"), row.flag("r0_resectable"))
    )
)
_unresectable = disease.lesions.any(lambda row: disease.active(row) & ~row.flag("r0_resectable"))


def _usual_for_ablation(row: Lesion) -> Bool:
    """Not operable, isolated, below 30 mm; whether isolated and small both are needed is open (C31)."""
    small, isolated = row.number("diameter_mm") < number(30), row.flag("isolated")
    fits = any_of(small & isolated, all_of(small | isolated, undetermined("C31")))
    return ~row.flag("r0_resectable") & fits


def _concerned(row: Lesion) -> Bool:
    """An active lesion of lung or liver; once there are targets, one of them."""
    return all_of(
        row.code("organ").one_of("lung", "liver"),
        disease.active(row),
        plan.targets.there().implies(plan.targets.contains(row.id)),
    )


_ablation_usual = (
    disease.lesions.all(lambda row: _concerned(row).implies(_usual_for_ablation(row))) & disease.list_complete
)


def _hint(
    id: str,
    title: str,
    *statements: str,
    kind: str = "recommendation",
    applies: Bool | None = None,
    feature: Bool | None = None,
) -> Display:
    return display(f"method-{id}", title, kind, *statements, steps=_STEPS, applies=applies, feature=feature)


METHOD_CHOICE = (
    _hint(
        "resection",
        "Resection suits isolated lesions that can be removed completely",
        "ago-2024-gen-metastasectomy",
        "mdtbc-local-surgery",
        "ombc-local-surgery",
        applies=features.planned("resection"),
        feature=_isolated_resectable,
    ),
    _hint(
        "stereotactic",
        "Stereotactic radiotherapy suits lesions that are unresectable or several",
        "ago-2024-gen-stereotactic-rt",
        "mdtbc-local-sbrt",
        "ombc-local-sbrt",
        applies=features.planned(STEREOTACTIC),
        feature=_unresectable | ~features.at_most(1),
    ),
    _hint(
        "ablation",
        "Ablation of metastases",
        "ago-2024-gen-local-ablation",
        "mdtbc-local-ablation",
        "ombc-local-ablation",
        applies=features.planned(*_ABLATION),
    ),
    _hint(
        "ablation-usual",
        "Usual for ablation: not operable, isolated, below 30 mm",
        "imet-ablation-candidates",
        applies=features.aimed_at("lung", "liver") & features.planned(*_NOT_SURGICAL),
        feature=_ablation_usual,
    ),
    _hint(
        "ablation-modalities",
        "Methods of ablation that the registry names",
        "imet-ablation-modalities",
        kind="evidence",
        applies=features.planned(*_NOT_SURGICAL),
    ),
    _hint(
        "ablation-or-surgery",
        "Ablation cannot assure complete removal; survival is inferior to surgery",
        "imet-ablation-vs-surgery",
        kind="evidence",
        applies=features.planned(*_NOT_SURGICAL),
    ),
    _hint(
        "stereotactic-names",
        "SBRT, SABR and IGRT are recorded as stereotactic radiotherapy, the label is kept",
        "ago-2024-term-stereotactic-synonyms",
        kind="data",
        applies=features.planned(STEREOTACTIC),
    ),
    _hint(
        "lung-laser",
        "Laser: the grade for the lung is lost, that for the liver is negative",
        "ago-2024-liver-ire-litt-hifu",
        kind="opposing",
        applies=plan.method.equals("litt") & features.aimed_at("lung"),
    ),
    *_rows(),
)
