"""The page of words with a fixed meaning, from which every page takes its help."""

from __future__ import annotations

from starlette.responses import Response

from web.rules import HOLDERS, Pages
from web.visit import Visit
from web.words import words

PAGES = Pages()


@PAGES.get("/glossary", HOLDERS)
def glossary(visit: Visit) -> Response:
    """All words, in the language of who asks."""
    return visit.page("glossary.html", parts=words(visit.looks.language))
