"""What is not a condition, as noun phrases."""

from datetime import date

import pytest

from pathways.language import (
    Expression,
    after_death,
    age,
    case,
    code,
    day,
    duplicates,
    earlier,
    events,
    fact,
    grid,
    later,
    ledger,
    nothing,
    number,
    setting,
    span,
    today,
)
from pathways.texts.speech import say
from pathways.texts.voice import Voice
from tests.pathways.sample import boards, lesions

responses = events("response_assessed")
latest = responses.latest()
board = boards.latest()
held = events("board_held")
imaging = events("imaging_done").latest()
progressions = responses.where(overall="PD").named("progressions")
last = progressions.latest().named("the last progression")


def said(asked: Expression) -> str:
    """The sentence without its capital letter and its stop."""
    return say(Voice(), asked.node)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (held, "boards"),
        (events("board_held", "death"), "boards or deaths"),
        (held | events("death"), "boards or deaths"),
        (boards | progressions, "boards or progressions"),
        (ledger(), "entries of any date"),
        (ledger("correction"), "corrections of any date"),
        (duplicates(), "entries that repeat an earlier one"),
        (after_death(), "entries dated after death"),
        (nothing(), "nothing"),
        (nothing().day, "never"),
        (held.first(), "the first board"),
        (progressions.first(), "the first of the progressions"),
        (held.after(last), "boards after the last progression"),
        (held.before(last).latest(), "the latest board before the last progression"),
        (held.since(last.day), "boards on or after the day of the last progression"),
        (held.until(today()), "boards on or before today"),
        (responses.where(overall="PD"), "response assessments with overall response PD"),
        (
            held.where(question=("mdt", "initial")),
            "boards with question metastasis-directed therapy or initial",
        ),
        (
            held.where(question="mdt", decision="recommended"),
            "boards with question metastasis-directed therapy and decision recommended",
        ),
        (events("imaging_done").where(lambda e: e.flag("complete")), "imagings that are complete"),
        (
            events("imaging_done").where(lambda e: e.flag("complete")).first(),
            "the first imaging that is complete",
        ),
        (
            events("imaging_done").where(lambda e: ~e.flag("brain_mri")),
            "imagings that do not include an MRI of the brain",
        ),
        (events("imaging_done").where(lambda e: e.stated("lesions")), "imagings that state the lesions"),
        (held.where(lambda e: e.codes("topics").contains("x")), "boards whose topics include x"),
        (held.where(lambda e: last.there()), "boards provided that the last progression is recorded"),
        (held.where(lambda e: e.touched | e.flag("x")), "boards for which it was corrected or it has x"),
        (ledger().where(lambda e: e.kind.equals("correction")), "entries of any date of type correction"),
        (
            ledger().where(lambda e: e.target().kind.equals("death")),
            "entries of any date for which the entry that it changes is a death",
        ),
        (
            held.where(lambda e: responses.any(lambda r: r.day >= e.day)),
            "boards for which for at least one response assessment, its day is on or after that board's day",
        ),
        (
            held.chain(lambda old, new: new.day >= old.day.plus_months(3)),
            "the sequence of boards that goes on with an entry when its day is on or after "
            "3 months after the day of the one before",
        ),
        (lesions, "lesions of the latest imaging"),
        (events("imaging_done").lesions(), "lesions of the imagings"),
        (
            lesions.where(lambda row: row.code("organ").equals("lung")),
            "lesions of the latest imaging with organ lung",
        ),
        (
            lesions.sure_count(lambda row: row.flag("solid")),
            "the number of lesions of the latest imaging of which it is known that it is solid",
        ),
        (
            lesions.possible_count(lambda row: row.flag("solid")),
            "the number of lesions of the latest imaging of which it is possible that it is solid",
        ),
        (lesions.values("organ"), "every organ among lesions of the latest imaging"),
        (lesions.pairs("id", "organ"), "the id and organ of every lesion of the latest imaging"),
        (held.triples("decision"), "the type, day and decision of every board"),
        (held.count(), "the number of boards"),
        (latest.code("overall"), "the overall response of the latest response assessment"),
        (latest.id, "the latest response assessment"),
        (latest.kind, "the type of the latest response assessment"),
        (latest.documented, "the day the latest response assessment was documented"),
        (latest.target(), "the entry that the latest response assessment changes"),
        (fact.code("her2_status"), "the HER2 status"),
        (fact.code("primary.er"), "the oestrogen receptor of the primary"),
        (fact.date("primary.surgery_date"), "the surgery date of the primary"),
        (setting.number("grace_days"), "the setting grace_days"),
        (number(3), "3"),
        (code("pet_ct"), "PET-CT"),
        (day(date(2024, 2, 29)), "2024-02-29"),
        (today().plus_months(1), "1 month after today"),
        (today().plus_days(-14), "14 days before today"),
        (
            today().plus_months(setting.number("response_min_months")),
            "response_min_months months (setting) after today",
        ),
        (today().plus_days(setting.number("lead_days") * -1), "lead_days days (setting) before today"),
        (today().plus_days(number(2) + 3), "(2 plus 3) days after today"),
        (later(today(), latest.day), "the later of today and the day of the latest response assessment"),
        (
            earlier(today(), latest.day, board.day),
            "the earliest of today, the day of the latest response assessment "
            "and the day of the latest of the boards",
        ),
        (age(fact.date("birth_date"), today()), "the completed years from the birth date to today"),
        (span(latest.day, today()), "the time from the day of the latest response assessment to today"),
        (grid(today(), 3, 6, 24), "every 6 months from month 3 to month 24 after today"),
        (grid(today(), 3, 6, 24).last(), "the last of every 6 months from month 3 to month 24 after today"),
        (
            case((last.there(), last.day), otherwise=today()),
            "(the day of the last progression if the last progression is recorded, otherwise today)",
        ),
        (last.day.seen(today()), "the day of the last progression (as documented by today)"),
        (last.day.hindsight(today()), "the day of the last progression (as known today, on today)"),
        (latest.day.named("the day of assessment"), "the day of assessment"),
    ],
)
def test_noun_phrases(asked: Expression, text: str) -> None:
    assert said(asked) == text
