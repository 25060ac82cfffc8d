"""Strange values: slips of people, programs and spreadsheets, and what an attacker would try."""

from __future__ import annotations

from random import Random

_texts = (
    "", " ", "null", "unknown", "true", "no", "NaN", ".inf", "-0", "0x1F", "1e999", "12:30:00", "1_000", "<<",
    "=1+1", "'=cmd|' /C calc'!A0", "''", "~", "*", "&a", "!!python/object:os.system", "{{7*7}}", "%s%n",
    "e01",
    "2025-02-31", "2025-13-01", "0000-00-00", "9999-12-31", "0001-01-01", "2024-02-29", "2023-02-29",
    "20250101",
    "2025-01-01T24:00", "2025-01-01T10:00+25:00", "2025-01-01T10:00:60Z", "31.02.2025", "45658",
    "-2025-01-01",
    "\x00", "\x1b[2J", "\u202e", "\ufeff", "\u2028", "\ud800", "e\u0301", "\U0001f600", "ß", "İ", "٣", "²",
    "\r\n", "\t",
)  # fmt: skip
_numbers = (
    0, -1, 1, 2, 31, 10**6, 2**31, 2**63, -(2**63) - 1, 10**18, 10**30, 10**400, 0.1, -0.0, 1e-320, 1.7e308,
    float("inf"), float("-inf"), float("nan"),
)  # fmt: skip


def odd_text(chance: Random) -> str:
    """A text that nobody meant to write, now and then a very long one."""
    if chance.random() < 0.03:
        return chance.choice(_texts) * chance.choice((50, 300, 30_000))
    return chance.choice(_texts)


def odd_value(chance: Random) -> object:
    """Any plain value; lists and mappings too, also deep ones."""
    kind = chance.randrange(10)
    if kind < 5:
        return odd_text(chance)
    if kind < 7:
        return chance.choice(_numbers)
    if kind == 7:
        return chance.choice((None, True, False, [], {}))
    if kind == 8:
        return {odd_text(chance): odd_text(chance) for _ in range(chance.randrange(4))}
    return nested(chance.choice(("x", None, 1)), chance.choice((1, 2, 30, 60, 150)), chance)


def nested(value: object, depth: int, chance: Random) -> object:
    """The value at the bottom of lists or mappings within each other."""
    key = chance.choice(("a", "id", "events", None))
    for _ in range(depth):
        value = [value] if key is None else {key: value}
    return value
