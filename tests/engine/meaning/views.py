"""Another day's view: what was documented by then, and what is known of it today."""

from __future__ import annotations

from pathways.declare import outcome_of
from pathways.language import day, events, grid, today
from tests.engine.meaning.rows import GONE, Row, absent_date, missing_date
from tests.engine.telling import correction, d, told
from tests.engine.toys import asking

TOLD = (
    told("e1", "response_assessed", "2025-01-10", overall="PR"),
    told(
        "e2", "response_assessed", "2025-02-10", documented="2025-04-01", recorded="2025-04-01", overall="PD"
    ),
    told("e3", "response_assessed", "2025-05-10", overall="CR"),
    correction("c1", "e1", "overall", "SD", "2025-06-01"),
)
responses = events("response_assessed")
latest = responses.latest().code("overall")
MARCH = day(d("2025-03-01"))
APRIL = day(d("2025-04-01"))

imaged = events("imaging_done").latest().just().lesions()
days = grid(MARCH, 3, 3, 12)
guarding = asking("g", responses.exist())

ROWS = (
    Row("seen", "with what was documented by then", latest.seen(MARCH), "PR", TOLD),
    Row("seen", "documented on the day itself", latest.seen(APRIL), "PD", TOLD),
    Row(
        "seen",
        "a correction counts from its documentation on",
        responses.first().code("overall").seen(MARCH),
        "PR",
        TOLD,
    ),
    Row("seen", "no day but that of the view", today().seen(MARCH), d("2025-03-01"), TOLD),
    Row(
        "seen",
        "no later than the day asked about",
        latest.seen(day(d("2027-01-01"))),
        "PD",
        TOLD,
        as_of="2025-05-01",
    ),
    Row("seen", "nothing recorded later", latest.seen(APRIL), "PR", TOLD, known_at="2025-03-31"),
    Row("seen", "unknown day", latest.seen(missing_date), None, TOLD),
    Row("seen", "not there", latest.seen(absent_date), GONE, TOLD),
    Row(
        "seen",
        "events on a day that did not come",
        responses.seen(responses.where(overall="NE").latest().day),
        (),
        TOLD,
    ),
    Row("seen", "within another", latest.seen(MARCH).seen(APRIL), "PR", TOLD),
    Row("hindsight", "with what is known today", latest.hindsight(MARCH), "PD", TOLD),
    Row("hindsight", "corrected", responses.first().code("overall").hindsight(MARCH), "SD", TOLD),
    Row("hindsight", "not what came later", responses.hindsight(MARCH), ["e1", "e2"], TOLD),
    Row("hindsight", "in another view: as known then", latest.hindsight(MARCH).seen(MARCH), "PR", TOLD),
    Row("hindsight", "unknown day", latest.hindsight(missing_date), None, TOLD),
    Row("hindsight", "not there: no events", responses.hindsight(absent_date), (), TOLD),
    Row("hindsight", "not there", latest.hindsight(absent_date), GONE, TOLD),
    Row(
        "seen",
        "not there: no lesions",
        imaged.seen(absent_date).any(lambda row: row.flag("solid")),
        False,
        TOLD,
    ),
    Row("seen", "not there: no dates", days.seen(absent_date), (), TOLD),
    Row("passing", "not there: no guard", outcome_of(guarding).seen(absent_date).passing(), False, TOLD),
)
