"""What the auditors' program does with an evidence pack: the chains in it, and the seal over their ends."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from store.standalone_parts import ENTRY, Fault, Seal, canonical, follow, read, sha256, signed

CHAIN = "chain.json"
"""The file of a pack in which the proof stands."""
PACK = "carepath evidence 1"


def is_pack(place: Path) -> bool:
    """Whether it is an evidence pack, or the proof out of one, and no database."""
    return place.suffix in (".zip", ".json")


def read_pack(place: Path) -> dict[str, Any]:
    """The proof in a pack. Raises ValueError for what is none, OSError where it cannot be read."""
    if place.suffix == ".zip":
        try:
            with zipfile.ZipFile(place) as whole:
                text = whole.read(CHAIN).decode()
        except (zipfile.BadZipFile, KeyError) as error:
            raise ValueError(f"{place} is no evidence pack: {error}") from None
    else:
        text = place.read_text(encoding="utf-8")
    said = read(text)
    if said.get("format") != PACK:
        raise ValueError(f"{place} is no evidence pack")
    return said


def check_pack(
    said: dict[str, Any], kept: tuple[dict[str, str], list[Seal], bool] | None = None
) -> list[str]:
    """Everything wrong: with the chains, with the seal, and with what is under it."""
    found: list[str] = []
    seal = said["seal"]
    if seal is None:
        found.append("seal: there is none, so that only the chain itself shows changes")
    else:
        keys = kept[0] if kept else said["keys"]
        found += [f"seal {seal['number']}: {what}" for what in of_seal(seal, said["heads"], keys)]
        if kept and seal not in kept[1]:
            found.append(f"seal {seal['number']}: is not among the seals kept elsewhere")
    for chain in said["chains"]:
        found += [f"patient {chain['patient']}, entry {place}: {what}" for place, what in of_chain(chain)]
        if seal is not None:
            found += [
                f"patient {chain['patient']}: {what}" for what in under(chain, said["heads"], chain["sealed"])
            ]
    return found


def of_seal(seal: Seal, heads: list[list[Any]], keys: dict[str, str]) -> list[str]:
    """A seal must be as it was signed, over these heads."""
    content = read(seal["content"]) if seal["hash"] == sha256(seal["content"]) else {}
    if content.get("number") != seal["number"]:
        return ["was altered after it was made"]
    found = []
    if not signed(keys.get(str(content.get("key"))), seal):
        found.append("is not signed with a known key")
    if content.get("digest") != sha256(canonical(heads)):
        found.append("the heads under it are not those that were signed")
    return found


def of_chain(chain: dict[str, Any]) -> list[Fault]:
    """The entries one after the other, each as it was hashed."""
    place = ENTRY.index("seq")
    rows = ((row[place], row[-2], row[-1], sha256(canonical(row[:-1]))) for row in chain["entries"])
    return list(follow(rows, tuple(chain["end"])))


def under(chain: dict[str, Any], heads: list[list[Any]], sealed: int | None) -> list[str]:
    """The entry at which a chain was sealed must be the one under the seal."""
    if sealed is None:
        return []
    there = [row[-1] for row in chain["entries"] if row[ENTRY.index("seq")] == sealed]
    under_it = [
        head for patient, sequence, head in heads if (patient, sequence) == (chain["patient"], sealed)
    ]
    return [] if there and there == under_it else [f"entry {sealed} is not the one under the seal"]


def told_of_pack(said: dict[str, Any]) -> str:
    """How much there was to check."""
    entries = sum(len(chain["entries"]) for chain in said["chains"])
    sealed = [json.dumps(chain["sealed"]) for chain in said["chains"]]
    return f"{entries} entries, under the seal up to entry {', '.join(sealed)}"
