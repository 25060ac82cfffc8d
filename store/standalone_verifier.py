#!/usr/bin/env python3
"""Checks a carepath database without carepath: chains, seals, signatures. Needs Python 3.9 and nothing more.

    python3 verify_carepath.py carepath.db [--seals kept.jsonl]
    python3 verify_carepath.py evidence.zip [--seals kept.jsonl]

The database is an SQLite file or a backup (of PostgreSQL too: `carepath backup`). `--seals` is an export of
the seals that was kept elsewhere; without it the public keys are taken from the database itself, which shows
changes by somebody without any key, but not by somebody who put keys of their own in its place.

It shares no line with carepath, so that both would have to be wrong in the same way, and finds what
`carepath verify` finds, at the same places, but for the identities: to look at these the keys of the site are
needed. Exit status 0: nothing found, 1: problems, each told in a line, 2: cannot be read.

Nothing is written, nor left beside the file. Check a backup, or a database with which nobody works.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from store.standalone_pack import check_pack, is_pack, read_pack, told_of_pack
from store.standalone_parts import (
    BEGINNING,
    ENTRY,
    TABLES,
    VIEW,
    Fault,
    Seal,
    canonical,
    follow,
    hashed,
    iso,
    plain,
    read,
    sha256,
    signed,
)

UNREADABLE = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What may come of a row that no carepath has written."""
Kept = tuple[dict[str, str], list[Seal], bool]
"""The public keys by name, the seals, and whether the export says how many these are."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Checks a carepath database without carepath.")
    parser.add_argument("database", type=Path)
    parser.add_argument("--seals", type=Path, help="an export of the seals that was kept elsewhere")
    asked = parser.parse_args(arguments)
    try:
        kept = read_kept(asked.seals) if asked.seals else None
        if is_pack(asked.database):
            said = read_pack(asked.database)
            return told(check_pack(said, kept), told_of_pack(said), kept, "pack")
        place = asked.database.resolve()
        logged = has_log(place)
        file = opened(place, logged)
        file.execute("SELECT count(*) FROM sqlite_master")
    except (OSError, *UNREADABLE) as error:
        print(f"cannot be read: {plain(error)}", file=sys.stderr)
        return 2
    problems = check(file, kept)
    counts = ", ".join(
        f"{count(file, table)} {name}"
        for table, name in (("ledger", "entries"), ("access", "views"), ("seal", "seals"))
    )
    if has_log(place) and not logged:
        print("cannot be read: somebody has begun to work with it; check a backup", file=sys.stderr)
        return 2
    against = f"; {compared(kept, count(file, 'seal'))}" if kept else ""
    file.close()
    return told(problems, counts, kept, "database", against)


def told(problems: list[str], counts: str, kept: Kept | None, whence: str, against: str = "") -> int:
    """Say what was found; answers the exit status."""
    for problem in problems:
        print(plain(problem))
    keys = "the keys kept elsewhere" if kept else f"the keys in the {whence} itself (give --seals for more)"
    print(plain(f"{counts}, by {keys}: {len(problems) or 'no'} problems{against}"))
    return 1 if problems else 0


def compared(kept: Kept, there: str) -> str:
    """How far the seals kept elsewhere reach."""
    _, seals, counted = kept
    upto = f", kept up to {str(signed_content(seals[-1]).get('made'))[:10]}" if seals else ""
    unsure = "" if counted else "; the export does not say how many it held, so it may have been cut"
    return f"compared with {len({str(one.get('number')) for one in seals})} of {there} seals{upto}{unsure}"


def has_log(place: Path) -> bool:
    """Whether a log of SQLite's stands beside the file, with what is not in it yet."""
    return any(place.with_name(place.name + end).exists() for end in ("-wal", "-journal"))


def opened(place: Path, logged: bool) -> sqlite3.Connection:
    """The database, only to read; where no log stands beside it, none is made there either."""
    file = sqlite3.connect(f"{place.as_uri()}?mode=ro{'' if logged else '&immutable=1'}", uri=True)
    file.text_factory = lambda raw: raw.decode(errors="replace")  # what is no text is no reason to stop
    return file


def count(file: sqlite3.Connection, table: str) -> str:
    try:
        return str(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # our table
    except sqlite3.Error:
        return "no readable"


def read_kept(place: Path) -> Kept:
    """The seals that were kept elsewhere. Raises ValueError for what is none of ours, or was cut."""
    first, *rest = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    whole = isinstance(first["keys"], dict) and all(isinstance(one, dict) for one in rest)
    if first["format"] != "carepath seals 1" or not whole:
        raise ValueError(f"{place} is no export of seals")
    if first.get("seals", len(rest)) != len(rest):
        raise ValueError(f"{place} was cut or added to: of {first['seals']} seals it holds {len(rest)}")
    return first["keys"], rest, "seals" in first


def check(file: sqlite3.Connection, kept: Kept | None) -> list[str]:
    """Everything wrong. Where one check cannot be brought to its end, that is told, and the others go on."""
    found: list[str] = []

    def look(where: str, at: Callable[..., Iterable[Any]], *given: Any) -> list[Any]:
        there: list[Any] = []
        try:
            there.extend(at(*given))
        except UNREADABLE as error:
            found.append(f"{where}: cannot be checked to the end: {error}")
        return there

    found += look("tables", tables, file)
    seals = look("seals", all_seals, file)
    here = dict(look("table site_key", site_keys, file))
    of_entries = look("entries", entries, file)
    of_entries += look("merges", merges, file)
    of_entries += look("sealed entries", not_as_sealed, file, {patient for patient, _ in of_entries})
    of_entries.sort(key=lambda one: (str(one[0]).zfill(12), str(one[1][0]).zfill(12)))
    found += [f"patient {patient}, entry {place}: {what}" for patient, (place, what) in of_entries]
    of_seals = look("seals", seal_chain, seals, kept[0] if kept else here, bool(kept))
    of_seals += look("sealed heads", under_seals, file, seals)
    found += [f"seal {number}: {what}" for number, what in of_seals]
    found += look("kept seals", not_as_kept, seals, here, kept) if kept else []
    of_views = look("access log", views, file)
    of_views += look("sealed access log", views_as_sealed, file, seals) if not of_views else []
    found += [f"access log, entry {number}: {what}" for number, what in of_views]
    of_desk = look("what was said at the desk", said_as_sealed, file, seals)
    found += [f"desk, entry {number}: {what}" for number, what in of_desk]
    found += look("judgements", judgements, file) if not of_views else []
    return found + look("pathway versions", pathways, file)


def tables(file: sqlite3.Connection) -> Iterator[str]:
    """Tables that are missing, triggers, which carepath does not make, and the one row that there must be."""
    there = set(file.execute("SELECT type, name FROM sqlite_master"))
    for name in TABLES:
        if ("table", name) not in there:
            yield f"table {name}: is missing"
    for kind, name in sorted(there):
        if kind == "trigger":
            yield f"trigger {name}: was not made by carepath"
    rows = file.execute("SELECT count(*) FROM carepath").fetchone()[0]
    if rows != 1:
        yield f"table carepath: holds {rows} rows, and must hold one"


def all_seals(file: sqlite3.Connection) -> Iterator[Seal]:
    query = "SELECT number, content, hash, signature FROM seal ORDER BY number"
    for number, content, digest, signature in file.execute(query):
        yield {"number": number, "content": content, "hash": digest, "signature": signature}


def site_keys(file: sqlite3.Connection) -> Iterable[Any]:
    return file.execute("SELECT name, proof FROM site_key WHERE kind = 'signing'")


# ---- entries and views ----


def entries(file: sqlite3.Connection) -> Iterator[tuple[Any, Fault]]:
    """Every patient's entries: from the first to the head."""
    heads = {id: (last, head) for id, last, head in file.execute("SELECT id, sequence, head FROM patient")}
    query = f"SELECT {', '.join(ENTRY)}, hash FROM ledger ORDER BY patient_id, seq"  # noqa: S608  # our columns
    for patient, rows in groupby(file.execute(query), key=lambda row: row[0]):
        chain = ((row[1], row[-2], row[-1], hashed(row[:-1], ENTRY.index("recorded"))) for row in rows)
        for fault in follow(chain, heads.pop(patient, None)):
            yield patient, fault
    for patient in heads:
        yield patient, (1, "is missing, and all others")


def merges(file: sqlite3.Connection) -> Iterator[tuple[int, Fault]]:
    """A merge names the entry at which another chain ended; there it must be as it was."""
    query = "SELECT patient_id, seq, payload FROM ledger WHERE kind = 'merge' ORDER BY patient_id, seq"
    for patient, seq, payload in file.execute(query).fetchall():
        said = read(payload)
        other, upto = said.get("patient"), said.get("sequence")
        if "head" in said and hash_at(file, other, upto) != said["head"]:
            yield patient, (seq, f"merged up to entry {upto} of patient {other}, which is not as it was")


def hash_at(file: sqlite3.Connection, patient: Any, seq: Any) -> str | None:
    if not (is_place(patient) and is_place(seq)):
        return None
    row = file.execute("SELECT hash FROM ledger WHERE patient_id = ? AND seq = ?", (patient, seq)).fetchone()
    return row[0] if row else None


def is_place(value: object) -> bool:
    """Whether it is a number as SQLite has them."""
    return isinstance(value, int) and abs(value) < 2**63


def not_as_sealed(file: sqlite3.Connection, told: set[Any]) -> Iterator[tuple[int, Fault]]:
    """Patients not told of yet whose entries are other than those that were sealed, or under no seal."""
    query = (
        "SELECT patient_id, sequence, head, seal FROM sealed_head"
        " WHERE seal IN (SELECT number FROM seal) ORDER BY patient_id, sequence"
    )
    for patient, rows in groupby(file.execute(query).fetchall(), key=lambda row: row[0]):
        ends = [(sequence, head, seal, hash_at(file, patient, sequence)) for _, sequence, head, seal in rows]
        if patient not in told:
            for fault in first_other(ends):
                told.add(patient)
                yield patient, fault
    query = (
        "SELECT id, sealed_sequence, coalesce(max(h.sequence), 0) FROM patient"
        " LEFT JOIN sealed_head h ON h.patient_id = id GROUP BY id"
    )
    for patient, marked, sealed in file.execute(query):
        upto = sealed if isinstance(sealed, int) else 0
        if patient not in told and not (isinstance(marked, int) and marked <= upto):
            yield patient, (upto + 1, "is marked as sealed, and is under no seal")


def first_other(ends: list[tuple[int, str, int, str | None]]) -> Iterator[Fault]:
    """Ends of a chain by place, as sealed and as they are: between which of them it is another one."""
    for place, sealed, seal, there in ends:
        if there != sealed:
            earlier = (end for end, *_ in ends[: ends.index((place, sealed, seal, there))] if end != place)
            before = max((end for end in earlier if is_place(end)), default=0)
            yield before + 1, f"is not as it was under seal {seal}, or one after it up to {place}"
            return


def views(file: sqlite3.Connection) -> Iterator[Fault]:
    """The access log, from the first entry to the end that is kept beside it."""
    query = f"SELECT {', '.join(VIEW)}, hash FROM access ORDER BY number"  # noqa: S608  # our columns
    rows = ((row[0], row[-2], row[-1], hashed(row[:-1], VIEW.index("at"))) for row in file.execute(query))
    end = file.execute("SELECT access_sequence, access_head FROM carepath").fetchone()
    return follow(rows, end or (0, BEGINNING))


def views_as_sealed(file: sqlite3.Connection, seals: list[Seal]) -> Iterator[Fault]:
    """The access log must be the one that was sealed."""
    there = {0: BEGINNING, **dict(file.execute("SELECT number, hash FROM access"))}
    ends = {(*end, one["number"]) for one in seals if (end := end_of(one, "access"))}
    return first_other([(place, head, seal, there.get(place)) for place, head, seal in sorted(ends)])


def said_as_sealed(file: sqlite3.Connection, seals: list[Seal]) -> Iterator[Fault]:
    """What was said at the desk must be what was sealed: a hash over all of it, entry after entry."""
    rows = file.execute("SELECT * FROM desk ORDER BY number")
    names = [column[0] for column in rows.description]
    there, last = {0: BEGINNING}, BEGINNING
    for row in rows:
        said = dict(zip(names, row, strict=True))
        last = there[said["number"]] = sha256(canonical([last, {**said, "at": iso(said["at"])}]))
    ends = {(*end, one["number"]) for one in seals if (end := end_of(one, "desk"))}
    return first_other([(place, head, seal, there.get(place)) for place, head, seal in sorted(ends)])


def end_of(one: Seal, what: str) -> tuple[int, str] | None:
    """Where something ended, as a seal says; those from before this was signed say nothing."""
    end = signed_content(one).get(what)
    if isinstance(end, list) and [type(part) for part in end] == [int, str]:
        return end[0], end[1]
    return None


def judgements(file: sqlite3.Connection) -> Iterator[str]:
    """What reviewers judged, by the digests that stand in the access log."""
    logged = {}
    for (asked,) in file.execute("SELECT asked FROM access WHERE what = 'review' ORDER BY number"):
        said = read(asked)
        if "judgement" in said:
            logged[said["judgement"]] = said.get("digest")
    rows = file.execute("SELECT * FROM judgement ORDER BY seq")
    names = [column[0] for column in rows.description]
    for row in rows:
        said = {name: row[place] for place, name in enumerate(names)}
        if logged.pop(said["seq"], None) != sha256(canonical({**said, "recorded": iso(said["recorded"])})):
            yield f"judgement {said['seq']}: is not as the access log says it was written"
    for seq in sorted(map(str, logged)):
        yield f"judgement {seq}: is missing"


# ---- seals ----


def seal_chain(seals: list[Seal], keys: dict[str, str], from_elsewhere: bool) -> list[Fault]:
    """The seals one after the other, each as it was signed."""
    found: list[Fault] = []
    previous, number = BEGINNING, 0
    for one in seals:
        number += 1
        if one["number"] != number:
            found.append((number, "is missing"))
            number = one["number"]
        said = signed_content(one)
        if said.get("number") != number:
            found.append((number, "was altered after it was made"))
        elif said.get("previous") != previous:
            found.append((number, "does not follow the seal before it"))
        elif from_elsewhere and str(said.get("key")) not in keys:
            found.append((number, f"is signed with {said.get('key')}, a key that the kept seals do not name"))
        elif not signed(keys.get(str(said.get("key"))), one):
            found.append((number, "is not signed with a known key"))
        previous = one["hash"]
    return found


def under_seals(file: sqlite3.Connection, seals: list[Seal]) -> list[Fault]:
    """The heads of chains and the date of each seal must be those that were signed."""
    found: list[Fault] = []
    made = dict(file.execute("SELECT number, made FROM seal"))
    query = "SELECT patient_id, sequence, head FROM sealed_head WHERE seal = ? ORDER BY patient_id"
    for one in seals:
        number, said = one["number"], signed_content(one)
        if said and said.get("digest") != sha256(canonical(file.execute(query, (number,)).fetchall())):
            found.append((number, "the heads under it are not those that were signed"))
        if said and said.get("made") != iso(made[number]):
            found.append((number, "its date is not the one that was signed"))
    query = "SELECT DISTINCT seal FROM sealed_head WHERE seal > ? ORDER BY seal"
    left = file.execute(query, (max(made, default=0),))
    return found + [(number, "is missing, and heads under it are there") for (number,) in left]


def signed_content(one: Seal) -> dict[str, Any]:
    """What a seal says; nothing where that was altered."""
    return read(one["content"]) if one["hash"] == sha256(one["content"]) else {}


def not_as_kept(seals: list[Seal], keys: dict[str, str], kept: Kept) -> Iterator[str]:
    there, seals_kept, _ = kept
    for name, key in there.items():
        if keys.get(name) != key:
            yield f"signing key {name}: is another one than in the kept seals"
    for one in seals_kept:
        if one not in seals:
            yield f"seal {one['number']}: is not the one kept elsewhere"


# ---- pathway versions ----


def pathways(file: sqlite3.Connection) -> Iterator[str]:
    """Each version that an enrolment names must be kept under its name, with the content it had."""
    kept = {}
    query = "SELECT fingerprint, pathway, version, body FROM definition ORDER BY fingerprint"
    for fingerprint, pathway, version, body in file.execute(query):
        kept[fingerprint] = (pathway, version)
        if fingerprint != f"sha256:{sha256(body)}":
            yield f"{version_named(pathway, version, fingerprint)}: was altered after it was kept"
    query = "SELECT DISTINCT payload FROM ledger WHERE kind = 'enrolment'"
    named = {one for (payload,) in file.execute(query) for one in versions_in(payload)}
    for pathway, version, fingerprint in sorted(named):
        if kept.get(fingerprint) != (pathway, version):
            what = "is kept under another name" if fingerprint in kept else "is missing, with patients in it"
            yield f"{version_named(pathway, version, fingerprint)}: {what}"


def versions_in(enrolment: str) -> Iterator[tuple[str, str, str]]:
    """The versions that an enrolment names; what else it was altered into is told by its hash."""
    versions = read(enrolment).get("pathways")
    for one in versions if isinstance(versions, list) else []:
        said = one if isinstance(one, dict) else {}
        pathway, version, fingerprint = said.get("id"), said.get("version"), said.get("fingerprint")
        if isinstance(pathway, str) and isinstance(version, str) and isinstance(fingerprint, str):
            yield pathway, version, fingerprint


def version_named(pathway: str, version: str, fingerprint: str) -> str:
    return f"pathway {pathway} {version} ({fingerprint[:19]})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
