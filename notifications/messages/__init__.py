"""What a message says, in the language of the person, from the present snapshot; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from coordination.entries import Person, Site
from notifications.messages.page import page
from notifications.messages.told import Open, Told
from notifications.messages.writer import written

__all__ = ["Open", "Told", "Words", "words"]


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words; the subject tells nothing about a patient."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


def words(
    person: Person,
    site: Site,
    told: Sequence[Told],
    kind: str,
    now: datetime,
    also: Open | None = None,
    templates: Path | None = None,
) -> Words:
    """A message to a person that tells these things. `also`: what is overdue of all their patients, told
    before or not; `templates`: a folder of the site whose templates take the place of those that ship.

    Raises jinja2.TemplateError for a template of the site that does not work.
    """
    content = page(person, site, told, kind, now, also)
    subject, text, html = (
        written(name, content, templates) for name in ("subject.j2", "message.txt.j2", "message.html.j2")
    )
    return Words(" ".join(subject.split()), text, html)
