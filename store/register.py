"""The register of deviations across patients: narrowed, counted, page by page, with how far reviews are.

The rows are right for a day once `refresh` was called for it. Whether a review is still about what it judged
is told here as `audit.review` tells it for one patient.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from store.audit_tables import judgement
from store.judgements import JUDGED, SENT_BACK, Found, found_in
from store.tables import deviation, patient, tracking

State = Literal["none", "changed", "proposed", "sent_back", "justified", "unjustified", "data_error"]
STATES: Final[tuple[State, ...]] = (
    *("none", "changed", "proposed", "sent_back"),
    *("justified", "unjustified", "data_error"),
)
"""How far a review is: nobody judged; what was judged changed since; a second person is awaited; that person
sent it back; and the three verdicts that stand.
"""
WAITING: Final[tuple[State, ...]] = ("none", "changed", "proposed", "sent_back")
"""Where somebody is to do something."""
SEVERITIES: Final = ("critical", "major", "minor", "info", "data")
STATUSES: Final = ("open", "closed", "final", "overruled", "retrospective")
Order = Literal["date", "weight"]
ORDERS: Final[tuple[Order, ...]] = ("date", "weight")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deviations: all conditions that are given hold. Empty tuples and None: no condition.

    `since` and `until` are about the day they were raised. `owners`: whose patients (None in it: nobody's).
    `limited_to`: the owners to whose patients somebody is limited.
    """

    codes: tuple[str, ...] | None = None
    severities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    pathway: str | None = None
    since: date | None = None
    until: date | None = None
    owners: tuple[str | None, ...] | None = None
    limited_to: frozenset[str] | None = None


everything: Final = Wanted()


class Place(NamedTuple):
    """Where a page ends: in which part of the order, and at which row."""

    part: int
    raised_on: date | None
    patient_id: int
    pathway: str
    place: int


class Filed(NamedTuple):
    """One deviation in the register. `owner`: whose patient it is; `day_zero`: what days are counted from."""

    about: Found
    place: int
    owner: str | None
    day_zero: str | None
    state: State
    reviewer: str | None

    def after(self, part: int) -> Place:
        return Place(part, self.about.raised_on, self.about.patient_id, self.about.pathway, self.place)


class Page(NamedTuple):
    """Some rows, and where to go on; None: these are the last."""

    rows: list[Filed]
    further: Place | None


def page(
    connection: Connection,
    wanted: Wanted = everything,
    changed: Collection[int] = (),
    *,
    order: Order = "date",
    after: Place | None = None,
    most: int = 25,
) -> Page:
    """The newest first, or the gravest. `changed`: the judgements that rest on facts since corrected."""
    parts = _parts(order)
    first = min(after.part, len(parts) - 1) if after else 0
    rows: list[tuple[int, Filed]] = []
    for part in range(first, len(parts)):
        query = _rows(wanted, changed).where(*parts[part]).order_by(*(one.desc() for one in _order))
        if after and part == first:
            query = query.where(_behind(after))
        found = connection.execute(query.limit(most + 1 - len(rows)))
        rows += [(part, _filed(row)) for row in found]
        if len(rows) > most:
            break
    shown = rows[:most]
    further = shown[-1][1].after(shown[-1][0]) if len(rows) > most else None
    return Page([one for _, one in shown], further)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deviations there are, of how many patients, and how many of each kind."""

    total: int
    patients: int
    severities: dict[str, int]
    statuses: dict[str, int]
    states: dict[str, int]

    @property
    def waiting(self) -> int:
        return sum(self.states.get(one, 0) for one in WAITING)


def counts(connection: Connection, wanted: Wanted = everything, changed: Collection[int] = ()) -> Counts:
    """Counts over all pages."""
    by_state = _by_state(connection, replace(wanted, states=()), changed)
    kept = {key: n for key, n in by_state.items() if not wanted.states or key[2] in wanted.states}
    whom = _rows(wanted, changed, narrow=True) if wanted.states else _narrowed(wanted, deviation.c.patient_id)
    numbers = whom.with_only_columns(func.count(deviation.c.patient_id.distinct()))
    return Counts(
        sum(kept.values()),
        int(connection.execute(numbers).scalar_one()),
        *(_summed(kept, place) for place in range(3)),
    )


def _by_state(
    connection: Connection, wanted: Wanted, changed: Collection[int]
) -> dict[tuple[str, str, str], int]:
    """How many deviations there are of each severity, status and state. Only those of patients of whom
    anything was judged are looked at one by one.
    """
    n, kinds = func.count().label("n"), (deviation.c.severity, deviation.c.status)
    all_ = _narrowed(wanted, *kinds, n).group_by(*kinds)
    found = {(severity, status, "none"): int(n) for severity, status, n in connection.execute(all_)}
    inner = _rows(wanted, changed, narrow=True).where(_judged_at_all()).subquery()
    columns = (inner.c.severity, inner.c.status, inner.c.state)
    for severity, status, state, some in connection.execute(select(*columns, n).group_by(*columns)):
        if state != "none":
            found[severity, status, state] = int(some)
            found[severity, status, "none"] -= int(some)
    return {key: n for key, n in found.items() if n}


def _summed(found: Mapping[tuple[str, str, str], int], place: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, n in found.items():
        sums[key[place]] = sums.get(key[place], 0) + n
    return sums


def _judged_at_all() -> ColumnElement[bool]:
    return deviation.c.patient_id.in_(select(judgement.c.patient_id))


def _narrowed(wanted: Wanted, *columns: ColumnElement[Any]) -> Select[Any]:
    """Something about what is asked for, however far reviews are."""
    return select(*columns).select_from(deviation).where(*in_scope(wanted, deviation), *of_patients(wanted))


def gone(connection: Connection, wanted: Wanted = everything) -> list[int]:
    """The last steps of reviews whose deviation is gone, and none is there that began with the same entry."""
    there = deviation.alias("there")
    named = ("patient_id", "pathway", "code")
    same = and_(*(there.c[name] == judgement.c[name] for name in named))
    started = func.substr(there.c.events, 1, func.length(judgement.c.start)) == judgement.c.start
    still = exists().where(same, started).correlate(judgement)
    query = select(judgement.c.seq).where(_is_last(judgement), ~still)
    whose = tuple(about_patients(wanted))
    if whose:
        query = query.where(judgement.c.patient_id.in_(select(tracking.c.patient_id).where(*whose)))
    return list(connection.execute(query.order_by(judgement.c.seq.desc())).scalars())


def _parts(order: Order) -> Sequence[tuple[ColumnElement[bool], ...]]:
    """The register in pieces that an index has in their order: what has no day stands behind the rest."""
    dated, undated = deviation.c.raised_on.is_not(None), deviation.c.raised_on.is_(None)
    if order == "date":
        return ((dated,), (undated,))
    return [(deviation.c.severity == one, some) for one in SEVERITIES for some in (dated, undated)]


_order = (deviation.c.raised_on, deviation.c.patient_id, deviation.c.pathway, deviation.c.place)


def _behind(after: Place) -> ColumnElement[bool]:
    """The rows that follow a place, in descending order."""
    within = tuple_(*_order[1:]) < tuple_(*map(literal, after[2:]))
    if after.raised_on is None:
        return within
    return tuple_(*_order) < tuple_(*map(literal, after[1:]))


_j = judgement.alias("judged")


def _rows(wanted: Wanted, changed: Collection[int], *, narrow: bool = False) -> Select[Any]:
    """What is asked for; `narrow`: only what is counted."""
    state = _state(changed)
    columns = (
        (deviation.c.severity, deviation.c.status, deviation.c.patient_id)
        if narrow
        else (
            *(deviation.c[name] for name in Found._fields),
            deviation.c.place,
            tracking.c.owner,
            patient.c.day_zero,
            _j.c.recorder,
        )
    )
    joined: Any = deviation.outerjoin(_j, and_(_same(_j), _is_last(_j)))
    if not narrow:
        joined = joined.join(tracking, tracking.c.patient_id == deviation.c.patient_id)
        joined = joined.join(patient, patient.c.id == deviation.c.patient_id)
    query = select(*columns, state.label("state")).select_from(joined)
    query = query.where(*in_scope(wanted, deviation), *of_patients(wanted))
    if not wanted.states:
        return query
    query = query.where(state.in_(wanted.states))
    return query if "none" in wanted.states else query.where(_judged_at_all())


def _filed(row: Sequence[Any]) -> Filed:
    place, owner, day_zero, reviewer, state = row[len(Found._fields) :]
    return Filed(found_in(row), place, owner, day_zero, state, reviewer)


def in_scope(wanted: Wanted, table: Table) -> Iterator[ColumnElement[bool]]:
    """What is asked of deviations, apart from whose they are and how far their review is."""
    exactly = (
        (table.c.code, wanted.codes),
        (table.c.severity, wanted.severities or None),
        (table.c.status, wanted.statuses or None),
    )
    yield from (column.in_(values) for column, values in exactly if values is not None)
    if wanted.pathway is not None:
        yield table.c.pathway == wanted.pathway
    if wanted.since:
        yield table.c.raised_on >= wanted.since
    if wanted.until:
        yield table.c.raised_on <= wanted.until


def about_patients(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What is asked of patients, whose they are: of the rows of the tracking list."""
    for owners in (wanted.owners, wanted.limited_to):
        if owners is not None:
            named = tracking.c.owner.in_([one for one in owners if one is not None])
            yield or_(named, tracking.c.owner.is_(None)) if None in owners else named


def of_patients(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """The same of deviations."""
    whose = tuple(about_patients(wanted))
    if whose:
        yield deviation.c.patient_id.in_(select(tracking.c.patient_id).where(*whose))


def _state(changed: Collection[int]) -> ColumnElement[Any]:
    """How far the review of a deviation is (`audit.review.standing`)."""
    same = (
        *(_j.c[name] == deviation.c[name] for name in ("severity", "status", "statements", "why")),
        _j.c.judged_under == deviation.c.judged_under,
    )
    stays = and_(*same, _j.c.seq.not_in(list(changed))) if changed else and_(*same)
    return case(
        (and_(_j.c.seq.is_(None), _left_over()), "changed"),
        (_j.c.seq.is_(None), "none"),
        (~stays, "changed"),
        (_j.c.step == SENT_BACK, "sent_back"),
        (and_(_j.c.step == JUDGED, deviation.c.severity == "critical"), "proposed"),
        else_=_j.c.verdict,
    )


def _same(one: Any) -> ColumnElement[bool]:
    """It judged the very same deviation."""
    names = ("patient_id", "pathway", "code", "events")
    equal = (one.c[name] == deviation.c[name] for name in names)
    return and_(*equal, one.c.raised_on.is_not_distinct_from(deviation.c.raised_on))


def _is_last(one: Any) -> ColumnElement[bool]:
    following = judgement.alias("following")
    return ~exists().where(following.c.upon == one.c.seq).correlate(one)


def _left_over() -> ColumnElement[bool]:
    """There is a judgement that began with the same entry, and whose own deviation is gone."""
    other, there = judgement.alias("other"), deviation.alias("there")
    same = (other.c[name] == deviation.c[name] for name in ("patient_id", "pathway", "code"))
    started = func.substr(deviation.c.events, 1, func.length(other.c.start)) == other.c.start
    own = (there.c[name] == other.c[name] for name in ("patient_id", "pathway", "code", "events"))
    still = exists().where(*own, there.c.raised_on.is_not_distinct_from(other.c.raised_on)).correlate(other)
    return exists().where(*same, started, _is_last(other), ~still).correlate(deviation)
