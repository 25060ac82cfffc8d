"""The auditors' own program as one file, that needs Python and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from store import standalone_pack, standalone_parts, standalone_verifier

_imported: Final = re.compile(r"^from store\.(standalone_\w+) import (?:\([^)]*\)|.*)\n", re.M)
_parts: Final = {one.__name__.rpartition(".")[2]: one for one in (standalone_parts, standalone_pack)}


def program() -> str:
    """The program, with what it is made of in the place of the imports."""
    whole = Path(standalone_verifier.__file__).read_text(encoding="utf-8")
    return _imported.sub(lambda found: _body(found[1]), whole)


def _body(name: str) -> str:
    text = Path(str(_parts[name].__file__)).read_text(encoding="utf-8")
    return _imported.sub("", text.split("annotations\n", 1)[1])
