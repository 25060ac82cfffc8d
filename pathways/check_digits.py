"""The last digit of a code follows from the others, so a mistyped code is noticed without asking anybody."""

from __future__ import annotations

import re

_loinc = re.compile(r"[1-9][0-9]{0,6}-[0-9]").fullmatch
_snomed_concept = re.compile(r"[1-9][0-9]{2,14}[01]0[0-9]").fullmatch


def is_loinc(code: str) -> bool:
    """Whether this is a LOINC code with the right check digit (Luhn's, mod 10)."""
    if not _loinc(code):
        return False
    digits = [int(digit) for digit in reversed(code.replace("-", ""))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def is_snomed_concept(code: str) -> bool:
    """Whether this is the identifier of a SNOMED CT concept with the right check digit (Verhoeff's)."""
    if not _snomed_concept(code):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = _multiplied[check][_permuted[place % 8][int(digit)]]
    return check == 0


_multiplied = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_permuted = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)
