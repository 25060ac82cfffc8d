"""Papers about one patient as PDF: the case summary for a board, and the timeline for a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starlette.responses import Response

from interop.brief_page import brief_page
from interop.brief_parts import BriefPage, Item
from pathways.day_zero import in_days
from web.pages.patient import head
from web.pages.patient_papers import Stretch, case_summary, stretches
from web.pages.patient_story import Told
from web.pages.patient_way import way_walked
from web.press import (
    PDF,
    Block,
    Paper,
    Part,
    day_words,
    heading,
    item,
    items,
    note,
    paragraph,
    part,
    pressed,
    printed,
    table,
)
from web.rules import READS, Pages
from web.shown.patient_due import due_rows
from web.shown.patient_seen import Seen, asked_of, seen_or_gone
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/patients/{number}/brief.pdf", READS)
def brief(visit: Visit) -> Response:
    """The case summary for a board."""
    asked = asked_of(visit)
    found = seen_or_gone(visit, asked)
    page = brief_page(case_summary(visit, found, visit.asked("step")))
    visit.seen("patient brief pdf", found.number, **asked.said)
    paper = _paper(visit, found, "Case summary", [in_days(page.who)], list(_brief(visit, page)))
    return visit.download(pressed(paper), f"case-summary-{found.number}-{found.day}.pdf", PDF)


@PAGES.get("/patients/{number}/timeline.pdf", READS)
def timeline(visit: Visit) -> Response:
    """Everything that happened, by the states the patient went through, and what lies ahead."""
    asked = asked_of(visit)
    found = seen_or_gone(visit, asked)
    visit.seen("patient timeline pdf", found.number, **asked.said)
    top = head(found)
    age = [visit.t("{n} y", n=top.age)] if top.age is not None else []
    lead = " · ".join(filter(None, [*age, visit.t(top.who), visit.t(top.facts)]))
    paper = _paper(visit, found, "Timeline", [lead], list(_timeline(visit, found)))
    return visit.download(pressed(paper), f"timeline-{found.number}-{found.day}.pdf", PDF)


def _paper(visit: Visit, found: Seen, title: str, lead: list[str], blocks: list[Block]) -> Paper:
    """Who it is stands on it, the reference on every page."""
    language = visit.looks.language
    who = [part(found.name, "strong")] if found.name != found.reference else []
    return Paper(
        title=visit.t(title),
        reference=f"{found.reference} · #{found.number}",
        printed=printed(visit, language, found.day, found.asked.known_at),
        blocks=blocks,
        lead=[*([who] if who else []), *filter(None, lead)],
        language=language,
    )


# ---- the case summary ----


def _brief(visit: Visit, page: BriefPage) -> Iterator[Block]:
    t = visit.t
    yield heading(t("Question"))
    yield paragraph([part(_with(page.question.text, page.question.mark), "strong")])
    if page.question.note:
        yield paragraph(page.question.note, soft=True)
    for one in page.open:
        yield items([{**_item(one.head), "inner": [_item(each) for each in one.clauses]}])
    if page.met:
        yield paragraph(t("{n} conditions are met", n=len(page.met)) + ": " + "; ".join(page.met), soft=True)
    yield from _part("", page.lifted)
    yield from _part(t("Missing"), page.missing)
    yield from _part(t("Where the patient stands"), page.standing)
    if page.known:
        yield heading(t("Known from the beginning"))
        yield paragraph(page.known)
    yield from _part(t("Definitions"), page.profiles)
    yield from _part(t("Earlier boards"), page.boards)
    yield from _imaging(visit, page)
    yield from _part(t("What happened"), page.history)
    if page.earlier:
        yield paragraph(page.earlier, soft=True)
    yield from _part(t("Open deviations"), page.departures)
    for group in page.advice:
        yield from _part(group.title, group.items)
    yield from _part(t("Prognostic features, for information; never a block"), page.prognosis)
    yield from _part(t("Statements behind the question"), page.statements)
    yield from _part(t("Sources"), page.sources)
    if page.signed:
        yield note(page.signed)


def _with(text: str, mark: str) -> str:
    return f"{text}: {mark}" if mark else text


def _part(title: str, found: Iterable[Item]) -> Iterator[Block]:
    there = [_item(one) for one in found]
    if there and title:
        yield heading(title)
    if there:
        yield items(there)


def _item(one: Item) -> dict[str, object]:
    return item(in_days(one.text), one.mark, in_days(one.note), one.grades)


def _imaging(visit: Visit, page: BriefPage) -> Iterator[Block]:
    if not page.imaging.rows:
        return
    yield heading(visit.t("Lesions over time"))
    columns = [f"{in_days(one.day)}\n{one.what}" for one in page.imaging.columns]
    rows = [[row.lesion, *row.cells] for row in page.imaging.rows]
    yield table([visit.t("Lesion"), *columns], rows)
    if page.imaging.left_out:
        yield paragraph(page.imaging.left_out, soft=True)


# ---- the timeline ----


def _timeline(visit: Visit, found: Seen) -> Iterator[Block]:
    language = visit.looks.language
    way = way_walked(found.view.enrolled[0].pathway, found.view.snapshot.main, found.day)
    columns = [visit.t(one) for one in ("Day", "What", "Said", "Recorded")]
    for stretch in stretches(found, way):
        yield heading(_title(visit, stretch))
        if stretch.rows:
            rows = [_row(visit, one) for one in stretch.rows]
            yield table(columns, rows, (2, 4, 8, 3))
    if due := due_rows(found):
        yield heading(visit.t("What lies ahead"))
        rows = [[day_words(row.on, language), visit.t(row.title)] for row in due]
        yield table([visit.t("Day"), visit.t("What")], rows, (2, 15))


def _title(visit: Visit, stretch: Stretch) -> str:
    if stretch.on is None:
        return visit.t(stretch.title)
    since = visit.t("since {day}", day=day_words(stretch.on, visit.looks.language))
    return f"{visit.t(stretch.title)}, {since}, {visit.t('{n} d', n=stretch.days)}"


def _row(visit: Visit, one: Told) -> list[str | list[Part]]:
    how = "struck" if one.gone else "plain"
    kinds = {"correction": visit.t("correction"), "retraction": visit.t("taken back")}
    what = visit.t(one.what) if one.kind == "entry" else f"{kinds[one.kind]}: {visit.t(one.what)}"
    said = "; ".join(f"{visit.t(name)} {visit.t(value)}" for name, value in one.parts)
    parts = [part(said, how)] if said else []
    for each in one.changes:
        if each.kind == "correction":
            old = [part(visit.t(each.old), "struck"), part(" ")] if each.old is not None else []
            parts += [part(f" {visit.t(each.field)}: "), *old, part(visit.t(each.new), "strong")]
    day = day_words(one.day, visit.looks.language)
    return [day, [part(what, how)], parts, f"{one.id}, {one.recorder}" if one.recorder else one.id]
