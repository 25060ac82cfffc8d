"""One question put to both evaluators: the one that ships and the naive one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from engine import replay as shipping
from engine.naive import replay as naive
from engine.replay import Enrolment
from tests.properties.asking import Asked


def disagreements(enrolled: Sequence[Enrolment], asked: Asked) -> list[str]:
    """Where the two answers differ, in the snapshots and in what is shown beside them."""
    question = (asked.story, asked.as_of, asked.known_at)
    pathways = [(one.pathway, one.settings) for one in enrolled]
    shown = shipping.evidence_shown(enrolled, *question)
    return [
        *differing(
            shipping.replay_patient(enrolled, *question),
            naive.replay_patient(pathways, *question),
            "snapshot",
        ),
        *differing(
            {key: [asdict(one) for one in many] for key, many in shown.items()},
            naive.evidence(pathways, *question),
            "evidence",
        ),
    ]


def differing(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    """The innermost places at which two answers differ."""
    if ours == theirs:
        return
    if is_dataclass(ours) and type(ours) is type(theirs):
        for field in fields(ours):
            yield from differing(
                getattr(ours, field.name), getattr(theirs, field.name), f"{where}.{field.name}"
            )
    elif isinstance(ours, Mapping) and isinstance(theirs, Mapping) and ours.keys() == theirs.keys():
        for key, value in ours.items():
            yield from differing(value, theirs[key], f"{where}[{key}]")
    elif isinstance(ours, list | tuple) and isinstance(theirs, list | tuple) and len(ours) == len(theirs):
        for n, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differing(one, other, f"{where}[{n}]")
    else:
        yield f"{where}: shipping {ours!r}, naive {theirs!r}"
