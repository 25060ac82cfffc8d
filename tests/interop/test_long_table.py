"""Long tables: how rows become stories, the refusal of what is wrong, and the file to mend it in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from interop import sheets
from interop.case_file import Case, read_cases
from interop.long_table import RowError, TableReading, read_long_table, write_long_table
from interop.table_writer import repair_rows


def csv(tmp_path: Path, *lines: str) -> TableReading:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_long_table(path)


def mendable(reading: TableReading) -> bytes:
    return repair_rows(".csv", reading.columns, [(row.cells, row.error) for row in reading.refused_rows])


def xlsx(tmp_path: Path, *tables: tuple[str, Sequence[Any]]) -> TableReading:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "t.xlsx"
    book.save(path)
    return read_long_table(path)


def contents(reading: TableReading, patient: int = 0) -> list[dict[str, object]]:
    assert reading.refused == ()
    return [dict(event.fields) for event in reading.patients[patient].story.entries]


def told(reading: TableReading) -> list[tuple[int | None, str | None, str | None, str]]:
    return [(error.row, error.column, error.value, error.message) for error in reading.refused]


def test_events_facts_and_patients(tmp_path: Path) -> None:
    reading = csv(
        tmp_path,
        "patient,id,type,date,recorded,documented,sex,fact.menopausal_status,modality,findings.ascites,findings.paresis,disciplines,"
        "question,decision,primary.er,note",
        "P1,,patient_facts,,,,female,,,,,,,,positive,",
        "P1,e1,imaging_done,2024-07-01,2024-07-05,2024-07-03,,post,unknown,none,true,,,,,",
        "P2,e1,board_held,2024-07-02,,,,,,,,radiology;pathology,mdt,recommended,,",
        "",
        'P1,e2,finding_recorded,2024-07-03T10:00+02:00,,,,,,,,,,,null,"seen; twice, or more"',
    )
    first, second = reading.patients
    assert (reading.rows, first.patient, second.patient) == (4, "P1", "P2")
    assert first.story.facts == {"sex": "female", "primary.er": "positive", "menopausal_status": "post"}
    imaging, finding = first.story.entries
    assert (imaging.day, imaging.recorded, imaging.documented) == (
        date(2024, 7, 1),
        date(2024, 7, 5),
        date(2024, 7, 3),
    )
    assert imaging.fields == {"modality": None, "findings": {"ascites": "none", "paresis": True}}
    assert finding.fields == {"primary.er": None, "note": "seen; twice, or more"}
    assert finding.clock is not None
    assert contents(reading, 1) == [
        {"disciplines": ("radiology", "pathology"), "question": "mdt", "decision": "recommended"}
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_that_of_the_header(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["patient", "id", "type", "date", "source"],
        ["P", "1", "metastasis_suspected", "2024-07-01", '"a,b;c\td"'],
    ]
    reading = csv(tmp_path, *(delimiter.join(row) for row in rows))
    assert contents(reading) == [{"source": "a,b;c\td"}]


def test_lesions_in_rows_of_their_own_and_as_json(tmp_path: Path) -> None:
    lesions = (
        {"id": "L1", "organ": "lung", "diameter_mm": 12.5},
        {"id": "L2", "organ": "bone", "solid": None},
    )
    rows = csv(
        tmp_path,
        "patient,id,type,date,complete,lesion.id,lesion.organ,lesion.diameter_mm,lesion.solid",
        "P,e1,imaging_done,2024-07-01,true,L1,lung,12.5,",
        "P,e2,follow_up_visit,2024-07-02,,,,,",
        "P,e1,,,,L2,bone,,unknown",
    )
    assert contents(rows) == [{"complete": True, "lesions": lesions}, {}]
    unquoted = csv(
        tmp_path,
        "patient\tid\ttype\tdate\tlesions",
        'P\te1\timaging_done\t2024-07-01\t[{"id": "L1", "organ": "lung", "diameter_mm": 12.5}, '
        '{"id": "L2", "organ": "bone", "solid": null}]',
    )
    assert contents(unquoted) == [{"lesions": lesions}]
    quoted = csv(
        tmp_path,
        "patient,id,type,date,lesions",
        'P,e1,imaging_done,2024-07-01,"[{""id"": ""L1"", ""organ"": ""lung"", ""diameter_mm"": 12.5}, '
        '{""id"": ""L2"", ""organ"": ""bone"", ""solid"": null}]"',
    )
    assert contents(quoted) == [{"lesions": lesions}]


def test_corrections_take_the_values_of_the_field_they_name(tmp_path: Path) -> None:
    reading = csv(
        tmp_path,
        "patient,id,type,date,recorded,modality,lesion_count_total,target,field,old,new",
        "P,e1,imaging_done,2024-07-01,,null,5,,,,",
        "P,c1,correction,2024-07-02,,,,e1,modality,null,ct",
        "P,c2,correction,2024-07-03,,,,e1,lesion_count_total,5,6",
        "P,c3,correction,2024-07-04,,,,e1,date,2024-07-01,2024-06-30",
    )
    assert [(c["old"], c["new"]) for c in contents(reading)[1:]] == [
        (None, "ct"),
        (5, 6),
        (date(2024, 7, 1), date(2024, 6, 30)),
    ]


header = (
    "patient,id,type,date,sex,source,overall,lesion_count_total,lesion.id,lesion.organ,lesion.diameter_mm"
)


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        ("P,e1,imaging_don,2024-07-01", "type", "imaging_don", "did you mean 'imaging_done'?"),
        ("P,e1,,2024-07-01", "type", "", "the cell is empty: write what the row tells, patient_facts for"),
        ("P,e1,patient_fact,2024-07-01", "type", "patient_fact", "did you mean 'patient_facts'?"),
        ("P,,death,2024-07-01", "id", "", "'id' is missing"),
        ("P,e1,death,", "date", "", "'date' is missing: a day as YYYY-MM-DD"),
        ("P,e1,death,31.02.2024", "date", "31.02.2024", "a day as YYYY-MM-DD"),
        ("P,e1,death,2024-02-31", "date", "2024-02-31", "there is no such day"),
        ("P,e1,death,1.7.24", "date", "1.7.24", "a day as YYYY-MM-DD"),
        ("P,e1,death,24-07-01", "date", "24-07-01", "a day as YYYY-MM-DD"),
        ("P,e1,death,07/01/2024", "date", "07/01/2024", "a day as YYYY-MM-DD"),
        ("P,e1,death,=TODAY()", "date", "=TODAY()", "a day as YYYY-MM-DD"),
        ("P,e1,death,unknown", "date", "unknown", "a day as YYYY-MM-DD"),
        ("P,e1,death,2024-07-01,female", "sex", "female", "no field 'sex' in death"),
        ("P,e1,response_assessed,2024-07-01,,,good", "overall", "good", "one of CR, PR, SD, PD, NE"),
        ("P,e1,response_assessed,2024-07-01,,,=CR", "overall", "=CR", "one of CR, PR, SD, PD, NE"),
        ("P,e1,response_assessed,2024-07-01,,,", "overall", "", "'overall' is missing"),
        ("P,e1,imaging_done,2024-07-01,,,,five", "lesion_count_total", "five", "a whole number"),
        ("P,e1,imaging_done,2024-07-01,,,,-1", "lesion_count_total", "-1", "at least 0"),
        ("P,e1,imaging_done,2024-07-01,,,,,L1,lung,-4", "lesion.diameter_mm", "-4", "more than 0"),
        (
            'P,e1,imaging_done,2024-07-01,,,,,L1,lung,"4,5"',
            "lesion.diameter_mm",
            "4,5",
            "decimals take a point",
        ),
        ("P,e1,imaging_done,2024-07-01,,,,,L1,", "lesion.organ", "", "'organ' is missing"),
        ("P,e1,imaging_done,2024-07-01,,,,,,lung", "lesion.id", None, "'id' is missing"),
        ("P,e1,death,2024-07-01,,,,,L1,lung", "lesions", None, "no field 'lesions' in death"),
        ("P,,patient_facts,,she", "sex", "she", "one of female, male"),
        ("P,,patient_facts,2024-07-01,female", "date", "2024-07-01", "no field 'date' in the facts"),
        ("P,e1,death,2024-07-01,,,,,,,,surplus", None, "surplus", "no column name stands over this cell"),
    ],
)
def test_one_wrong_cell(tmp_path: Path, row: str, column: str | None, value: str | None, words: str) -> None:
    reading = csv(tmp_path, header, "Q,e1,death,2024-07-01", row)
    assert [patient.patient for patient in reading.patients] == ["Q"]
    (error,) = reading.refused
    assert (error.row, error.column, error.value or None) == (3, column, value or None)
    assert words in error.message
    assert str(error).startswith(f"{tmp_path / 't.csv'}, row 3")


def test_entries_that_do_not_fit_together(tmp_path: Path) -> None:
    reading = csv(
        tmp_path,
        "patient,id,type,date,overall,target,field,new,hr_status,primary.er,birth_date",
        "P1,e1,response_assessed,2024-07-01,PR,,,,,,",
        "P1,e1,response_assessed,2024-07-01,SD,,,,,,",
        "P1,c1,correction,2024-07-01,,e9,overall,PR,,,",
        "P2,,patient_facts,,,,,,negative,positive,",
        "P3,,patient_facts,,,,,,,,2024-07-02",
        "P3,e1,death,2024-07-01,,,,,,,",
        "P4,,patient_facts,,,,,,negative,,",
        "P4,,patient_facts,,,,,,positive,,",
    )
    assert reading.patients == ()
    places = [(error.patient, error.row, error.column) for error in reading.refused]
    assert places == [
        ("P1", 3, "id"),
        ("P1", 4, "target"),
        ("P2", 5, "hr_status"),
        ("P3", 7, "date"),
        ("P4", 9, "hr_status"),
    ]


def test_rows_of_one_event_agree(tmp_path: Path) -> None:
    reading = csv(
        tmp_path,
        "patient,id,type,date,lesions,lesion.id,lesion.organ,findings,findings.ascites",
        "P1,e1,imaging_done,2024-07-01,,L1,lung,,",
        "P1,e1,imaging_done,2024-07-02,,L2,lung,,",
        "P2,e1,imaging_done,2024-07-01,,L1,lung,,",
        "P2,e1,death,2024-07-01,,L2,lung,,",
        "P3,e1,imaging_done,2024-07-01,[],L2,lung,,",
        "P4,e1,imaging_done,2024-07-01,,,,null,none",
    )
    assert [(e.row, e.column) for e in reading.refused] == [
        (3, "date"),
        (5, "type"),
        (6, "lesions"),
        (7, "findings.ascites"),
    ]


@pytest.mark.parametrize(
    ("data", "row", "words"),
    [
        (b"", 1, "the first row must name the columns"),
        (b"a,b\n1,2\n", 1, "the first row must name the columns"),
        (b"patient,type,type\n", 1, "the column 'type' stands twice"),
        (b"patient,type\nM\xfcller,death\n", 2, "byte 14 (0xfc) is not UTF-8"),
        ("patient,type\n".encode("utf-16"), 1, "UTF-16"),
        (b'patient,type\nP,"death', 2, "row 2 cannot be read as CSV"),
        (b'patient,type\nP,death\nP,"x"y\n', 3, "row 3 cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, data: bytes, row: int, words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    reading = read_long_table(path)
    (error,) = reading.refused
    assert (reading.patients, error.row, error.patient) == ((), row, None)
    assert words in error.message


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("patient,id,type,date\nP,1,death,2024-07-01\n", encoding="utf-8-sig")
    assert len(contents(read_long_table(path))) == 1


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_nobody_is_imported_from_a_hidden_sheet(tmp_path: Path, state: str) -> None:
    book = Workbook()
    for name, shown in (("One", "visible"), ("Notes", state), ("Old", state)):
        sheet = book.create_sheet(name)
        sheet.append(["read me"] if name == "Notes" else ["patient", "id", "type", "date"])
        sheet.append(["P", 1, "death", "2024-07-01"])
        sheet.sheet_state = shown
    path = tmp_path / "t.xlsx"
    book.save(path)
    reading = read_long_table(path)
    assert reading.patients == ()
    assert "the sheet 'Old' is hidden: show it or delete it" in str(reading.refused[0])


def test_a_workbook_with_several_sheets(tmp_path: Path) -> None:
    events = [
        [
            "patient",
            "id",
            "type",
            "date",
            "lesion.id",
            "lesion.organ",
            "lesion.diameter_mm",
            "complete",
            None,
        ],
        [17, 1, "imaging_done", datetime.fromisoformat("2024-07-01"), "L1", "lung", 12.5, True, None],
        [17, 1, None, None, "L2", "bone", 7, None, None],
        [17, 2, "follow_up_visit", "2024-07-02"],
    ]
    facts = [["patient", "type", "birth_date"], [17, "patient_facts", date(1970, 4, 12)]]
    reading = xlsx(tmp_path, ("Notes", [["a", "a"]]), ("Facts", facts), ("Empty", []), ("Events", events))
    (patient,) = reading.patients
    assert patient.patient == "17"
    assert patient.story.facts == {"birth_date": date(1970, 4, 12)}
    assert [event.id for event in patient.story.entries] == ["1", "2"]
    assert contents(reading)[0] == {
        "complete": True,
        "lesions": (
            {"id": "L1", "organ": "lung", "diameter_mm": 12.5},
            {"id": "L2", "organ": "bone", "diameter_mm": 7.0},
        ),
    }


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("=1+1", "=1+1", "the cell holds a formula: copy the cell and paste its value"),
        ("#REF!", "#REF!", "the cell holds an error"),
        (datetime.fromisoformat("2024-07-01"), "2024-07-01 00:00:00", "must be one of CR, PR"),
        (12, "12", "must be one of CR, PR"),
    ],
)
def test_cells_of_a_workbook_that_are_no_value(tmp_path: Path, cell: object, value: str, words: str) -> None:
    rows = [["patient", "id", "type", "date", "overall"], ["P", "1", "response_assessed", "2024-07-01", cell]]
    (error, *_) = xlsx(tmp_path, ("One", rows)).refused
    assert (error.sheet, error.row, error.column, error.value) == ("One", 2, "overall", value)
    assert words in error.message
    assert "sheet One, row 2, column overall" in str(error)


def test_what_is_no_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"patient,type\n")
    assert "this is no workbook that can be read" in read_long_table(path).refused[0].message
    assert "the first row must name the columns" in xlsx(tmp_path, ("A", [["x"]])).refused[0].message
    monkeypatch.setattr(sheets, "largest_table", path.stat().st_size + 100)
    assert "unpacked, the workbook has more than" in read_long_table(path).refused[0].message
    monkeypatch.setattr(sheets, "largest_table", 10)
    assert "the file has more than" in read_long_table(path).refused[0].message
    assert "the file cannot be read" in read_long_table(tmp_path / "missing.csv").refused[0].message


def test_the_repair_file_is_mended_and_imported(tmp_path: Path) -> None:
    reading = csv(
        tmp_path,
        "patient,id,type,date,source,error",
        "P,e1,metastasis_suspected,2024-07-01,=HYPERLINK(1),old",
        "P,e2,follow_up_visit,1.7.24,'=kept,",
        "Q,e1,follow_up_visit,2024-07-01,,",
        "R,e1,follow_up_visit,2024-07-01,,",
        ",e3,metastasis_suspected,2024-07-01,,",
    )
    lines = (text := mendable(reading).decode("utf-8-sig")).splitlines()
    assert lines[0] == "error,patient,id,type,date,source"
    assert lines[1] == ",P,e1,metastasis_suspected,2024-07-01,'=HYPERLINK(1)"
    assert "date: 'date' must be a day as YYYY-MM-DD" in lines[2]
    assert "format the cell as a date; source: there is no field 'source' in follow_up_visit" in lines[2]
    assert lines[2].endswith(",P,e2,follow_up_visit,1.7.24,'=kept")
    held_back = "row 6 names no patient and may belong to this one, who is held back"
    assert lines[3].startswith(f'"patient: {held_back}')
    assert lines[4].startswith(
        "patient: every row must name its patient; a merged cell names it in its first"
    )
    again = csv(tmp_path, text.replace("1.7.24,'=kept", "2024-07-02,").replace(",,e3", ",P,e3"))
    assert [event.id for event in again.patients[0].story.entries] == ["e1", "e2", "e3"]
    assert contents(again)[0] == {"source": "=HYPERLINK(1)"}


def test_a_repair_file_of_a_workbook_reads_as_the_workbook_did(tmp_path: Path) -> None:
    rows = [
        ["patient", "id", "type", "date", "complete", "overall"],
        ["P", 1, "imaging_done", datetime.fromisoformat("2024-07-01"), True, None],
        ["P", 2, "response_assessed", date(2024, 7, 2), None, "bad"],
    ]
    reading = xlsx(tmp_path, ("One", rows))
    repair = tmp_path / "repair.csv"
    repair.write_bytes(mendable(reading))
    again = read_long_table(repair)
    assert [error.message for error in again.refused] == [error.message for error in reading.refused]
    repair.write_text(repair.read_text(encoding="utf-8-sig").replace(",bad", ",PR"), encoding="utf-8")
    assert contents(read_long_table(repair)) == [{"complete": True}, {"overall": "PR"}]


def test_the_shape_of_a_written_table(tmp_path: Path) -> None:
    cases = read_cases(
        "{id: A, facts: {sex: female}, events: [{id: e1, date: 2024-07-01, recorded: 2024-07-02, "
        "type: imaging_done, modality: null, findings: {ascites: none}}]}"
    )
    path = tmp_path / "t.csv"
    write_long_table([case for case in cases if isinstance(case, Case)], path)
    assert path.read_text() == (
        "patient,id,type,date,recorded,documented,sex,modality,findings.ascites\n"
        "A,,patient_facts,,,,female,,\n"
        "A,e1,imaging_done,2024-07-01,2024-07-02,,,null,none\n"
    )


@given(
    st.binary(max_size=80)
    | st.text(max_size=80).map(lambda text: f"patient,id,type,date\n{text}".encode(errors="replace"))
)
def test_no_file_raises(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        for suffix in (".csv", ".xlsx"):
            path = Path(folder, f"t{suffix}")
            path.write_bytes(data)
            reading = read_long_table(path)
            assert all(isinstance(error, RowError) for error in reading.refused)
            assert mendable(reading)
