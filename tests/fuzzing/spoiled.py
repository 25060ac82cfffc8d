"""What was right, made wrong: bytes flipped, cut, joined; values of a tree exchanged, renamed, repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from tests.fuzzing.odd import nested, odd_text, odd_value

_pieces = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\r", b"\n", b"\t", b'"', b"'",
    b"{", b"}", b"[", b"]", b":", b",", b";", b"- ", b"&a ", b"*a", b"!!int ", b"<<: ", b"? ", b"| ", b"#",
    b"%YAML 9\n",
    b"---\n", b"...\n", b"\\u0000", b"\\ud800", b"null", b"-1", b"9" * 5000, b"[" * 3000, b'{"a":' * 3000,
)  # fmt: skip


def spoiled_bytes(data: bytes, chance: Random) -> bytes:
    """A few places of the data are not what they were."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        chance.choice(_bytewise)(found, chance)
    return bytes(found)


def recoded(data: bytes, chance: Random) -> bytes:
    """The same text in an encoding that nobody asked for."""
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-32-be", "latin-1", "utf-8-sig", "cp037")), "replace")


def noise(chance: Random) -> bytes:
    """Bytes without any sense."""
    return chance.randbytes(chance.choice((0, 1, 2, 7, 60, 400)))


def spoiled_tree(tree: Any, chance: Random) -> Any:
    """A copy of plain values with one to three of them changed."""
    box = [deepcopy(tree)]
    for _ in range(chance.choice((1, 1, 2, 3))):
        if places := _places(box):
            chance.choice(_treewise)(*chance.choice(places), chance)
    return box[0] if box else None


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every container with each of its keys; what holds most is not chosen most."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        keys: Sequence[Any] = list(node) if isinstance(node, dict) else range(len(node))
        found += [(node, key) for key in keys]
        waiting += [node[key] for key in keys if isinstance(node[key], (dict, list))]
    return found


def _flip(data: bytearray, chance: Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data) + 1)
    del data[start : start + chance.choice((1, 2, 10, 100, len(data)))]


def _insert(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data) + 1)
    data[start:start] = chance.choice(_pieces)


def _repeat(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((1, 5, 40, 200))]
    data[start:start] = piece * chance.choice((1, 2, 30))


def _overwrite(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data) + 1)
    piece = chance.choice(_pieces)
    data[start : start + len(piece)] = piece


_bytewise: tuple[Callable[[bytearray, Random], None], ...] = (_flip, _cut, _insert, _repeat, _overwrite)


def _replace(place: Any, key: Any, chance: Random) -> None:
    place[key] = odd_value(chance)


def _delete(place: Any, key: Any, chance: Random) -> None:
    del place[key]


def _rename(place: Any, key: Any, chance: Random) -> None:
    if isinstance(place, dict):
        place[chance.choice((odd_text(chance), f"{key}s", *place))] = place.pop(key)


def _wrap(place: Any, key: Any, chance: Random) -> None:
    place[key] = nested(place[key], chance.choice((1, 2, 50)), chance)


def _retype(place: Any, key: Any, chance: Random) -> None:
    value = place[key]
    place[key] = list(value) if isinstance(value, (str, dict)) else str(value)


def _swap(place: Any, key: Any, chance: Random) -> None:
    other = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
    place[key], place[other] = place[other], place[key]


def _again(place: Any, key: Any, chance: Random) -> None:
    if isinstance(place, list):
        place.extend(deepcopy(place[key]) for _ in range(chance.choice((1, 1, 1, 3, 1100))))


def _add(place: Any, key: Any, chance: Random) -> None:
    if isinstance(place, dict):
        place[odd_text(chance)] = odd_value(chance)


_treewise: tuple[Callable[[Any, Any, Random], None], ...] = (
    _replace, _replace, _delete, _rename, _wrap, _retype, _swap, _again, _add,
)  # fmt: skip
