"""The reference page of a pathway: its picture, all it declares in words, its settings and its sources.

Made of the same graph and the same sentences as everything else that is said of a pathway, so it cannot say
something else than the pathway does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from pathways.coverage import Use, uses
from pathways.diagram import mermaid
from pathways.guidelines.seeds import Seed
from pathways.guidelines.statements import Statement
from pathways.intended_use import IN_SHORT
from pathways.pathway import Pathway
from pathways.settings import DEFAULT_SETTINGS
from pathways.text import pathway_text
from pathways.vocabulary import SettingSpec, Vocabulary

_WRITTEN: Final = "<!-- Written by `python3 dev.py docs` from the pathway itself; a change here is lost. -->"
_INDEX: Final = f"""{_WRITTEN}

# The pathways

What each pathway says, in words: who is on it, where a patient may stand, what holds a step back, what is
due when, what counts as a departure, and the statements behind all of it with their grades as printed.
`carepath pathway text` tells the same, also under other settings.

| Pathway | States | Guards | Dates | Departures | Statements |
|---|---|---|---|---|---|
"""
_HEADING: Final = re.compile(r"^### (.+) `([a-z0-9-]+)`$")
_CODED: Final = re.compile(r"`([a-z0-9-]+)`")


def reference(
    pathway: Pathway, statements: Mapping[str, Statement], seeds: Mapping[str, Seed], vocabulary: Vocabulary
) -> str:
    """The page in Markdown, with settings at their defaults; ids lead to where they are explained."""
    title, _, told = pathway_text(pathway, DEFAULT_SETTINGS, statements).partition("\n")
    used = [one for id in uses([pathway]) if (one := statements.get(id))]
    anchors = _anchors(pathway, used)
    sections = [
        _WRITTEN,
        title,
        f"{IN_SHORT} None of its content has been clinically reviewed.",
        _contents(pathway, told),
        "## Picture",
        f"```mermaid\n{mermaid(pathway).strip()}\n```",
        "\n".join(_with_links(told.strip().splitlines(), anchors)),
        *_settings(pathway, vocabulary.settings),
        *_sources(pathway, used, seeds, anchors),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(sections)) + "\n"


def index(pathways: Sequence[Pathway]) -> str:
    """The page that leads to those of all pathways."""
    rows = (
        f"| [{one.title}]({one.id}.md) | {len(one.states)} | {len(one.guards)} | {len(one.timers)} "
        f"| {len({rule.code for rule in one.deviations})} | {len(uses([one]))} |\n"
        for one in pathways
    )
    return f"{_INDEX}{''.join(rows)}"


def _contents(pathway: Pathway, told: str) -> str:
    """Links to the sections."""
    titles = ["Picture", *re.findall(r"^## (.+)$", told, re.MULTILINE)]
    titles += [*(["Settings"] if pathway.settings else []), "Sources"]
    return " · ".join(f"[{title}](#{title.lower().replace(' ', '-')})" for title in titles)


def _anchors(pathway: Pathway, used: Iterable[Statement]) -> frozenset[str]:
    """What can be pointed at: guards, dates, departures and statements."""
    declared = (
        *(guard.id for guard in pathway.guards),
        *(timer.id for timer in pathway.timers),
        *(rule.code for rule in pathway.deviations),
    )
    return frozenset((*declared, *(one.id for one in used)))


def _with_links(lines: Iterable[str], anchors: frozenset[str]) -> Iterator[str]:
    """Headings become places to point at, ids elsewhere point there; the first of several headings counts."""
    placed: set[str] = set()
    for line in lines:
        heading = _HEADING.match(line)
        if not heading:
            yield _CODED.sub(lambda found: _linked(found[0], found[1], anchors), line)
        elif heading[2] in anchors and heading[2] not in placed:
            placed.add(heading[2])
            yield f'### <a id="{heading[2]}"></a>{heading[1]} `{heading[2]}`'
        else:
            yield line


def _linked(coded: str, id: str, anchors: frozenset[str]) -> str:
    return f"[{coded}](#{id})" if id in anchors else coded


def _settings(pathway: Pathway, specs: Mapping[str, SettingSpec]) -> Iterator[str]:
    if pathway.settings:
        yield "## Settings"
        rows = (
            f"| `{name}` | {_default(specs[name])} | {_allowed(specs[name])} |" for name in pathway.settings
        )
        yield "\n".join(("| Setting | Default | Allowed |", "|---|---|---|", *rows))


def _default(spec: SettingSpec) -> str:
    return f"{spec.default} {spec.field.unit}" if spec.field.unit else f"{spec.default}"


def _allowed(spec: SettingSpec) -> str:
    note = f"; {spec.field.note}" if spec.field.note else ""
    return _cell(f"{', '.join(map(str, spec.choices)) or spec.field.expected}{note}")


def _sources(
    pathway: Pathway, used: Sequence[Statement], seeds: Mapping[str, Seed], anchors: frozenset[str]
) -> Iterator[str]:
    """Every statement with its grade as printed, where it stands in its source, and what rests on it."""
    at_work = uses([pathway])
    yield "## Sources"
    for name, found in groupby(sorted(used, key=lambda one: (one.seed, one.lines)), key=lambda one: one.seed):
        yield f"### {seeds[name].title}\n\n{seeds[name].currency[:1].upper()}{seeds[name].currency[1:]}."
        rows = (
            f"| {_statement(one)} | {one.grade_text} | {_resting(at_work[one.id], anchors)} |"
            for one in found
        )
        yield "\n".join(("| Statement | Grade as printed | What rests on it |", "|---|---|---|", *rows))


def _statement(one: Statement) -> str:
    place = one.source_text.removeprefix(f"{one.document}, ")
    return f'<a id="{one.id}"></a>`{one.id}` {_cell(one.statement)} *{_cell(place)}*'


def _resting(at_work: Sequence[Use], anchors: frozenset[str]) -> str:
    """The declarations that name a statement; moves are only counted, there are many of them."""
    moves = sum(use.kind == "move" for use in at_work)
    named = [
        _linked(f"`{use.id}`", use.id, anchors) if use.id in anchors else f"{use.kind} `{use.id}`"
        for use in at_work
        if use.kind != "move"
    ]
    return ", ".join([*dict.fromkeys(named), *([f"{moves} move{'s' * (moves > 1)}"] if moves else [])])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
