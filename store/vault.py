"""Who the patients are, readable only with the keys: encrypted, and found through blind indexes.

A person is encrypted with AES-256-GCM (NIST SP 800-38D) under a random nonce, bound to the patient's number,
so that no row can be put in the place of another. What is searched for stands as an HMAC-SHA-256 of its plain
form: the same text gives the same index, and nothing leads back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from store.births import Births
from store.canonical import canonical
from store.errors import CannotOpen
from store.keys import Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

OPTION = "carepath_vault"
"""Where a connection carries the vault."""

_nonce_bytes = 12
_first = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Person:
    """Who a patient is. `reference` is the label by which the site asks; `numbers` by who gave them.

    `births` has what was held to be the date of birth before, where that was corrected.
    """

    reference: str
    name: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    birth_date: date | None = None
    births: Births | None = None


class Vault:
    """What the keys of a site can do with identities."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._index = list(keys.index.values())[::-1]

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return {name: AESGCM(key) for name, key in self.keys.vault.items()}

    def sealed(self, patient_id: int, person: Person) -> tuple[str, bytes]:
        """The name of the key in use, and the person as only its holder can read it."""
        said: list[object] = [person.reference, person.name, person.numbers, person.birth_date]
        if person.births:
            said += [person.births.first, person.births.said]
        return self._sealed(canonical(said).encode(), _bound(patient_id))

    def opened(self, patient_id: int, key: str, sealed: bytes) -> Person:
        """The person of a row. Raises CannotOpen where the row is not as it was written."""
        reference, name, numbers, born, *corrected = json.loads(self._written(patient_id, key, sealed))
        births = Births(_day(corrected[0]), corrected[1]) if corrected else None
        return Person(reference, name, numbers, _day(born), births)

    def reference(self, patient_id: int, key: str, sealed: bytes) -> str:
        """The label alone: a list has many rows. Raises CannotOpen as `opened` does."""
        reference: str
        reference, _ = _first.raw_decode(self._written(patient_id, key, sealed), 1)
        return reference

    def _written(self, patient_id: int, key: str, sealed: bytes) -> str:
        text = self._opened(key, sealed, _bound(patient_id))
        if text is None:
            raise CannotOpen(f"the identity of patient {patient_id} is not as it was written")
        return text.decode()

    def factor_sealed(self, account: int, secret: bytes) -> bytes:
        """What the second factor of an account is computed from, with the name of the key in front."""
        name, sealed = self._sealed(secret, _bound_factor(account))
        return name.encode() + b"\0" + sealed

    def factor_opened(self, account: int, kept: bytes) -> bytes:
        """The secret of a second factor. Raises CannotOpen where it is not as it was written."""
        name, _, sealed = kept.partition(b"\0")
        secret = self._opened(name.decode(errors="replace"), sealed, _bound_factor(account))
        if secret is None:
            raise CannotOpen(f"the second factor of account {account} is not as it was written")
        return secret

    def factor_is_late(self, kept: bytes) -> bool:
        """Whether a second factor is still sealed with an earlier key."""
        return kept.partition(b"\0")[0] != self.keys.in_use("vault")[0].encode()

    def _sealed(self, plain: bytes, bound: bytes) -> tuple[str, bytes]:
        name, _ = self.keys.in_use("vault")
        nonce = os.urandom(_nonce_bytes)
        return name, nonce + self._ciphers[name].encrypt(nonce, plain, bound)

    def _opened(self, key: str, sealed: bytes, bound: bytes) -> bytes | None:
        """None where it was not sealed with a key of this name, or for something else."""
        try:
            return self._ciphers[key].decrypt(sealed[:_nonce_bytes], sealed[_nonce_bytes:], bound)
        except _unreadable():
            return None

    def blind(self, kind: str, text: str) -> str:
        """The index under which a text of this kind is kept."""
        return _blind(self._index[0], kind, text)

    def blinds(self, kind: str, text: str) -> list[str]:
        """The indexes under which it is looked for: that of the key in use, then those of earlier keys."""
        return [_blind(key, kind, text) for key in self._index]

    def indexes(self, person: Person) -> set[tuple[str, str]]:
        """Every kind and index by which a person is found."""
        return _indexes(self._index[0], person)

    def finds(self, person: Person, indexes: set[tuple[str, str]]) -> bool:
        """Whether these are the indexes of a person, under the key in use or an earlier one."""
        return any(_indexes(key, person) == indexes for key in self._index)


def vault_of(connection: Connection) -> Vault:
    """The vault of the database a connection belongs to."""
    vault: Vault = connection.get_execution_options()[OPTION]
    return vault


def plain_words(name: str) -> Iterator[str]:
    """The words of a name, without accents, in small letters: 'Müller, Änne' is found as 'muller' 'anne'."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return iter("".join(c if c.isalnum() else " " for c in plain).split())


def plain_number(number: str) -> str:
    """A number without blanks and strokes, in capital letters."""
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isalnum())


def _indexes(key: bytes, person: Person) -> set[tuple[str, str]]:
    words = {("name", word) for word in plain_words(person.name or "")}
    numbers = {("number", plain_number(number)) for number in person.numbers.values()}
    return {
        (kind, _blind(key, kind, text)) for kind, text in {("reference", person.reference)} | words | numbers
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _blind(key: bytes, kind: str, text: str) -> str:
    return hmac.new(key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def _unreadable() -> tuple[type[Exception], ...]:
    """What is raised then: looked up only where something is."""
    from cryptography.exceptions import InvalidTag

    return InvalidTag, KeyError, ValueError


def _bound(patient_id: int) -> bytes:
    return f"patient {patient_id}".encode()


def _bound_factor(account: int) -> bytes:
    return f"second factor of account {account}".encode()
