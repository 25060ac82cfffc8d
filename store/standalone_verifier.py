#!/usr/bin/env python3
"""Checks a carepath database without carepath: chains, seals, signatures. Needs Python 3.9 and nothing more.

    python3 verify_carepath.py carepath.db [--seals kept.jsonl]

The database is an SQLite file or a backup (of PostgreSQL too: `carepath backup`). `--seals` is an export of
the seals that was kept elsewhere; without it the public keys are taken from the database itself, which shows
changes by somebody without any key, but not by somebody who put keys of their own in its place.

It shares no line with carepath, so that both would have to be wrong in the same way. Exit status 0: nothing
found, 1: problems, each told in a line, 2: cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

COLUMNS = [
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
BEGINNING = "0" * 64
Seal = dict[str, Any]
Kept = tuple[dict[str, str], list[Seal]]
"""The public keys by name, and the seals."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Checks a carepath database without carepath.")
    parser.add_argument("database", type=Path)
    parser.add_argument("--seals", type=Path, help="an export of the seals that was kept elsewhere")
    asked = parser.parse_args(arguments)
    try:
        kept = read_kept(asked.seals) if asked.seals else None
        file = sqlite3.connect(f"{asked.database.resolve().as_uri()}?mode=ro", uri=True)
        problems = check(file, kept)
        counts = file.execute("SELECT (SELECT count(*) FROM ledger), (SELECT count(*) FROM seal)").fetchone()
        file.close()
    except (OSError, sqlite3.Error, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    keys = "the keys kept elsewhere" if kept else "the keys in the database itself (give --seals for more)"
    print(f"{counts[0]} entries, {counts[1]} seals, by {keys}: {len(problems) or 'no'} problems")
    return 1 if problems else 0


def read_kept(place: Path) -> Kept:
    first, *rest = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    if first["format"] != "carepath seals 1":
        raise ValueError(f"{place} is no export of seals")
    return first["keys"], rest


def check(file: sqlite3.Connection, kept: Kept | None) -> list[str]:
    seals = [
        {"number": number, "content": content, "hash": digest, "signature": signature}
        for number, content, digest, signature in file.execute(
            "SELECT number, content, hash, signature FROM seal ORDER BY number"
        )
    ]
    keys = kept[0] if kept else dict(file.execute("SELECT name, proof FROM site_key WHERE kind = 'signing'"))
    problems = chains(file) + sealed_heads(file) + seal_chain(file, seals, keys)
    for one in kept[1] if kept else []:
        if one not in seals:
            problems.append(f"seal {one['number']}: is not the one kept elsewhere")
    return problems


def chains(file: sqlite3.Connection) -> list[str]:
    """Every patient's entries, from the first to the head."""
    heads = {id: (last, head) for id, last, head in file.execute("SELECT id, sequence, head FROM patient")}
    found: list[str] = []
    ends: dict[int, tuple[int, str]] = {}
    query = f"SELECT {', '.join(COLUMNS)}, hash FROM ledger ORDER BY patient_id, seq"  # noqa: S608
    for *content, digest in file.execute(query):
        patient, seq, previous = content[0], content[1], content[-1]
        last, before = ends.get(patient, (0, BEGINNING))
        if seq != last + 1:
            found.append(f"patient {patient}, entry {last + 1}: is missing")
        elif previous != before:
            found.append(f"patient {patient}, entry {seq}: does not follow the entry before it")
        if digest != sha256(canonical(as_hashed(content))):
            found.append(f"patient {patient}, entry {seq}: was altered or moved after it was recorded")
        ends[patient] = (seq, digest)
    known = sorted(heads.keys() | ends.keys())
    wrong = [patient for patient in known if ends.get(patient, (0, BEGINNING)) != heads.get(patient)]
    return found + [f"patient {patient}: the entries do not end where the chain ended" for patient in wrong]


def as_hashed(content: list[Any]) -> list[Any]:
    """A row as it was hashed: the moment of recording in UTC, in ISO form."""
    place = COLUMNS.index("recorded")
    return [*content[:place], content[place].replace(" ", "T") + "+00:00", *content[place + 1 :]]


def sealed_heads(file: sqlite3.Connection) -> list[str]:
    """Every head under a seal must still be the hash of that entry."""
    query = (
        "SELECT h.patient_id, h.sequence, h.seal FROM sealed_head h LEFT JOIN ledger l"
        " ON l.patient_id = h.patient_id AND l.seq = h.sequence WHERE l.hash IS NULL OR l.hash <> h.head"
    )
    return [
        f"patient {p}, entry {seq}: is not as it was under seal {seal}"
        for p, seq, seal in file.execute(query)
    ]


def seal_chain(file: sqlite3.Connection, seals: list[Seal], keys: dict[str, str]) -> list[str]:
    """The seals one after the other, their signatures, and the heads they signed."""
    found: list[str] = []
    previous = BEGINNING
    for number, one in enumerate(seals, start=1):
        heads = file.execute(
            "SELECT patient_id, sequence, head FROM sealed_head WHERE seal = ? ORDER BY patient_id",
            (one["number"],),
        ).fetchall()
        if one["number"] != number:
            found.append(f"seal {number}: is missing")
            break
        if one["hash"] != sha256(one["content"]):
            found.append(f"seal {number}: was altered after it was made")
        else:
            said = json.loads(one["content"])
            wrong = {
                "does not follow the seal before it": said["previous"] != previous,
                "is out of its place": said["number"] != number,
                "the heads under it are not those that were signed": said["digest"]
                != sha256(canonical(heads)),
                "is not signed with a known key": not signed(keys.get(said["key"]), one),
            }
            found += [f"seal {number}: {what}" for what, it_is in wrong.items() if it_is]
        previous = one["hash"]
    return found


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
    except ValueError:
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
