"""Every setting with its meaning, what holds, who says so, and whether a source stands behind it.

Three kinds: what the machine says when carepath starts, what the site says at the desk, and what a team may
choose where the sources do not. Of secrets nothing is shown but that there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from coordination.entries import Site
from pathways.graph import Node, walk
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.roots import deviation_roots
from pathways.vocabulary import SettingSpec, load_vocabulary
from store import desk
from web.shown.site_kinds import KINDS
from web.visit import Visit

MEANINGS: Final = {
    "CAREPATH_DATABASE_URL": "The database; without it a file of whoever started carepath",
    "CAREPATH_USER": "Who looks and records on the command line",
    "CAREPATH_RECORDER": "The same, under its earlier name",
    "CAREPATH_KEY_FILE": "The file with the keys of the site; without it the one beside the database",
    "CAREPATH_KEYS": "The keys themselves, where secrets are handed over as variables",
    "CAREPATH_RETENTION_YEARS": "For how many years identities are kept after the last entry",
    "CAREPATH_PING_URL": "An address that a worker calls while all is well",
    "CAREPATH_KEEP_TRIES_DAYS": "For how many days it is kept when messages were handed over",
    "CAREPATH_CHANNELS": "The file with the channels by which messages leave",
    "CAREPATH_TEMPLATES": "The folder with the site's own words for messages",
    "CAREPATH_OIDC": "The file that says where people sign in who do so elsewhere (OpenID Connect)",
    "CAREPATH_BACKUPS": "The folder in which backups are made from the desk",
}
"""The settings of the machine by their variable (docs/command-line.md)."""
OF_PATHWAYS: Final = {
    "definition_profile": "Whose definition of oligometastatic disease is followed",
    "response_min_months": "For how long a response is to be maintained before metastasis-directed therapy",
    "response_anchor": "From when that counts: the first documented response, or the systemic therapy",
    "response_end": "What ends it: a response documented on or after its last day, or that day alone",
    "response_values": "Which responses count",
    "zoledronate_min_monthly_doses": "Monthly doses of zoledronate before it may be given every 12 weeks",
    "surveillance_phase1_years": "Years after primary surgery with a visit every three months",
    "post_mdt_anchor": "From when PET-CTs after MDT count: its last target, or its first",
    "counselling_same_day": "Whether counselling counts on the day itself, or only from the day after",
    "lead_days": "Days before its date from which something may be done",
    "grace_days": "Days after its date before something is overdue",
    "escalate_after_days": "Days of being overdue before something is escalated",
    "bma_start_grace_days": "Days from the first imaging with a bone metastasis to a bone-modifying drug",
    "ortho_grace_days": "Days from the imaging that lists the lesion to an orthopaedic evaluation",
    "cns_grace_days": "Days from progression in the central nervous system to its treatment or another line",
    "cord_grace_days": "Days from compression of the spinal cord to radiotherapy or surgery",
    "receptor_grace_days": "Days from the tissue result with a gained receptor to an answer to it",
}
"""What a team may choose where the sources do not, by its name in the vocabulary."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A setting of the machine: what holds, and whether the environment says so."""

    variable: str
    meaning: str
    value: str
    said: bool


@dataclass(frozen=True, slots=True)
class OfSite:
    """A setting of the site: what holds beside what would without the site's word, and who said it last."""

    name: str
    label: str
    value: object
    usual: object
    said_by: str


@dataclass(frozen=True, slots=True)
class OfPathways:
    """A setting of pathways: how many patients are followed by which value, the statements whose conditions
    or dates read it, and the open questions of the sources that name it.
    """

    spec: SettingSpec
    meaning: str
    allowed: str
    others: Mapping[object, int]
    statements: tuple[str, ...]
    conflicts: tuple[str, ...]
    pathways: tuple[str, ...]


def of_machine(visit: Visit) -> Iterator[Machine]:
    """What the environment says, or does not."""
    said = {one.variable: one for one in visit.place.house.settings}
    for variable, meaning in MEANINGS.items():
        found = said.get(variable)
        yield Machine(variable, meaning, found.value if found else "", found is not None and found.said)


def of_site(visit: Visit) -> Iterator[OfSite]:
    """What is said at the desk."""
    here, usual = visit.site.site.payload(), Site().payload()
    with visit.database.reading() as connection:
        entries = [one for one in desk.of_site(connection) if one.kind == Site.kind]
    before: Mapping[str, object] = usual
    by: dict[str, str] = {}
    for entry in entries:
        by |= {name: entry.recorder for name, value in entry.payload.items() if value != before.get(name)}
        before = entry.payload
    for control in KINDS["site"].controls(visit):
        name = control.name
        yield OfSite(name, control.label, here[name], usual[name], by.get(name, ""))


def of_pathways(everybody: list[Mapping[str, str | int]]) -> Iterator[OfPathways]:
    """What a team may choose where the sources do not."""
    for spec in load_vocabulary().settings.values():
        numbers = Counter(one.get(spec.name, spec.default) for one in everybody)
        numbers.pop(spec.default, None)
        yield OfPathways(
            spec,
            OF_PATHWAYS[spec.name],
            ", ".join(map(str, spec.choices)) or f"≥ {spec.field.minimum or 0:g}",
            dict(numbers.most_common()),
            read_by(spec.name),
            _conflicts(spec.name),
            tuple(one.title for one in all_pathways() if spec.name in one.settings),
        )


@cache
def read_by(setting: str) -> tuple[str, ...]:
    """The statements of conditions, due dates and deviations that read a setting; how early and how late
    something is told about is the project's own, whatever is told.
    """
    found: dict[str, None] = {}
    for pathway in all_pathways():
        if setting in pathway.settings:
            for statements, roots in _declared(pathway):
                if any(one.op == "setting" and one.param("name") == setting for one in walk(*roots)):
                    found |= dict.fromkeys(statements)
    return tuple(found)


def _declared(pathway: Pathway) -> Iterator[tuple[tuple[str, ...], list[Node]]]:
    """What asks something of a patient, with the statements behind it."""
    for guard in pathway.guards:
        for clause in guard.clauses:
            yield clause.statements, [clause.test]
    for timer in pathway.timers:
        yield timer.statements, [one for one in (timer.due, timer.each, timer.exists) if one is not None]
    for rule in pathway.deviations:
        yield rule.statements, [one for one in deviation_roots(rule) if one is not None]


@cache
def _conflicts(setting: str) -> tuple[str, ...]:
    known = load_catalogue().conflicts.values()
    return tuple(
        one.id for one in known if any(setting in text for text in (one.default, one.why, *one.open))
    )
