"""From the content of a message to its words: templates that ship, or a site's own by the same name.

`message.txt.j2` and `message.html.j2` are the two bodies, `subject.j2` is the subject; the words of all
three stand in `LANGUAGE/words.j2`, as macros. What a macro says is plain text, whoever asks: in HTML it is
escaped like everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
    select_autoescape,
)

from notifications.messages.page import Page


def written(name: str, page: Page, folder: Path | None) -> str:
    """A message by the template of this name. Raises jinja2.TemplateError for a site's that does not work."""
    templates = environment(folder)
    say = Say(templates.get_template(f"{page.language}/words.j2"))
    return templates.get_template(name).render(page=page, say=say)


class Say:
    """The macros of a template by their names, each giving plain text.

    Called by another template they would give HTML that counts as escaped, and is not.
    """

    def __init__(self, words: Template) -> None:
        self._macros = words.module

    def __getattr__(self, name: str) -> Callable[..., str]:
        macro = getattr(self._macros, name)
        return lambda *about: str(macro(*about)).strip()


@cache
def environment(folder: Path | None) -> Environment:
    """The templates that ship, those in the folder before them."""
    shipped = PackageLoader("notifications.messages")
    loaders: list[BaseLoader] = [FileSystemLoader(folder), shipped] if folder else [shipped]
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(("html.j2",), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # a message is not to be in words of before and after
    )
    made.filters.update({"english": english, "german": german})
    return made


def english(day: date) -> str:
    """`17 March 2025`, which nobody can read as another day."""
    return f"{day.day} {_months[day.month - 1]} {day.year}"


def german(day: date) -> str:
    """`17.03.2025`."""
    return f"{day:%d.%m.%Y}"


_months = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
