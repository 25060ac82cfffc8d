"""The lesions of a patient over time, as a brief tells them."""

from __future__ import annotations

from engine.brief import Happened
from engine.event import Event
from interop.brief_imaging import imaging_table
from tests.engine.telling import correction, told


def test_many_imagings_and_many_lesions() -> None:
    listed = tuple({"id": f"L{n}", "organ": "bone", "diameter_mm": 5.5} for n in range(20))
    scans = [
        told(f"i{n}", "imaging_done", f"2024-0{n}-01", modality="ct", complete=False, lesions=listed)
        for n in range(1, 10)
    ]
    table = imaging_table([Happened(one) for one in scans])
    assert [one.day for one in table.columns] == ["1 Jan 2024", "1 Jul 2024", "1 Aug 2024", "1 Sep 2024"]
    assert table.columns[0].what == "CT, not complete"
    assert (len(table.rows), table.rows[0].cells[0]) == (16, "5.5 mm, status unknown")
    assert table.left_out == "5 imagings and 5 lesions"


def test_lesions_over_time() -> None:
    one = {"id": "L1", "organ": "liver", "diameter_mm": 12, "status": "active"}
    two = {"id": "L2", "organ": "bone", "diameter_mm": None, "status": "treated_inactive"}
    found = {"ascites": None, "pleural_effusion": "malignant", "paresis": True, "plexus_infiltration": False}
    scans: tuple[Event, ...] = (
        told("i1", "imaging_done", "2024-01-01", purpose="staging", lesions=(one,), lesion_count_total=3),
        told("i2", "imaging_done", "2024-02-01", modality="mri", complete=True, lesions=None),
        told("i3", "imaging_done", "2024-03-01", complete=True, lesions=(one, two), findings=found),
    )
    table = imaging_table([Happened(scan) for scan in scans])
    assert [one.what for one in table.columns] == [
        "staging, completeness unknown, 3 lesions stated",
        "MRI",
        "",
    ]
    assert [(row.lesion, *row.cells) for row in table.rows] == [
        ("L1 liver", "12 mm, active", "lesions not listed", "12 mm, active"),
        ("L2 bone", "not listed", "lesions not listed", "size unknown, treated inactive"),
        (
            "Other findings",
            "not stated",
            "not stated",
            "ascites unknown; pleural effusion malignant; paresis",
        ),
    ]


def test_nothing_was_found_and_something_was_corrected() -> None:
    scan = told(
        "i1", "imaging_done", "2024-01-01", complete=True, findings={"ascites": "none", "paresis": False}
    )
    fixed = correction("c1", "i1", "modality", "ct", "2024-02-01")
    table = imaging_table([Happened(scan, (fixed,))])
    assert table.columns[0].what == "corrected"
    assert [row.cells for row in table.rows] == [("none of 2 asked about",)]
    assert imaging_table([]).rows == ()
