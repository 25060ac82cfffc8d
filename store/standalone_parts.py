"""What the auditors' program reckons with: tables, hashes, signatures. It imports nothing of carepath either.

`carepath verify --write-verifier` puts it into that program, so that it is one file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

Seal = dict[str, Any]

TABLES = [
    *("access", "account", "alembic_version", "answered", "attempt", "begun", "candidacy"),
    *(
        "carepath",
        "definition",
        "desk",
        "deviation",
        "due_item",
        "judgement",
        "ledger",
        "lookup",
        "loop",
        "message",
        "message_notice",
        "notice",
        "opened",
    ),
    *("outlook", "patient", "recovery_code", "review", "saved_view", "seal", "sealed_head", "seen"),
    *("signed_in", "site_key", "snapshot", "standing", "tally", "tally_change", "tally_made"),
    *("token", "tracking", "vault", "worker"),
]

ENTRY = [
    "patient_id",
    "seq",
    "kind",
    "event_id",
    "type",
    "day",
    "clock",
    "documented",
    "basis",
    "recorded",
    "recorded_offset",
    "recorder",
    "source",
    "source_id",
    "payload",
    "prev_hash",
]
VIEW = ["number", "at", "at_offset", "who", "account", "what", "patient_id", "asked", "reason", "prev_hash"]
"""What is hashed of an entry of the ledger and of the access log, in this order."""

BEGINNING = "0" * 64
Fault = tuple[Any, str]
"""A place in a chain, and what is wrong there."""

# ---- what is hashed ----


def read(text: str) -> dict[str, Any]:
    """The object that a text of JSON is; empty where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError):  # the latter for what is nested too deeply
        return {}
    return found if isinstance(found, dict) else {}


def iso(moment: object) -> str:
    """A moment in UTC, as SQLite keeps it, in ISO form."""
    return f"{str(moment).replace(' ', 'T')}+00:00"


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr)


def sha256(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()


def plain(said: object) -> str:
    """In signs that every terminal shows: what stands in a database may be anything."""
    signs = (sign if sign.isascii() and sign.isprintable() else ascii(sign)[1:-1] for sign in str(said))
    return "".join(signs)


# ---- a chain ----


def hashed(content: Iterable[Any], moment: int) -> str:
    """The hash of a row; at `moment` stands a moment in UTC, which was hashed in ISO form."""
    said = list(content)
    said[moment] = iso(said[moment])
    return sha256(canonical(said))


def follow(rows: Iterable[tuple[Any, str, str, str]], end: tuple[Any, str] | None) -> Iterator[Fault]:
    """One chain: of each row the place, the hash before, its own hash, and that of what it says."""
    last, before = 0, BEGINNING
    for place, previous, own, right in rows:
        if not isinstance(place, int):
            yield place, "has no place in the chain"
            continue
        if place != last + 1:
            yield last + 1, f"is missing, up to entry {place - 1}"
        elif previous != before:
            yield place, "does not follow the entry before it"
        if own != right:
            yield place, "was altered or moved after it was recorded"
        last, before = place, own
    if end is None:
        yield 1, "the entries belong to no patient"
    elif isinstance(end[0], int) and end[0] > last:
        yield last + 1, f"is missing, up to entry {end[0]}"
    elif end != (last, before):
        yield last, "is not the entry at which the chain ended"


# ---- Ed25519 (RFC 8032, section 5.1), only to verify ----

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # extended coordinates: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def signed(public: str | None, one: Seal) -> bool:
    """Whether the signature of a seal is that of the holder of this key."""
    try:
        key, signature = bytes.fromhex(public or ""), bytes.fromhex(one["signature"])
        if len(key) != 32 or len(signature) != 64:
            return False
        owner, commitment = decompress(key), decompress(signature[:32])
        factor = int.from_bytes(signature[32:], "little")
        if factor >= ORDER:
            return False
        message = signature[:32] + key + one["content"].encode()
        challenge = int.from_bytes(hashlib.sha512(message).digest(), "little") % ORDER
        return same(times(factor, base()), plus(commitment, times(challenge, owner)))
    except (ValueError, TypeError):
        return False


def base() -> Point:
    return decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def decompress(data: bytes) -> Point:
    """The point of 32 bytes. Raises ValueError where there is none."""
    number = int.from_bytes(data, "little")
    y, odd = number & ((1 << 255) - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        raise ValueError("no point of the curve")
    if x % 2 != odd:
        x = P - x
    return x, y, 1, x * y % P


def plus(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = plus(total, point)
        point = plus(point, point)
        number >>= 1
    return total


def same(one: Point, other: Point) -> bool:
    across = (one[0] * other[2] - other[0] * one[2]) % P
    up = (one[1] * other[2] - other[1] * one[2]) % P
    return across == 0 and up == 0
