"""Raw cases out of a file: YAML, JSON or one JSON object per line, UTF-8 throughout.

They come one by one, each with what was wrong in its notation; a file that breaks off raises BrokenFile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

from interop.json_source import JsonSource
from interop.located import BrokenFile, Located, Problem, line_of
from interop.yaml_source import YamlSource, check_syntax

TABLES = (".csv", ".tsv", ".xlsx")
"""Endings of long tables, which are read elsewhere."""

largest_file = 256_000_000
"""Bytes of a YAML file, which is held as text while its cases are read one by one."""

largest_json = 64_000_000
"""Bytes of a JSON file, or of one line of JSON lines, which become values as a whole."""

read_ahead = 1_000_000
"""Characters up to which a YAML file is read to its end before its first case is used."""

_no_case = "the file holds no case"

_beside_cases = frozenset({"title", "tags", "note"})


class RawCase(NamedTuple):
    """A case as it was written, with the problems of its notation.

    `located` reads it once more, slowly, for its lines, where the first reading has none.
    """

    content: object
    line: int | None
    problems: tuple[Problem, ...] = ()
    located: Callable[[], RawCase | None] | None = None


def file_cases(path: Path) -> Iterator[RawCase]:
    """The raw cases of a file, read by its ending: .json, .jsonl, .ndjson, else YAML. Raises BrokenFile."""
    ending = path.suffix.lower()
    if ending in TABLES:
        raise BrokenFile(None, "this is a table, not a case file; `carepath import` reads tables")
    try:
        if ending in (".jsonl", ".ndjson"):
            yield from _json_lines(path)
        else:
            yield from text_cases(_text(path), only_json=ending == ".json")
    except OSError as error:
        raise BrokenFile(None, f"the file cannot be read: {error.strerror}") from None


def text_cases(text: str, *, only_json: bool = False) -> Iterator[RawCase]:
    """The raw cases of a text: JSON where it is JSON, else YAML. Raises BrokenFile."""
    source = _json(text, only_json)
    if source is None:
        yield from _yaml_cases(text)
        return
    located = _read_again(text)
    for number, case in enumerate(_cases_of(source)):
        yield case._replace(located=partial(located, number))


def decoded(data: bytes, first_line: int = 1) -> str:
    """UTF-8 text, with or without a byte order mark. Raises BrokenFile with byte and line of what is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        told = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8; save the file as UTF-8"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            told = "byte 0: the file is UTF-16; save it as UTF-8"
        raise BrokenFile(line, told) from None


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return text_of(file, largest_json if path.suffix.lower() == ".json" else largest_file)


def text_of(file: BinaryIO, largest: int | None = None) -> str:
    """All of a file as text. Raises BrokenFile, also for one that is too large or does not end."""
    limit = largest_file if largest is None else largest
    data = file.read(limit + 1)
    if len(data) > limit:
        told = f"the file has more than {limit // 1_000_000} MB"
        raise BrokenFile(None, f"{told}: split it, or write one case a line as JSON (.jsonl)")
    return decoded(data)


def _json(text: str, only_json: bool) -> JsonSource | None:
    """None where the text is better read as YAML, which also tells the lines of keys that stand twice."""
    if not only_json and not text.lstrip().startswith("{"):
        return None
    try:
        source = JsonSource(text)
    except BrokenFile:
        if only_json:
            raise
        return None
    return None if source.repeated else source


def _yaml_cases(text: str) -> Iterator[RawCase]:
    if len(text) <= read_ahead:
        yield from list(_cases_of(YamlSource(text)))
    else:
        check_syntax(text)
        yield from _cases_of(YamlSource(text))


def _read_again(text: str) -> Callable[[int], RawCase | None]:
    """The cases of a JSON text by number, read as YAML for their lines; None where YAML is stricter."""

    @cache
    def cases() -> Sequence[RawCase]:
        try:
            return list(_cases_of(YamlSource(text)))
        except BrokenFile:
            return ()

    return lambda number: cases()[number] if number < len(cases()) else None


def _json_lines(path: Path) -> Iterator[RawCase]:
    """One JSON case a line; a broken line does not stop the others."""
    empty = True
    with path.open("rb") as file:
        for number in count(1):
            data = file.readline(largest_json + 1)
            if not data:
                break
            if len(data) > largest_json:
                raise BrokenFile(number, f"the line has more than {largest_json // 1_000_000} MB")
            if data.strip():
                empty = False
                yield from _json_line(data, number)
    if empty:
        raise BrokenFile(None, _no_case)


def _json_line(data: bytes, number: int) -> Iterator[RawCase]:
    try:
        yield from _cases_of(JsonSource(decoded(data.rstrip(), number), number))
    except BrokenFile as broken:
        yield RawCase(None, number, (broken.problem._replace(line=number),))


def _cases_of(source: JsonSource | YamlSource) -> Iterator[RawCase]:
    """The items of `vignettes`, or the one case that the document is. Raises BrokenFile."""
    rest = Located(1)
    listed = False
    for key, value, line in source.parts("vignettes"):
        if key is None:
            listed = True
            yield RawCase(value, line, source.take_problems())
        else:
            rest[key] = value
            rest.set_line(key, line)
    problems = source.take_problems()
    if listed:
        yield from _beside(rest, problems)
    else:
        yield _only_case(rest, problems)


def _only_case(rest: Located, problems: tuple[Problem, ...]) -> RawCase:
    line = min(rest.lines.values(), default=None)
    if not rest:
        raise BrokenFile(line, _no_case)
    if "" in rest and len(rest) == 1:
        raise BrokenFile(line, "a case file is a mapping: `vignettes` with a list of cases, or one case")
    if "vignettes" in rest:
        raise BrokenFile(line_of(rest, "vignettes"), "'vignettes' must be a list of cases")
    return RawCase(rest, line, problems)


def _beside(rest: Located, problems: tuple[Problem, ...]) -> Iterator[RawCase]:
    """What may not stand beside the list of cases, as a case of its own that will be refused."""
    strange = [key for key in rest if key not in _beside_cases]
    told = "a file holds one case, or a list of cases under 'vignettes'"
    found = [
        Problem(line_of(rest, key), f"{key!r} cannot stand beside 'vignettes': {told}") for key in strange
    ]
    if problems or found:
        yield RawCase(None, None, (*problems, *found))
