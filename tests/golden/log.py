"""The golden log: what `replay --json` answered about known stories, kept whole and compared byte for byte.

`stories.jsonl.xz` holds 500 simulated patients as case files, `answers.jsonl.xz` every answer about them and
about the examples, `manifest.json` the fingerprint of these answers and the changes of answers that the
changelog told of when they were written. Only another entry under "Replay changed" lets them be written anew
(`python3 dev.py golden`).
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from cli.answers import Question
from cli.told import Manner, told

FOLDER: Final = Path(__file__).parent
PROJECT: Final = FOLDER.parents[1]
STORIES: Final = FOLDER / "stories.jsonl.xz"
ANSWERS: Final = FOLDER / "answers.jsonl.xz"
MANIFEST: Final = FOLDER / "manifest.json"
EXAMPLES: Final = PROJECT / "tests" / "examples"

_heading = re.compile(r"#+ ").match


def answers_now(folder: Path) -> Iterator[str]:
    """One line for each checkpoint: the examples, then the stories, which are unpacked into `folder`."""
    unpacked = folder / STORIES.stem
    unpacked.write_bytes(unpack(STORIES))
    for one in told(
        [*sorted(EXAMPLES.glob("*.yaml")), unpacked], Question(None, None, {}), Manner(True, False)
    ):
        assert one.error is None, one.error
        yield from one.out.splitlines()


def answers_kept() -> list[str]:
    return unpack(ANSWERS).decode().splitlines()


def unpack(file: Path) -> bytes:
    return lzma.decompress(file.read_bytes())


def pack(file: Path, lines: Sequence[str]) -> None:
    """The same lines give the same bytes."""
    content = "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))


def manifest(lines: Sequence[str]) -> str:
    """What belongs to these answers, with the changes of answers that the changelog told of by then."""
    seal = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return json.dumps({"answers": len(lines), "sha256": seal, "replay_changed": announced()}, indent=2) + "\n"


def unannounced() -> bool:
    """Whether the changelog tells of no change of answers beyond those of the last renewal."""
    return set(announced()) <= set(json.loads(MANIFEST.read_text(encoding="utf-8"))["replay_changed"])


def announced() -> list[str]:
    """The first line of every entry under a heading "Replay changed" of the changelog."""
    found: list[str] = []
    wanted = False
    for line in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines():
        if _heading(line):
            wanted = line.lstrip("# ") == "Replay changed"
        elif wanted and line.startswith("- "):
            found.append(line)
    return found


def difference(kept: str, now: str) -> str:
    """Where two answers about one case first part, in words."""
    before, after = json.loads(kept), json.loads(now)
    place = f"{before['case']} at {before['as_of']}"
    if (before["case"], before["as_of"]) != (after["case"], after["as_of"]):
        return f"{place} was answered where now {after['case']} at {after['as_of']} stands"
    return f"{place}{_parting(before, after)}"


def _parting(before: object, after: object) -> str:
    if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        name = next(name for name in before if before[name] != after[name])
        return f".{name}{_parting(before[name], after[name])}"
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        place = next(
            place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]
        )
        return f"[{place}]{_parting(before[place], after[place])}"
    return f": kept {json.dumps(before)}, now {json.dumps(after)}"
