"""Every problem of a pathway at once, each with the author's file and line.

A check is a small function that gives problems; adding one is adding it to a list here. The promise: a
pathway without problems can be replayed for any story without raising.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from pathways.canonical_nodes import MAX_DEPTH
from pathways.checks import choices, declared, states, types, words
from pathways.checks.declarations import held
from pathways.checks.problem import Problem
from pathways.checks.shapes import Shapes
from pathways.checks.sites import Site, sites
from pathways.graph import walk
from pathways.pathway import Pathway
from pathways.roots import roots
from pathways.vocabulary import Vocabulary

__all__ = ["Problem", "check"]

OF_DECLARATIONS: Final[tuple[Callable[[Pathway], Iterator[Problem]], ...]] = (
    declared.duplicate_ids,
    declared.deviations_that_disagree,
    declared.unknown_names,
    declared.lifted_guards_not_asked,
    declared.without_statements,
    declared.deviations_never_raised,
    declared.empty_guards,
    declared.unknown_classes,
    declared.undeclared_settings,
    declared.ambiguous_names,
    states.last_rule_not_always,
    states.states_without_rule,
    states.unreachable_states,
    states.wrong_exits,
    states.competing_transitions,
    states.states_that_need_ticks,
    states.enrolments_by_time,
)
OF_NODES: Final[tuple[Callable[[Site], Iterator[str]], ...]] = (
    types.wrong_signatures,
    types.wrong_types,
    types.wrong_variables,
    choices.unsure_choices,
)
OF_WORDS: Final[tuple[Callable[[Site, Shapes], Iterator[str]], ...]] = (
    words.unknown_words,
    words.wrong_codes,
)


def check(
    pathway: Pathway,
    catalogue_ids: Collection[str],
    vocabulary: Vocabulary,
    conflict_ids: Collection[str] | None = None,
) -> list[Problem]:
    """All problems of the declarations, then those of their expressions.

    `catalogue_ids` are the ids of the guideline statements; with `conflict_ids` the conflicts that are named
    are checked too.
    """
    found = [problem for one in OF_DECLARATIONS for problem in one(pathway)]
    found += declared.unknown_event_types(pathway, vocabulary)
    found += declared.unknown_statements(pathway, catalogue_ids)
    found += declared.unknown_conflicts(pathway, conflict_ids)
    found += _of_expressions(pathway, vocabulary, conflict_ids)
    return list(dict.fromkeys(found))


def _of_expressions(
    pathway: Pathway, vocabulary: Vocabulary, conflict_ids: Collection[str] | None
) -> Iterator[Problem]:
    if _too_deep(pathway):
        yield Problem(
            f"pathway {pathway.id}", f"an expression is nested deeper than {MAX_DEPTH}", pathway.place
        )
        return
    expressions = tuple(held(pathway))
    shapes = Shapes(vocabulary)
    for one in expressions:
        yield from types.misplaced(one)
    for site in sites(expressions):
        broken = [m for one in OF_NODES for m in one(site)]
        meant = [] if broken else [m for each in OF_WORDS for m in each(site, shapes)]
        for message in (*broken, *meant, *_unknown_conflicts(site, conflict_ids)):
            yield Problem(site.where, message, site.place)


def _too_deep(pathway: Pathway) -> bool:
    depth: dict[object, int] = {}
    for node in walk(*roots(pathway)):
        depth[node] = 1 + max((depth[arg] for arg in node.args), default=0)
    return max(depth.values(), default=0) > MAX_DEPTH


def _unknown_conflicts(site: Site, conflict_ids: Collection[str] | None) -> Iterator[str]:
    if conflict_ids is not None and site.node.op == "undetermined":
        conflict = str(dict(site.node.params).get("conflict"))
        if conflict not in conflict_ids:
            yield f"there is no conflict {conflict!r}"
