"""Write the golden answers anew: `python3 dev.py golden`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.log import ANSWERS, MANIFEST, answers_kept, answers_now, manifest, pack, unannounced

REFUSAL = """\
The answers have changed, and the changelog does not say so. Add an entry under "Replay changed" in
CHANGELOG.md that names the cases concerned and the reason, then run this again.
"""


def renew() -> int:
    """Returns the exit status. An entry of the changelog serves once, so it is kept too."""
    with TemporaryDirectory() as folder:
        now = list(answers_now(Path(folder)))
    changed = not MANIFEST.exists() or now != answers_kept()
    if changed and MANIFEST.exists() and unannounced():
        print(REFUSAL, end="", file=sys.stderr)
        return 1
    if changed:
        pack(ANSWERS, now)
    MANIFEST.write_text(manifest(now), encoding="utf-8")
    print(f"{len(now)} answers written." if changed else "The answers are what they were.")
    return 0


if __name__ == "__main__":
    sys.exit(renew())
