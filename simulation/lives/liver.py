"""Selection of patients for resection of liver metastases, as the criteria print it."""

from __future__ import annotations

from datetime import date

from engine.calendar import add_months
from simulation.lives.care import Care


def selection_missed(care: Care) -> bool:
    """Whether a criterion of a row that applies is surely missed on this day."""
    return (care.hr and _hr_missed(care)) or (care.her2 and _her2_missed(care))


def _hr_missed(care: Care) -> bool:
    """At most three in the liver, none elsewhere, sensitive to chemotherapy, a long disease-free interval."""
    facts = care.chart.facts
    return (
        sum(lesion["organ"] == "liver" for lesion in care.shown_active) > 3
        or _elsewhere(care)
        or facts.get("chemo_sensitive") is False
        or facts.get("disease_free_interval_class") == "not_long"
    )


def _her2_missed(care: Care) -> bool:
    """Younger than 50, a single metastasis, below 5 cm."""
    born = date.fromisoformat(str(care.chart.facts["birth_date"]))
    return care.day >= add_months(born, 600) or len(care.shown_active) > 1 or _elsewhere(care)


def _elsewhere(care: Care) -> bool:
    return any(lesion["organ"] != "liver" for lesion in care.shown_active)
