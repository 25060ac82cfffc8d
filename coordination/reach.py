"""Whose patients an account that is limited to teams may see: those of the teams, and of their members."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from coordination.site_desk import SiteDesk
from store import desk


def owners(site: SiteDesk, teams: Collection[str]) -> frozenset[str]:
    """The names under which patients of these teams are owned."""
    members = (name for team in teams if team in site.teams for name in site.teams[team].members)
    return frozenset(teams) | frozenset(members)


def within(connection: Connection, site: SiteDesk, teams: Collection[str], number: int) -> bool:
    """Whether a patient is one of these teams."""
    return bool(those_within(connection, site, teams, [number]))


def those_within(
    connection: Connection, site: SiteDesk, teams: Collection[str], numbers: Collection[int]
) -> set[int]:
    """Those of these patients who are these teams'."""
    theirs = owners(site, teams)
    return {one for one, owner in desk.owners_of(connection, numbers).items() if owner in theirs}
