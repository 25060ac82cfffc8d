"""What programs are answered about statements of the sources, and where these disagree."""

from __future__ import annotations

from datetime import date

from web.api.values import Anything, Model


class StatementRow(Model):
    """A statement in short: its place in the source and its grade as printed; `review`: agrees, differs or
    not_reviewed at this site. `content` is the fingerprint of all it says.
    """

    id: str
    statement: str
    source: str
    grade: str
    obligation: str
    review: str
    content: str


class Statements(Model):
    """The statements that were asked for."""

    statements: tuple[StatementRow, ...]


class Reading(Model):
    """Who read a statement against its source, and the result; `outdated`: it said something else then."""

    reader: str
    read_on: date
    verdict: str
    note: str
    outdated: bool


class Statement(StatementRow):
    """A statement in full, who read it, the pathways that rest on it, and the conflicts that name it."""

    declared: Anything
    readings: tuple[Reading, ...]
    pathways: tuple[str, ...]
    conflicts: tuple[str, ...]


class Position(Model):
    """What one or more statements say on a matter."""

    text: str
    statements: tuple[str, ...]


class Conflict(Model):
    """A matter on which the sources differ; `default` is what is taken, `open` what no source decides."""

    id: str
    title: str
    section: str
    positions: tuple[Position, ...]
    default: str
    why: str
    open: tuple[str, ...]
    remarks: tuple[str, ...]


class Conflicts(Model):
    """Where the sources disagree or stay open."""

    conflicts: tuple[Conflict, ...]
