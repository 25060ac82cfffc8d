"""Lesions of imagings: lists that may be unknown, counts with a lower and an upper end (R9)."""

from __future__ import annotations

from pathways.language import Bool, day, events
from pathways.language import Row as Lesion
from tests.engine.meaning.rows import Row
from tests.engine.telling import d, told

L1 = {"id": "L1", "organ": "bone", "status": "active", "diameter_mm": 12.0}
L2 = {"id": "L2", "organ": "lung", "status": "resolved"}
L3 = {"id": "L3", "organ": "bone", "status": None}
L4 = {"id": "L4", "organ": "liver", "status": "unknown"}
TOLD = (
    told("i1", "imaging_done", "2025-01-01", lesions=(L1, L2)),
    told("i2", "imaging_done", "2025-02-01", lesions=(L1, L2, L3, L4)),
)
UNKNOWN = (*TOLD, told("i3", "imaging_done", "2025-03-01", lesions=None))
FIRST = day(d("2025-01-01"))
EMPTY = (told("i1", "imaging_done", "2025-01-01", lesions=()),)
imagings = events("imaging_done")
all_rows = imagings.lesions()
rows = imagings.latest().just().lesions()


def active(row: Lesion) -> Bool:
    return row.code("status").equals("active")


one_active = rows.sure_count(active).least(1)
first_active = rows.where(active).values("id").contains("L1")


def ids(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [row.fields["id"] for row in found]


ROWS = (
    Row("lesions", "of several imagings", all_rows.values("id"), ("L1", "L2", "L3", "L4"), TOLD),
    Row("lesions", "of one", rows.sure_count(lambda r: r.id.equals("L1")), 1, TOLD),
    Row("lesions", "unknown list", rows, None, UNKNOWN),
    Row("lesions", "unknown as soon as one of the lists is", all_rows, None, UNKNOWN),
    Row("lesions", "not there: unknown", rows, None),
    Row("lesions", "none", rows, (), EMPTY),
    Row("select", "that surely pass", rows.where(active).values("id"), ("L1",), TOLD),
    Row(
        "select",
        "that may pass",
        rows.where(lambda r: active(r).possible()).values("id"),
        ("L1", "L3", "L4"),
        TOLD,
    ),
    Row("select", "unknown list", rows.where(active), None, UNKNOWN),
    Row("select", "not there: unknown", rows.where(active), None),
    Row("select", "of none", rows.where(active), (), EMPTY),
    Row("sure_count", "the lower end", rows.sure_count(active), 1, TOLD),
    Row("sure_count", "unknown list", rows.sure_count(active), None, UNKNOWN),
    Row("sure_count", "not there: unknown", rows.sure_count(active), None),
    Row("sure_count", "of none", rows.sure_count(active), 0, EMPTY),
    Row("possible_count", "the upper end", rows.possible_count(active), 3, TOLD),
    Row("possible_count", "unknown list", rows.possible_count(active), None, UNKNOWN),
    Row("possible_count", "not there: unknown", rows.possible_count(active), None),
    Row("row_field", "as stated", rows.all(lambda r: r.id.one_of("L1", "L2", "L3", "L4")), True, TOLD),
    Row(
        "row_field",
        "unknown where left out",
        rows.any(lambda r: r.number("diameter_mm").least(20)),
        None,
        TOLD,
    ),
    Row(
        "row_field",
        "unknown: the code unknown",
        rows.where(active).any(lambda r: r.code("status").equals("unknown")),
        False,
        TOLD,
    ),
    Row(
        "sure_count",
        "within a filter that has another element at the same place",
        imagings.where(lambda i: one_active & i.day.equals(FIRST)),
        ["i1"],
        TOLD,
    ),
    Row(
        "select",
        "within a filter that has another element at the same place",
        imagings.where(lambda i: first_active & i.day.equals(FIRST)),
        ["i1"],
        TOLD,
    ),
    Row("row_stated", "left out", rows.any(lambda r: ~r.stated("diameter_mm")), True, TOLD),
    Row("row_stated", "unknown is stated", rows.all(lambda r: r.stated("status")), True, TOLD),
    Row(
        "imaging_of",
        "the imaging of each",
        all_rows.any(lambda r: r.imaging.id.equals("i2") & active(r)),
        True,
        TOLD,
    ),
    Row("imaging_of", "only its own", rows.any(lambda r: r.imaging.id.equals("i1")), False, TOLD),
    Row("values", "each once, in order", rows.values("organ"), ("bone", "liver", "lung"), TOLD),
    Row("values", "unknown as soon as one is", rows.values("status"), None, TOLD),
    Row("values", "unknown list", rows.values("organ"), None, UNKNOWN),
    Row("values", "not there: unknown", rows.values("organ"), None),
    Row("values", "of none", rows.values("organ"), (), EMPTY),
    Row(
        "pairs",
        "each combination",
        rows.pairs("organ", "status"),
        frozenset({("bone", "active"), ("lung", "resolved"), ("bone", None), ("liver", "unknown")}),
        TOLD,
    ),
    Row("pairs", "unknown list", rows.pairs("organ"), None, UNKNOWN),
    Row("pairs", "not there: unknown", rows.pairs("organ"), None),
    Row("any", "lesions", rows.any(active), True, TOLD),
    Row("any", "lesions of an unknown list", rows.any(active), None, UNKNOWN),
    Row(
        "all",
        "lesions of which one is unknown",
        rows.where(lambda r: ~r.id.equals("L2")).all(active),
        None,
        TOLD,
    ),
    Row("all", "no lesions", rows.all(active), True, EMPTY),
)
