"""The minutes of a meeting and the letter about one decision, as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from starlette.responses import Response

from coordination.entries import Postponed, Unlisted
from coordination.held_board import quorum
from coordination.minutes import Entry, digest, signatures
from coordination.minutes import Minutes as Minuted
from coordination.reasons import deferral_words
from engine.event import Event
from interop import plain_text
from interop.board_words import question_words
from interop.event_words import value_words
from pathways.guidelines.catalogue import load_catalogue
from pathways.texts.wording import code_name, field_name
from pathways.titles import guard_title
from web.pages.board_live import OWN
from web.pages.board_minutes import letter_asked, meeting_asked, there
from web.press import (
    PDF,
    Block,
    Paper,
    Part,
    day_words,
    facts,
    heading,
    moment_words,
    note,
    paragraph,
    part,
    pressed,
    printed,
)
from web.render import translated
from web.rules import READS, Pages
from web.shown.board_minutes import minutes_of
from web.shown.board_seen import Who
from web.visit import Stopped, Visit

PAGES = Pages()


@PAGES.get("/board/minutes.pdf", READS)
def minutes(visit: Visit) -> Response:
    """The minutes, for who may see everybody who was listed."""
    board, at = meeting_asked(visit, visit.asked)
    found, text, people, others = minutes_of(visit, board, at)
    if others:
        raise Stopped(403, "This file is about patients of other teams, too")
    visit.seen("board minutes pdf", board=board.name, meeting=at, patients=len(people))
    language = visit.looks.language
    with visit.database.reading() as connection:
        signed = signatures(connection, board.name, at)
    signs = [
        f"{moment_words(one.at, visit, language)}, {one.by}, {visit.t('over the text')} {one.digest}. "
        + visit.t("as it stands" if one.digest == digest(text) else "the text has changed since")
        for one in signed
    ]
    paper = Paper(
        title=f"{visit.t('Minutes')}: {board.name}, {day_words(found.day, language)}",
        reference=board.place or "",
        printed=printed(visit, language, visit.today),
        blocks=[
            note(visit.t("Signed by the chair") + ": " + "; ".join(signs))
            if signs
            else note(visit.t("Not signed yet: a draft")),
            paragraph(f"{visit.t('SHA-256 of the text as it stands')}: {digest(text)}", soft=True),
            *_entries(visit, found, people),
        ],
        lead=[f"{moment_words(at, visit, language)} · {visit.t('chair')} {board.chair or visit.t('nobody')}"],
        language=language,
    )
    return visit.download(pressed(paper), f"minutes-{found.day}.pdf", PDF)


def _entries(visit: Visit, found: Minuted, people: dict[int, Who]) -> Iterator[Block]:
    if not found.entries:
        yield paragraph(visit.t("Nobody was listed."))
    for number, one in enumerate(found.entries, 1):
        who = people[one.seen.patient_id]
        name = who.name if who.name == who.reference else f"{who.name} ({who.reference})"
        yield heading(f"{number}. {name}: {visit.t(question_words(one.listed.question))}")
        if one.decided is not None:
            yield decision(one.decided, visit.looks.language)
            counted = quorum(there(one.decided.fields))
            share = visit.t("{a} of {b}", a=len(counted.there), b=len(counted.asked))
            recorded = visit.t("Recorded as {event}", event=one.decided.id)
            yield paragraph(f"{recorded} · {visit.t('Quorum')} {share}", soft=True)
        else:
            yield paragraph(_undecided(visit, one))
    if found.left_out:
        yield note(
            visit.t("{n} patients who were listed could not be calculated.", n=len(found.left_out))
            if len(found.left_out) > 1
            else visit.t("{n} patient who was listed could not be calculated.", n=1)
        )


def _undecided(visit: Visit, one: Entry) -> str:
    match one.said:
        case Postponed(to=None):
            to = visit.t("to no meeting yet")
        case Postponed(to=to_):
            assert to_ is not None, "the other case"
            to = visit.t("to {meeting}", meeting=moment_words(to_, visit, visit.looks.language))
        case Unlisted(reason=reason):
            return f"{visit.t('Taken off')}: {reason}"
        case _:
            return visit.t("No decision recorded")
    return f"{visit.t('Put off')} {to}: {visit.t(deferral_words(one.said.code, one.said.text))}"


def decision(event: Event, language: str, more: Iterable[tuple[str, object]] = ()) -> Block:
    """What a board decided, field by field as it was recorded; nothing is added."""

    def t(text: str) -> str:
        return translated(text, language)

    def codes(found: Iterable[object] | None) -> str:
        return ", ".join(t(code_name(str(one))) for one in found or ())

    said = event.fields
    decided: list[Part] = [part(codes([said["decision"]]), "strong")]
    if said.get("method"):
        decided.append(part(f" · {codes([said['method']])}"))
    rows: list[tuple[str, str | list[Part]]] = [(t("Decision"), decided)]
    if said.get("decision_text"):
        rows.append((t("In words"), str(said["decision_text"])))
    if said.get("targets"):
        rows.append((t("Targets"), ", ".join(map(str, said["targets"]))))  # type: ignore[call-overload]  # a list
    if isinstance(uncovered := said.get("uncovered_lesions"), dict) and uncovered:
        told = (f"{name}: {why or t('no reason given')}" for name, why in uncovered.items())
        rows.append((t("No target"), "; ".join(told)))
    if aside := said.get("overruled_guards"):
        told_ = ", ".join(t(guard_title(str(id))) for id in aside)  # type: ignore[attr-defined]  # a list
        why = said.get("overrule_reason")
        rows.append((t("Set aside"), f"{told_}: {why}" if why else told_))
    rows.append((t("Present"), codes(said.get("disciplines")) or t("not recorded")))  # type: ignore[arg-type]  # a list
    if said.get("written_input"):
        rows.append((t("In writing"), codes(said["written_input"])))  # type: ignore[arg-type]  # a list
    rows += [(t(field_name(name)), t(value_words(value, plain_text.day_words))) for name, value in more]
    return facts(rows)


@PAGES.get("/patients/{number}/board/letter.pdf", READS)
def letter(visit: Visit) -> Response:
    """The draft of the letter, in its own language."""
    seen, who, event, language = letter_asked(visit)
    visit.seen("board letter pdf", visit.number, event=event.id, language=language)

    def t(text: str, **values: object) -> str:
        said = translated(text, language)
        return said.format(**values) if values else said

    birth = seen.story.facts.get("birth_date")
    born = f", {t('born {day}', day=day_words(birth, language))}" if isinstance(birth, date) else ""
    reference = f" ({who.reference})" if who.reference != who.name else ""
    day = day_words(event.day, language)
    question = t(question_words(str(event.fields.get("question"))))
    counted = quorum(there(event.fields))
    short = t(
        "Of the disciplines that the source asks for, {a} of {b} took part or wrote ({statement}).",
        a=len(counted.there),
        b=len(counted.asked),
        statement=load_catalogue().statements[counted.statement].id,
    )
    asked = "on {day} the tumour board discussed your patient. The question was: {question}."
    draft = t("to be read, completed and signed before it is sent. Only what was recorded stands in it.")
    paper = Paper(
        title=t("Letter, draft"),
        reference=f"{who.reference} · #{who.number}",
        printed=printed(visit, language, visit.today),
        blocks=[
            note([part(t("Draft for the clinician"), "strong"), part(f": {draft}")]),
            paragraph([part(t("Re:") + " "), part(who.name, "strong"), part(f"{born}{reference}")]),
            paragraph(t("Dear colleague,")),
            paragraph(t(asked, day=day, question=question)),
            decision(event, language, ((n, v) for n, v in event.fields.items() if n not in OWN)),
            *([] if counted.met else [paragraph(short)]),
            paragraph(t("With kind regards")),
            paragraph("______________________________", soft=True),
            paragraph(t("From the entry {event} of {day}.", event=event.id, day=day), soft=True),
        ],
        language=language,
    )
    return visit.download(pressed(paper), f"letter-{visit.number}-{event.day}.pdf", PDF)
