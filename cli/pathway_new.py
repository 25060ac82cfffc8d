"""`carepath pathway new`: a small pathway to start from, complete and checked, in a folder of its own."""

from __future__ import annotations

import re
from pathlib import Path
from shlex import quote
from typing import Annotated, Final

import typer

from cli.new_file import write_folder
from cli.output import print_json
from cli.status import BadInput, Status
from pathways.library import all_pathways

_TEMPLATE: Final = Path(__file__).parent / "data" / "new_pathway"
_FILES: Final = ("pathway.py", "vocabulary.yaml", "statements.yaml", "worked/first-patient.yaml")
_ID: Final = "new-pathway"

_is_id = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*").fullmatch


def new(
    id: Annotated[str, typer.Argument(metavar="ID", help="Small letters and digits, with - between words.")],
    out: Annotated[
        str,
        typer.Option("--out", metavar="FOLDER", help="Where to write it; default: a folder of that name."),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object with the files.")] = False,
) -> Status:
    """Write a small pathway to start from: its file, words, statements and one worked patient."""
    _refuse(id)
    folder = Path(out or id)
    files = [folder / name for name in _FILES]
    filled = (_filled((_TEMPLATE / name).read_text(encoding="utf-8"), id, folder) for name in _FILES)
    write_folder(dict(zip(files, (text.encode() for text in filled), strict=True)))
    if json:
        print_json({"pathway": id, "files": [str(file) for file in files]})
    else:
        print(_told(files, folder))
    return Status.OK


def _refuse(id: str) -> None:
    if not _is_id(id):
        raise BadInput(f"{id!r} is no id: small letters and digits, with - between words, like wound-care")
    if any(id in (one.id, one.key) for one in all_pathways()):
        raise BadInput(f"{id!r} is a pathway that ships; take another id")


def _filled(text: str, id: str, folder: Path) -> str:
    """The text for this pathway. Commands name the folder; elsewhere the id stands, its key or its title."""
    where = quote(str(folder))
    lines = (line.replace(_ID, where) if "carepath " in line else line for line in text.splitlines())
    title = id.replace("-", " ")
    filled = "\n".join(lines).replace(_ID, id).replace(_ID.replace("-", "_"), id.replace("-", "_"))
    return filled.replace("New pathway", f"{title[0].upper()}{title[1:]}") + "\n"


def _told(files: list[Path], folder: Path) -> str:
    written, where = "\n".join(f"  {file}" for file in files), quote(str(folder))
    return f"""Written, made up, to be replaced part by part:
{written}
Next:
  carepath pathway check {where}
  carepath pathway text {where}
  carepath pathway test {where}
docs/writing-a-pathway.md goes through it step by step."""
