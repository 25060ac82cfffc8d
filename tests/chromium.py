"""A web browser without a window, for what has to be tried in one."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"),
    *("--disable-component-update", "--disable-sync", "--no-first-run", "--disable-extensions"),
)


def run_script(folder: Path, script: str, *libraries: Path) -> Any:
    """What a script answers (its last line is `return ...`) in a page with these libraries.

    Without a browser the test is skipped; on a build server, where CI is set, it fails.
    """
    scripts = [f"<script>{library.read_text(encoding='utf-8')}</script>" for library in libraries]
    page = folder / "page.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><pre id=answer></pre>{''.join(scripts)}"
        f"<script>document.getElementById('answer').textContent = JSON.stringify((() => {{{script}}})())"
        "</script>",
        encoding="utf-8",
    )
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [found_browser(), "--headless", *OPTIONS, profile, "--dump-dom", page.as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    (answer,) = re.findall(r'<pre id="answer">(.*?)</pre>', ran.stdout, re.DOTALL)
    assert answer, ran.stderr
    return json.loads(html.unescape(answer))


def found_browser() -> str:
    """The program; without one the test is skipped, and on a build server it fails."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        told = "no chromium on this machine: the browser tests do not run (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return found
