"""Seeded patients for the benchmarks: 16 events each, most along the pathway, some departing from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

EVENTS = 16
AS_OF = date(2025, 9, 1)
_ONCOLOGIES = ["medical_oncology", "radiation_oncology", "surgical_oncology"]
_NONE = {"pleural_effusion": "none", "ascites": "none", "pericardial_effusion": "none"}

Raw = dict[str, Any]


def case(seed: int) -> Raw:
    """One case as a case file holds it, with one checkpoint."""
    events = list(_events(Random(seed)))
    assert len(events) == EVENTS
    numbered = [{"id": f"e{n:02}", **event} for n, event in enumerate(events, 1)]
    checkpoint = {"as_of": AS_OF.isoformat()}
    return {"id": f"B{seed:06}", "facts": _facts(seed), "events": numbered, "checkpoints": [checkpoint]}


def _facts(seed: int) -> Raw:
    random = Random(seed + 1)
    primary = {"diagnosis_date": "2020-03-02", "status": "resected", "surgery_date": "2020-03-30"}
    return {
        "sex": "female", "menopausal_status": "post", "locoregional_controlled": True,
        "birth_date": date(1940 + random.randrange(45), 4, 12).isoformat(), "primary": primary,
        "hr_status": random.choice(["positive", "negative"]),
        "her2_status": random.choice(["negative", "positive"]),
    }  # fmt: skip


def _events(random: Random) -> Iterator[Raw]:
    """A regular course; a board, counselling or the waiting time is left out in some."""
    day = date(2024, 1, 8) + timedelta(random.randrange(120))
    organs = random.choices(["lymph_node", "bone", "lung", "liver"], k=random.choice([1, 2, 2, 3, 5]))
    targets = [f"L{n}" for n in range(1, len(organs) + 1)]

    def at(type: str, wait: int, **fields: Any) -> Raw:
        nonlocal day
        day += timedelta(wait + random.randrange(5) if wait else 0)
        return {"date": day.isoformat(), "type": type, **fields}

    def imaging(purpose: str, status: str, wait: int) -> Raw:
        rows = [
            {"id": id, "organ": organ, "diameter_mm": 14, "status": status, "local_treatable": True}
            for id, organ in zip(targets, organs, strict=True)
        ]
        seen = {"lesions": rows, "findings": {**_NONE, "leptomeningeal_disease": False}}
        return at("imaging_done", wait, purpose=purpose, modality="pet_ct", complete=True, **seen)

    proof = {
        "method": "histology",
        "metastasis_confirmed": True,
        "er": "positive",
        "pr": "positive",
        "her2": "negative",
    }
    yield at("metastasis_suspected", 0)
    yield imaging("staging", "active", 5)
    yield at("imaging_history_reviewed", 0)
    yield at("tissue_result", 6, site=organs[0], lesion="L1", **proof)
    departs = random.randrange(39)
    if departs == 0:
        yield at("follow_up_visit", 2)
    else:
        yield at("board_held", 2, question="initial", disciplines=_ONCOLOGIES, decision="systemic_first")
    yield at("systemic_started", 6, line=1, regimen_class=["endocrine_cdk46"])
    yield at("bma_given", 3, drug="denosumab", planned_interval="4w")
    yield at("response_assessed", 80, overall="PR")
    yield at("response_assessed", 60 if departs == 1 else 92, overall="PR")
    yield at("board_held", 6, question="mdt", disciplines=_ONCOLOGIES, decision="recommended",
             method="stereotactic_rt", targets=targets)  # fmt: skip
    yield at("follow_up_visit" if departs == 2 else "counselling_documented", 1,
             **({} if departs == 2 else {"topics": ["os_benefit_unknown"]}))  # fmt: skip
    yield at("mdt_started", 8, targets=targets, modality="stereotactic_rt")
    yield at("mdt_completed", 6, targets=targets)
    yield at("follow_up_visit", 30)
    yield imaging("post_mdt", "treated_inactive", 56)
    yield at("response_assessed", 0, overall="CR")
