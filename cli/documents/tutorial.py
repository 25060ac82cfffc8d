"""A page that is a tutorial: its files written, its commands run, its answers put where they stand.

A block that begins with `# FILE` is that file, with `# FILE, continued` a further part of it; a table (.csv)
is what stands below that line. A block in the
language `diff` names its file in the line `---` and replaces the lines marked `-` by those marked `+` that
follow. In a block in the language `console`, each line after `$ ` is a command, and what follows is its
answer.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

Run = Callable[[Sequence[str]], str]
"""Runs `carepath` with these words in the folder of the tutorial, and gives what it printed."""

_block = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_file = re.compile(r"# (\S+/\S+\.\w+)(, continued)?\n").match


class TutorialError(Exception):
    """The page cannot be followed; the message says where."""


class _Change(NamedTuple):
    old: str
    new: str


def answered(page: str, folder: Path, run: Run) -> str:
    """The page with the answers that its commands give, worked through in an empty folder.

    Raises TutorialError where a change does not fit its file.
    """

    def worked(found: re.Match[str]) -> str:
        language, content = found[1], found[2]
        if language == "console":
            content = "".join(_console(content, folder, run))
        elif language == "diff":
            _apply(content, folder)
        elif named := _file(content):
            _write(folder / named[1], content, anew=not named[2])
        return f"```{language}\n{content}```"

    return _block.sub(worked, page)


def files(page: str) -> list[str]:
    """The files that a reader of the page writes, in order."""
    found = (_file(content) for _, content in _block.findall(page))
    return list(dict.fromkeys(one[1] for one in found if one))


def _write(file: Path, content: str, anew: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".csv":
        content = content.partition("\n")[2]
    text = content if anew else file.read_text(encoding="utf-8") + "\n" + content.partition("\n")[2]
    file.write_text(text, encoding="utf-8")


def _apply(content: str, folder: Path) -> None:
    head, *lines = content.splitlines()
    file = folder / head.removeprefix("--- ")
    text = file.read_text(encoding="utf-8")
    for old, new in _changes(lines):
        if text.count(old) != 1:
            raise TutorialError(f"{head}: these lines stand there {text.count(old)} times, not once:\n{old}")
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def _changes(lines: Sequence[str]) -> Iterator[_Change]:
    """Each run of `-` lines with the run of `+` lines after it."""
    text = "\n".join(lines) + "\n"
    for found in re.finditer(r"((?:^-.*\n)+)((?:^\+.*\n)*)", text, re.MULTILINE):
        yield _Change(*("".join(f"{line[1:]}\n" for line in part.splitlines()) for part in found.groups()))


def _console(content: str, folder: Path, run: Run) -> Iterator[str]:
    for line in content.splitlines():
        if line.startswith("$ carepath "):
            yield f"{line}\n"
            yield from _answer(shlex.split(line)[2:], folder, run)


def _answer(words: Sequence[str], folder: Path, run: Run) -> Iterator[str]:
    """What the command prints, unless the reader is told to keep it in a file."""
    words, kept = (words[:-2], folder / words[-1]) if ">" in words else (words, None)
    printed = run(words)
    if kept:
        kept.write_text(printed, encoding="utf-8")
    else:
        yield from (f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
