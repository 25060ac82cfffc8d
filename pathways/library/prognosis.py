"""Prognostic features at the decision: met, not met or unknown, never a block (pathway-outline.md 4,
g-prognosis-shown; C35 to C37).
"""

from __future__ import annotations

from pathways.declare import display
from pathways.language import Bool, Expression, all_of, case, fact, later, number, unknown, yes
from pathways.library import course, disease, features
from pathways.library.facts import FACTS, diagnosis, surgery
from pathways.pathway import Display

_INTERVAL = "calendar months and days"
_AT_BOARDS = ("board_initial", "board_mdt", "board_oligoprogression", "mdt_start")


def _feature(
    id: str,
    title: str,
    feature: Bool | None,
    *statements: str,
    applies: Bool | None = None,
    adverse: bool = False,
    value: Expression | None = None,
    unit: str = "",
    steps: tuple[str, ...] = _AT_BOARDS,
) -> Display:
    return display(
        f"prognosis-{id}",
        title,
        "prognosis",
        *statements,
        steps=steps,
        applies=applies,
        feature=feature,
        adverse=adverse,
        value=value,
        unit=unit,
    )


# The span without progression ends at the oligoprogression; an earlier progression begins it anew.
_line = course.lines.before(course.last_pd).latest()
_since = later(_line.day, course.progressions.before(course.last_pd).after(_line).latest().day)
_durable = case((_line.there(), course.last_pd.day > _since.plus_months(11)), otherwise=unknown())

# Only the best performance status is surely excellent: the source gives no threshold.
_status = fact.number("performance_status")
_excellent = case((_status.equals(number(0)), yes()), otherwise=unknown())
_ideal = all_of(
    fact.code("sex").equals("female"),
    features.younger_than(55),
    features.at_most(5),
    features.hrpos_her2neg,
    features.later_than(24, diagnosis),
    _excellent,
)

_registry = features.registry_patient
_after_surgery = features.later_than(24, surgery)

PROGNOSIS = (
    _feature(
        "hrpos-nonvisceral",
        "Hormone receptor positive, HER2 negative, no visceral metastasis",
        features.hrpos_her2neg & ~features.visceral,
        "mdtbc-prog-hrpos-bone-nonvisceral",
    ),
    _feature("hrpos", "Hormone receptor positive", features.hr_positive, "ombc-prog-hrpos"),
    _feature("age-55", "Below 55 years", features.younger_than(55), "mdtbc-prog-age-55", "ombc-prog-age-55"),
    _feature("max-2", "One or two metastases", features.at_most(2), "mdtbc-prog-max-2"),
    _feature("max-5", "At most five metastases", features.at_most(5), "ombc-prog-max-5"),
    _feature("bone-only", "Bone only", features.bone_only, "ombc-prog-bone-only"),
    _feature(
        "bone-node",
        "Bone or lymph nodes only",
        features.only_in("bone", "lymph_node"),
        "mdtbc-prog-bone-node",
    ),
    _feature(
        "dfi-24",
        "Disease-free for more than 24 months, counted from the diagnosis of the primary",
        features.later_than(24, diagnosis),
        "ombc-prog-dfi-24",
        value=FACTS["dfi"],
        unit=_INTERVAL,
    ),
    _feature(
        "axilla-limited",
        "No or limited axillary nodes at the primary diagnosis",
        fact.code("axillary_nodes_at_primary").one_of("none", "limited"),
        "ombc-prog-axilla-limited",
    ),
    _feature(
        "good-response",
        "Response to the first systemic therapy",
        features.responded_at_first,
        "ombc-prog-good-response",
    ),
    _feature(
        "ideal-candidate",
        "Young woman with few metastases, HR positive and HER2 negative, long interval, excellent status",
        _ideal,
        "ombc-ideal-candidate",
    ),
    _feature(
        "durable-response",
        "More than 11 months without progression before the oligoprogression",
        _durable,
        "mdtbc-prog-durable-pfs",
        applies=course.oligo_pd,
        steps=("board_oligoprogression", "counsel", "mdt_start"),
    ),
    _feature(
        "registry-receptors",
        "Registry: hormone receptor or HER2 positive",
        features.hr_positive | features.her2_positive,
        "imet-prog-receptor-subgroups",
        applies=features.lung_or_liver,
    ),
    _feature(
        "registry-age-55",
        "Registry: below 55 years",
        features.younger_than(55),
        "imet-prog-age-55",
        applies=_registry,
    ),
    _feature(
        "registry-interval-24",
        "Registry: more than 24 months from surgery of the primary to the first metastasis",
        _after_surgery,
        "imet-prog-mdfi-24",
        applies=_registry,
        value=FACTS["mdfi"],
        unit=_INTERVAL,
    ),
    _feature(
        "registry-liver",
        "Registry: liver involved",
        features.involves("liver"),
        "imet-prog-liver",
        applies=_registry,
        adverse=True,
    ),
    _feature(
        "registry-her2",
        "Registry: HER2 positive; biology, interval, stage and complete resection are named too",
        features.her2_positive,
        "imet-prog-other-factors",
        applies=_registry,
    ),
    _feature(
        "registry-organs",
        "Registry: one organ or several made no significant difference",
        None,
        "imet-organ-number-neutral",
        applies=_registry,
        value=disease.organs_involved,
    ),
)
