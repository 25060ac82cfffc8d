"""Units of columns that are converted to the unit of a field, where a mapping declares them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_FACTORS: Final = {
    "mm": {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)},
    "Gy": {"Gy": Decimal(1), "cGy": Decimal("0.01")},
}


def units_for(unit: str | None) -> tuple[str, ...]:
    """The units that can be converted to `unit`, itself included."""
    return tuple(_FACTORS.get(unit or "", {}))


def converted(number: float, given: str, wanted: str) -> float:
    """The number in the unit that is wanted: 0.1 cm is 1 mm, not 1.0000000000000002."""
    return float(Decimal(repr(number)) * _FACTORS[wanted][given])
