"""The diagram of a pathway as a part of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from pathways.diagram import svg
from pathways.pathway import Pathway
from web.render import translated

_forbidden: Final = re.compile(r'\sstyle="[^"]*"|<\?xml[^>]*\?>|<!DOCTYPE[^>]*>')
"""What a strict content security policy does not let through."""


def drawn(pathway: Pathway, language: str, current: str = "", walked: Sequence[str] = ()) -> Markup:
    """The picture in a language, with where a patient is and came by. Raises DiagramError where nothing can
    draw it.
    """
    picture = svg(pathway, current, walked, lambda text: translated(text, language))
    return Markup(_forbidden.sub("", picture))  # noqa: S704 - drawn by our own Graphviz from our own pathway
