"""What happened to the patient: one event, and events in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pathways.language.codes import Code, Set
from pathways.language.expression import Bool, Date, Expression, Number, all_of
from pathways.language.fields import Fields
from pathways.language.lesion import Rows
from pathways.language.variables import body_of, body_of_two, quantified


class OneEvent(Fields):
    """One event, or none."""

    TYPE: ClassVar[str] = "event"

    @property
    def day(self) -> Date:
        return Date.make("day", self)

    @property
    def documented(self) -> Date:
        return Date.make("documented", self)

    @property
    def id(self) -> Code:
        return Code.make("identity", self)

    @property
    def kind(self) -> Code:
        return Code.make("kind", self)

    def just(self) -> Events:
        """This event as a list of one, or of none."""
        return Events.make("just", self)

    def target(self) -> OneEvent:
        """The entry that this correction or retraction names."""
        return OneEvent.make("target", self)

    def written_before(self, other: OneEvent) -> Bool:
        """Documented before the other: on an earlier day, or at an earlier time where both have one (R2)."""
        return Bool.make("written_before", self, other)

    @property
    def touched(self) -> Bool:
        """A correction is worked into this event."""
        return Bool.make("touched", self)


class Events(Expression):
    """Events in order (outline R3)."""

    TYPE: ClassVar[str] = "events"

    def where(self, test: Callable[[OneEvent], Bool] | None = None, **codes: str | tuple[str, ...]) -> Events:
        """Those that surely pass the test; `name="code"` compares fields."""

        def passes(event: OneEvent) -> Bool:
            parts = [
                event.code(name).one_of(*((c,) if isinstance(c, str) else c)) for name, c in codes.items()
            ]
            return all_of(*parts, *([test(event)] if test else []))

        level, body = body_of(OneEvent, passes)
        return Events.make("where", self, body, binds=(level,), level=level)

    def first(self) -> OneEvent:
        return OneEvent.make("first", self)

    def latest(self) -> OneEvent:
        return OneEvent.make("latest", self)

    def after(self, event: OneEvent) -> Events:
        """Those later in order; all of them when there is no such event."""
        return Events.make("after", self, event)

    def before(self, event: OneEvent) -> Events:
        """Those earlier in order; all of them when there is no such event."""
        return Events.make("before", self, event)

    def since(self, day: Date) -> Events:
        return Events.make("since", self, day)

    def until(self, day: Date) -> Events:
        return Events.make("until", self, day)

    def __or__(self, other: Events) -> Events:
        return Events.make("union", self, other)

    def count(self) -> Number:
        return Number.make("count", self)

    def exist(self) -> Bool:
        return Bool.make("exist", self)

    def any(self, test: Callable[[OneEvent], Bool]) -> Bool:
        """Kleene: true when one surely passes, unknown when none does but one may."""
        return quantified("any", self, OneEvent, test)

    def all(self, test: Callable[[OneEvent], Bool]) -> Bool:
        return quantified("all", self, OneEvent, test)

    def chain(self, follows: Callable[[OneEvent, OneEvent], Bool]) -> Events:
        """Walks the list and keeps each event that follows the last kept one (none kept yet: not there)."""
        level, body = body_of_two(OneEvent, follows)
        return Events.make("chain", self, body, binds=(level, level + 1), level=level)

    def lesions(self) -> Rows:
        """All lesions these imagings list; unknown when one of them has no list, or there is no imaging."""
        return Rows.make("lesions", self)

    def triples(self, *names: str) -> Set:
        """The set of (type, day, named fields) of these events."""
        return Set.make("triples", self, names=names)
