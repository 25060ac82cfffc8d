"""Receptor status of the disease as it stands today: any positive specimen counts (11.4 g-systemic-class;
C33).
"""

from __future__ import annotations

from pathways.language import Bool, Code, OneEvent, any_of, case, code, events, fact, no, unknown, yes

tissue_results = events("tissue_result")
latest_tissue = tissue_results.latest().named("the latest tissue result")
waivers = events("biopsy_waived")
waiver = waivers.latest().named("the biopsy waiver")


def _status(value: Code, *words: str) -> Bool:
    return value.one_of(*words).sure()


def _specimen(field: str, *words: str) -> Bool:
    return tissue_results.any(lambda t: _status(t.code(field), *words))


def _latest_positive(*fields: str) -> Bool:
    """Unknown where no specimen tells: the latest is named, so that its gap is asked for (R33, 8.13)."""
    return any_of(*(latest_tissue.code(field).equals("positive") for field in fields))


_primary_hr = (fact.code("hr_status"), fact.code("primary.er"), fact.code("primary.pr"))
_hr_positive = any_of(
    *(_status(value, "positive") for value in _primary_hr),
    _specimen("er", "positive"),
    _specimen("pr", "positive"),
)
_hr_negative = any_of(
    _status(fact.code("hr_status"), "negative"),
    _status(fact.code("primary.er"), "negative") & _status(fact.code("primary.pr"), "negative"),
    tissue_results.any(lambda t: _status(t.code("er"), "negative") & _status(t.code("pr"), "negative")),
)
hr_positive = case(
    (_hr_positive, yes()),
    (_hr_negative, no()),
    otherwise=fact.code("hr_status").equals("positive") | _latest_positive("er", "pr"),
).named("hormone receptor positive in any specimen")

_primary_her2 = (fact.code("her2_status"), fact.code("primary.her2"))
_her2_positive = any_of(*(_status(v, "positive") for v in _primary_her2), _specimen("her2", "positive"))
_her2_negative = any_of(*(_status(v, "negative") for v in _primary_her2), _specimen("her2", "negative"))
_her2_equivocal = any_of(*(_status(v, "equivocal") for v in _primary_her2), _specimen("her2", "equivocal"))
her2_positive = case(
    (_her2_positive, yes()),
    (_her2_equivocal, unknown()),
    (_her2_negative, no()),
    otherwise=fact.code("her2_status").equals("positive") | _latest_positive("her2"),
).named("HER2 positive in any specimen")

hr_primary = case(
    (fact.code("hr_status").known(), fact.code("hr_status")),
    (
        _status(fact.code("primary.er"), "positive") | _status(fact.code("primary.pr"), "positive"),
        code("positive"),
    ),
    (
        _status(fact.code("primary.er"), "negative") & _status(fact.code("primary.pr"), "negative"),
        code("negative"),
    ),
    otherwise=fact.code("hr_status"),
).named("hormone receptor status of the primary")

brca_mutated = (
    fact.code("brca_status").one_of("germline_mutated", "mutated_unspecified").named("BRCA mutated")
)


def class_fits(line: OneEvent) -> Bool:
    """The regimen class matches the subtype (g-systemic-class)."""
    classes = line.codes("regimen_class")
    return case(
        (classes.contains("parp"), brca_mutated),
        (her2_positive, classes.contains("anti_her2")),
        (hr_positive, classes.overlaps("endocrine", "endocrine_cdk46")),
        otherwise=classes.overlaps("chemotherapy", "chemo_immunotherapy"),
    )
