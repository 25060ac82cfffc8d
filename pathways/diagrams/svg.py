"""DOT text drawn as SVG by Graphviz, and made fit for a page: accessible, each part with its tooltip."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_FONTS: Final = "Arial, Helvetica, Arimo, 'Liberation Sans', sans-serif"
_SECONDS: Final = 60


class DiagramError(Exception):
    """There is no Graphviz, or it cannot draw what it was given."""


def drawn(dot: str, title: str, description: str, name: str) -> str:
    """The drawing as SVG; `name` makes the ids of title and description unique on a page.

    Raises DiagramError.
    """
    root = ElementTree.fromstring(_run(dot))  # noqa: S314 - what our own Graphviz wrote
    for part in root.iter(f"{{{_SVG}}}g"):
        _with_tooltip(part)
    for text in root.iter(f"{{{_SVG}}}text"):
        text.set("font-family", _FONTS)
    _accessible(root, title, description, name)
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def graphviz() -> Path:
    """The program that draws: graphviz-pure beside this Python or on the PATH, else dot.

    Raises DiagramError where there is none.
    """
    beside = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))
    found = beside or shutil.which("graphviz-pure") or shutil.which("dot")
    if found is None:
        raise DiagramError("there is no Graphviz: install the package graphviz-pure, or put dot on the PATH")
    return Path(found)


def _run(dot: str) -> str:
    program = graphviz()
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell
            [program, "-Tsvg"], input=dot, capture_output=True, text=True, encoding="utf-8", timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DiagramError(f"{program.name} cannot be run: {error}") from error
    if done.returncode or not done.stdout:
        raise DiagramError(f"{program.name} cannot draw this: {done.stderr.strip()[:500]}")
    return done.stdout


def _with_tooltip(part: ElementTree.Element) -> None:
    """Graphviz puts tooltips on links that lead nowhere; here they become titles, which readers announce."""
    for group in [*part]:
        links = [one for one in group if one.tag == f"{{{_SVG}}}a"]
        for link in links:
            told = link.get(f"{_XLINK}title", "")
            index = [*part].index(group)
            part.remove(group)
            for offset, shape in enumerate([*link]):
                part.insert(index + offset, shape)
            _retitled(part, told)
    if (part.get("class") or "").startswith("node state"):
        _small_id(part)


def _retitled(part: ElementTree.Element, told: str) -> None:
    title = part.find(f"{{{_SVG}}}title")
    if title is not None and told:
        title.text = told


def _small_id(state: ElementTree.Element) -> None:
    """The last line of a state is its id."""
    *_, last = state.iter(f"{{{_SVG}}}text")
    last.set("font-size", "9.5")
    last.set("class", "id")
    last.set("fill-opacity", "0.75")


def _accessible(root: ElementTree.Element, title: str, description: str, name: str) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    root.set("style", "max-width: 100%; height: auto")
    for n, (tag, text) in enumerate((("title", title), ("desc", description))):
        id = f"{name}-{'title' if tag == 'title' else 'description'}"
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": id})
        element.text = text
        root.insert(n, element)
    whole = root.find(f"{{{_SVG}}}g")
    own = None if whole is None else whole.find(f"{{{_SVG}}}title")
    if whole is not None and own is not None:
        whole.remove(own)
