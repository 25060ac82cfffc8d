"""The brief as Markdown and as one self-contained HTML file without scripts."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from engine.brief import Brief
from interop.brief_page import brief_page
from interop.html_page import rendered
from interop.markdown import escaped


def as_markdown(brief: Brief) -> str:
    """The page as Markdown that is readable as it stands."""
    return _markdown().get_template("brief.md.j2").render(page=brief_page(brief))


def as_html(brief: Brief) -> str:
    """The page as one HTML file: its style inside, nothing loaded, nothing executed."""
    return rendered("brief.html.j2", brief_page(brief))


@cache
def _markdown() -> Environment:
    """Every value goes through `escaped`, which guards against HTML and against Markdown."""
    return Environment(  # noqa: S701  # `finalize` escapes for Markdown, which autoescape cannot
        loader=PackageLoader("interop"),
        finalize=_finalized,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def _finalized(value: object) -> str:
    return escaped(str(value))
