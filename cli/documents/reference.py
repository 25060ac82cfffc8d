"""The pages that are written by program: the reference of all pathways, and the picture in the README."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pathways.diagram import svg
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways, main_pathway
from pathways.texts.reference import index, reference
from pathways.vocabulary import load_vocabulary

FOLDER: Final = Path("docs") / "pathways"
PICTURE: Final = Path("docs") / "images" / "oligometastatic-breast.svg"


def pages() -> dict[Path, str]:
    """Each file, by its place in the project, with what has to stand in it."""
    catalogue, vocabulary = load_catalogue(), load_vocabulary()
    of_pathways = {
        FOLDER / f"{one.id}.md": reference(one, catalogue.statements, catalogue.seeds, vocabulary)
        for one in all_pathways()
    }
    return {**of_pathways, FOLDER / "README.md": index(all_pathways()), PICTURE: svg(main_pathway())}


def left_over(project: Path) -> list[Path]:
    """Pages of pathways that ship no more."""
    wanted = {project / file for file in pages()}
    return sorted(file for file in (project / FOLDER).glob("*.md") if file not in wanted)
