"""The mappings that ship with carepath, by name, and those of a site by their file."""

from __future__ import annotations

from pathlib import Path

from interop.mapping import TableMapping
from interop.mapping_file import BadMapping, MappingFault, read_mapping
from pathways.vocabulary import closest

_folder = Path(__file__).with_name("mappings")


def shipped_names() -> list[str]:
    """The names of the mappings that ship."""
    return sorted(path.stem for path in _folder.glob("*.toml"))


def shipped_file(name: str) -> Path | None:
    """The file of a mapping that ships; None where there is none of this name."""
    return _folder / f"{name}.toml" if name in shipped_names() else None


def mapping_file(said: str) -> Path:
    """The file that is meant by a name or a path. Raises BadMapping where it is neither."""
    path = shipped_file(said) or Path(said)
    if path.suffix.lower() == ".toml":
        return path
    names = shipped_names()
    told = f"there is no mapping of this name{closest(said, names)}; those that ship: {', '.join(names)}"
    fault = MappingFault(None, "", f"{told}. A mapping of your own is a file that ends in .toml")
    raise BadMapping(said, [fault])


def find_mapping(said: str) -> TableMapping:
    """The mapping that is meant by a name or a path. Raises BadMapping."""
    return read_mapping(mapping_file(said))
