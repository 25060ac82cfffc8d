"""Worked patients: case files that ship beside a pathway, one folder for each, to be read by an author or a
clinician and run by `carepath pathway test`.
"""

from __future__ import annotations

from pathlib import Path

from pathways.pathway import Pathway

shipped = Path(__file__).parent / "library" / "worked"


def worked_files(pathway: Pathway, folder: Path = shipped) -> tuple[Path, ...]:
    """The case files of a pathway's worked patients, by name; none where it has none."""
    return tuple(sorted((folder / pathway.id).glob("*.yaml")))


def own_worked_files(folder: Path) -> tuple[Path, ...]:
    """The case files beside a pathway that does not ship: those in the folder `worked` of its own folder."""
    return tuple(sorted((folder / "worked").glob("*.yaml")))
