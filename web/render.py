"""Templates, in the language and with the looks of who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from pathways.worded import ENGLISH, pieces

ROOM: Final = Path(__file__).parent
STATIC: Final = ROOM / "static"
LANGUAGES: Final = ("en", "de")
THEMES: Final = ("", "light", "dark")
DENSITIES: Final = ("", "roomy")
_months: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez."),
}
_weekdays: Final = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How pages look to somebody: an empty theme goes with the system, an empty density is the usual."""

    language: str = "en"
    theme: str = ""
    density: str = ""


def rendered(template: str, look: Look, values: Mapping[str, Any]) -> str:
    """A template filled in. Whatever stands in `values` is escaped."""
    return _environment().get_template(template).render(look=look, **values)


def translated(text: str, language: str) -> str:
    """A text of the application or of a pathway in a language; as it stands where nobody translated it."""
    if language == ENGLISH:
        return text
    found = texts(language).get(text)
    return "".join(piece for piece, _ in told_in(text, language)) if found is None else found


def told_in(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """A text of a pathway piece by piece, each with whether it is still English; words of the application in
    it are found as well.
    """
    own = texts(language)
    for piece, english in pieces(text, language):
        yield (own[piece], False) if english and piece in own else (piece, english)


@cache
def texts(language: str) -> Mapping[str, str]:
    """The translations into a language, by the English text."""
    found: dict[str, str] = {}
    for file in sorted(ROOM.glob(f"texts/{language}*.yaml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def in_words(day: date, today: date, language: str) -> str:
    """A day that nobody misreads: 17 Nov 2026, or 17 Nov within the twelve months around today."""
    month = _months[language][day.month - 1]
    near = abs((day - today).days) < 360
    told = f"{day.day}.\N{NO-BREAK SPACE}{month}" if language == "de" else f"{day.day} {month}"
    return told if near else f"{told} {day.year}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(t=_t, static=static, icon=icon, form_key=_form_key, refusal=_refusal)
    made.filters.update(t_=_t, day=_day, weekday=_weekday, moment=_moment, month=_month, plural=_plural)
    made.filters.update(number=_number)
    made.filters.update(worded=_worded, worded_text=_worded_text)
    return made


@pass_context
def _t(context: Context, text: str, **values: object) -> str:
    """A text in the language of who asks, with these values in their places; without any, braces are what
    somebody typed.
    """
    said = translated(text, context["look"].language)
    return escape(said).format(**values) if values else said


@pass_context
def _worded(context: Context, text: str) -> Markup:
    """Words of a pathway or of the vocabulary in the language of who asks; what is still English says so."""
    language = context["look"].language
    if language == ENGLISH:
        return escape(text)
    return Markup().join(
        _ENGLISH.format(piece) if english else escape(piece) for piece, english in told_in(text, language)
    )


_ENGLISH: Final = Markup('<span lang="en">{}</span>')


@pass_context
def _worded_text(context: Context, text: str) -> str:
    """The same where no element can stand: in an attribute, an option, a drawing."""
    return translated(text, context["look"].language)


def number_words(number: float, language: str, places: int | None = None) -> str:
    """`12.5`, in German `12,5`; with so many places, or as many as it has."""
    told = f"{number:g}" if places is None else f"{number:.{places}f}"
    return told.replace(".", ",") if language == "de" else told


@pass_context
def _number(context: Context, number: float, places: int | None = None) -> str:
    return number_words(number, context["look"].language, places)


@pass_context
def _plural(context: Context, number: int, one: str, many: str) -> str:
    """So many of something: `{{ 3 | plural("{n} day", "{n} days") }}`."""
    return translated(one if number == 1 else many, context["look"].language).format(n=number)


@pass_context
def _form_key(context: Context) -> Markup:
    """The field that every form has: the key of the sign-in, or of the form before there is one."""
    signed = context["visit"].signed
    key = signed.form_key if signed else context.get("before_key", "")
    return Markup('<input type="hidden" name="form_key" value="{}">').format(key)


@pass_context
def _refusal(context: Context, told: str) -> Markup:
    """Why a form was not taken, above its fields; nothing where it was."""
    words = translated(told, context["look"].language)
    place = Markup('<p class="note crit" role="alert">{}<span class="sentence">{}</span></p>')
    return place.format(icon("over"), words) if told else Markup()


@pass_context
def _day(context: Context, day: date | None, *, whole: bool = False) -> str:
    if day is None:
        return "–"
    return in_words(day, date.min if whole else context["today"], context["look"].language)


@pass_context
def _month(context: Context, day: date) -> str:
    return _months[context["look"].language][day.month - 1]


@pass_context
def _weekday(context: Context, day: date) -> str:
    language = context["look"].language
    return f"{_weekdays[language][day.weekday()]} {in_words(day, context['today'], language)}"


@pass_context
def _moment(context: Context, at: datetime) -> str:
    """A moment by the clocks of the site."""
    there = at.astimezone(context["site"].time_zone)
    return f"{in_words(there.date(), context['today'], context['look'].language)}, {there:%H:%M}"


@cache
def static(name: str) -> str:
    """The address of a file that never changes under this address."""
    print_ = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={print_}"


@cache
def icon(name: str) -> Markup:
    """A sign beside a word; it says nothing by itself."""
    return Markup('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>').format(name)
