"""Signed seals: what nobody can make good again who may write to the database but has not the signing key.

Each seal signs the heads of all patients' chains that grew since the one before, where the access log ends,
and what was said at the desk (Ed25519, RFC 8032), and follows the one before by its hash. It is made after
the entries, by whoever comes next: many writers need not wait for one signature. What is not sealed yet is
protected by its own chain only, what was said at the desk by none; `unsealed` and `unsealed_views` tell how
much that is. Seals kept elsewhere show also that the last ones were cut off, or that somebody signed with a
key of their own.

One seal for each view would be too many: the access log is taken along when a seal is made anyway, and gets
one of its own by `carepath seal`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, literal_column, select, update

from store import access, desk_seal, schema
from store.canonical import SPOILED, canonical, digest
from store.database import Database
from store.errors import BadSeals
from store.identities import beginning
from store.tables import patient, seal, sealed_head, site_key
from store.vault import vault_of

FORMAT = "carepath seals 1"
_count = "seals"
most = 10_000
"""Heads under one seal, so that memory stays flat after an import of a whole register."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal as it is kept: what was signed, its hash and its signature, in hexadecimal."""

    number: int
    content: str
    hash: str
    signature: str

    @property
    def said(self) -> dict[str, Any]:
        """The content as plain data; nothing where somebody altered it."""
        try:
            found = json.loads(self.content) if self.hash == digest(self.content) else None
        except SPOILED:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def day(self) -> str:
        """The day on which it was made, as it was signed."""
        return str(self.said.get("made", "?"))[:10]

    @property
    def access_end(self) -> tuple[int, str] | None:
        """Where the access log ended, as `access.end` tells it; None in seals from before it was signed."""
        return self._end("access")

    @property
    def desk_end(self) -> tuple[int, str] | None:
        """Where what was said at the desk ended (`desk_seal`); None in seals from before that was signed."""
        return self._end("desk")

    def _end(self, of: str) -> tuple[int, str] | None:
        match self.said.get(of):
            case [int(number), str(head)] if not isinstance(number, bool):
                return number, head
        return None


class Reach(NamedTuple):
    """How many seals were kept elsewhere, up to which day, and whether the file itself says how many."""

    seals: int
    upto: str | None
    counted: bool


def seal_all(
    database: Database, now: datetime, *, views: bool = False, between: Callable[[], object] = tuple
) -> list[Sealed]:
    """Seal what is not sealed yet; nothing where all is. Raises Busy or CannotWrite.

    With `views` also where nothing but the access log has grown. `between` two seals others may be let in.
    """
    made: list[Sealed] = []
    with database.reading() as connection:
        waiting = unsealed(connection) or (int(views) and unsealed_views(connection))
    while waiting > 0:
        with database.writing() as connection:
            schema.alone(connection)
            one = _seal(connection, now, views)
        if one is None:
            break
        made.append(one)
        waiting -= most
        if waiting > 0:
            between()
    return made


def unsealed(connection: Connection) -> int:
    """How many patients have entries that are under no seal."""
    found: int = connection.execute(select(func.count()).select_from(patient).where(_waiting)).scalar_one()
    return found


def unsealed_views(connection: Connection) -> int:
    """How many entries of the access log are under no seal."""
    last = _last_seal(connection)
    sealed, _ = last and last.access_end or (0, beginning)
    return max(0, access.end(connection)[0] - sealed)


def _seal(connection: Connection, now: datetime, views: bool) -> Sealed | None:
    last = _last_seal(connection)
    said = desk_seal.end(connection, last and last.desk_end or desk_seal.START)
    heads = [tuple(row) for row in connection.execute(_unsealed)]
    if not heads and not (views and unsealed_views(connection)):
        return None
    number, previous = (last.number + 1, last.hash) if last else (1, beginning)
    name, key = vault_of(connection).keys.in_use("signing")
    content = canonical(
        {
            "number": number,
            "made": now.astimezone(UTC).isoformat(timespec="microseconds"),
            "heads": len(heads),
            "digest": digest(canonical(heads)),
            "access": access.end(connection),
            "desk": said,
            "key": name,
            "previous": previous,
        }
    )
    one = Sealed(number, content, digest(content), _signature(key, content))
    connection.execute(insert(seal), {**_row(one), "made": now})
    if heads:
        rows = [
            {"seal": number, "patient_id": id, "sequence": last, "head": head} for id, last, head in heads
        ]
        connection.execute(insert(sealed_head), rows)
        connection.execute(_mark, [{"of": id, "upto": last} for id, last, _ in heads])
    return one


def _last_seal(connection: Connection) -> Sealed | None:
    row = connection.execute(_last).first()
    return Sealed(*row) if row else None


def all_seals(connection: Connection) -> list[Sealed]:
    """Every seal, the first one first."""
    return [Sealed(*row) for row in connection.execute(_seals)]


def public_keys(connection: Connection) -> dict[str, str]:
    """The public keys of this site by name, in hexadecimal, as the database has them."""
    query = select(site_key.c.name, site_key.c.proof).where(site_key.c.kind == "signing")
    return {row.name: row.proof for row in connection.execute(query.order_by(site_key.c.name))}


def exported(connection: Connection) -> Iterator[str]:
    """All seals and the public keys as lines of JSON, to be kept where nobody can reach both.

    The first line says how many seals follow, so that a file that was cut is told.
    """
    there = all_seals(connection)
    yield canonical({"format": FORMAT, "keys": public_keys(connection), _count: len(there)})
    for one in there:
        yield canonical(_row(one))


def read_export(lines: Sequence[str]) -> tuple[dict[str, str], list[Sealed]]:
    """The public keys and seals of an export. Raises BadSeals for what is none, or was cut."""
    try:
        first, *rest = [json.loads(line) for line in lines]
        if first["format"] != FORMAT:
            raise ValueError
        keys = {str(name): str(key) for name, key in first["keys"].items()}
        found = [Sealed(**row) for row in rest]
        if not all(isinstance(one.number, int) for one in found):
            raise ValueError
    except SPOILED:
        raise BadSeals from None
    if first.get(_count, len(found)) != len(found):
        told = f"it was cut, or added to: it says that it holds {first[_count]} seals, and holds"
        raise BadSeals(f"{told} {len(found)}")
    return keys, found


def reach(lines: Sequence[str]) -> Reach:
    """How far an export reaches. Raises BadSeals."""
    _, kept = read_export(lines)
    return Reach(
        len({one.number for one in kept}), kept[-1].day if kept else None, _count in json.loads(lines[0])
    )


def faults(seals: Iterable[Sealed], keys: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """What is wrong with a chain of seals, under these public keys: at which number, and what."""
    previous, number = beginning, 0
    for one in seals:
        number += 1
        if one.number != number:
            yield number, "is missing" if one.number > number else "stands there twice"
            number = one.number
        said = one.said
        if said.get("number") != one.number:
            yield one.number, "was altered after it was made"
        elif said.get("previous") != previous:
            yield one.number, "does not follow the seal before it"
        elif not _signed(one, keys.get(str(said.get("key")))):
            yield one.number, "is not signed with a key of this site"
        previous = one.hash


def _signature(key: bytes, content: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(key).sign(content.encode()).hex()


def _signed(one: Sealed, public: str | None) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public or ""))
        key.verify(bytes.fromhex(one.signature), one.content.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _row(one: Sealed) -> dict[str, object]:
    return {"number": one.number, "content": one.content, "hash": one.hash, "signature": one.signature}


_waiting = literal_column("sequence") > literal_column("sealed_sequence")
_unsealed = (
    select(patient.c.id, patient.c.sequence, patient.c.head)
    .where(_waiting)
    .order_by(patient.c.id)
    .limit(most)
    .with_for_update(skip_locked=True)
)
_sealed = select(seal.c.number, seal.c.content, seal.c.hash, seal.c.signature)
_seals = _sealed.order_by(seal.c.number)
_last = _sealed.order_by(seal.c.number.desc()).limit(1)
_mark = update(patient).where(patient.c.id == bindparam("of")).values(sealed_sequence=bindparam("upto"))
