"""The secret keys of a site: they encrypt identities, blind what is searched for, and sign the chain.

They are kept apart from the database (`docs/keys.md`): who has one without the other learns nobody's name and
can forge nothing. A database keeps a proof of each key, so that a wrong one is refused at once.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from store import whole_file
from store.errors import CannotOpen

FORMAT = "carepath keys 1"
_bytes = 32
KINDS = ("vault", "index", "signing")
"""AES-256 for identities, HMAC-SHA-256 for what is searched for, Ed25519 (RFC 8032) for signatures."""

Named = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of each kind by their names, the one in use last; earlier ones read what they wrote."""

    vault: Named = field(repr=False)
    index: Named = field(repr=False)
    signing: Named = field(repr=False)

    def of(self, kind: str) -> Named:
        found: Named = getattr(self, kind)
        return found

    def in_use(self, kind: str) -> tuple[str, bytes]:
        """The name and the key that is used for what is new."""
        return list(self.of(kind).items())[-1]

    def rotated(self, kind: str) -> Keys:
        """With a new key of this kind in use, the earlier ones kept."""
        known = self.of(kind)
        return replace(self, **{kind: {**known, f"{kind}-{len(known) + 1}": secrets.token_bytes(_bytes)}})

    def proofs(self) -> dict[str, tuple[str, str]]:
        """By name: the kind, and what shows that a key is this one without telling it (signing: public)."""
        return {
            name: (kind, _public(key) if kind == "signing" else _proof(name, key))
            for kind in KINDS
            for name, key in self.of(kind).items()
        }


def new_keys() -> Keys:
    """Keys that nobody else has."""
    return Keys(**{kind: {f"{kind}-1": secrets.token_bytes(_bytes)} for kind in KINDS})


def written(keys: Keys) -> str:
    """The text of a key file."""
    named = {
        kind: {name: base64.b64encode(key).decode() for name, key in keys.of(kind).items()} for kind in KINDS
    }
    return json.dumps({"format": FORMAT, **named}, indent=2) + "\n"


def read_keys(text: str, whence: str) -> Keys:
    """The keys of a text; `whence` says where it stands. Raises CannotOpen, without telling any of it."""
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise ValueError
        keys = Keys(**{kind: {str(n): _key(k) for n, k in said[kind].items()} for kind in KINDS})
        if not all(keys.of(kind) for kind in KINDS):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CannotOpen(f"{whence} holds no keys of carepath; `carepath keys new FILE` makes some") from None
    return keys


def read_file(place: Path) -> Keys:
    """The keys of a file that only its owner may read. Raises CannotOpen."""
    try:
        if os.name != "nt" and place.stat().st_mode & 0o077:
            raise CannotOpen(f"{place} may be read by others: `chmod 600 {place}`, and consider new keys")
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotOpen(f"the key file {place} cannot be read: {_reason(error)}") from None
    return read_keys(text, str(place))


def write_file(place: Path, keys: Keys) -> None:
    """Write a key file that only its owner may read, whole or not at all; nothing is overwritten.

    Raises CannotOpen.
    """
    with _whole(place, keys) as whole:
        os.link(whole, place)


def replace_file(place: Path, keys: Keys, kept: Path) -> None:
    """Put keys in the place of those in a file, which stay in `kept`. Raises CannotOpen."""
    before = read_file(place)
    if not (kept.exists() and read_file(kept) == before):  # somebody was interrupted here
        write_file(kept, before)
    with _whole(place, keys) as whole:
        whole.replace(place)


@contextlib.contextmanager
def _whole(place: Path, keys: Keys) -> Iterator[Path]:
    """A file with all of it on the disk, to be put into its place, where it survives a power cut."""
    try:
        with whole_file.beside(place, written(keys).encode(), 0o600) as whole:
            yield whole
        whole_file.settle(place.parent)
    except OSError as error:
        raise CannotOpen(f"the key file {place} cannot be written: {_reason(error)}") from None


def beside(place: Path) -> Path:
    """Where the keys of an SQLite file are looked for unless somebody says otherwise."""
    return place.with_name(f"{place.name}.keys")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or "it is no text"


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _bytes:
        raise ValueError
    return key


def _proof(name: str, key: bytes) -> str:
    return hmac.new(key, f"proof of {name}".encode(), hashlib.sha256).hexdigest()


def _public(key: bytes) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()
