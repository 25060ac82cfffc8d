"""The mappings that ship, tried on made-up rows in the format of their sources."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from interop.mapping_file import read_mapping
from interop.shipped_mappings import shipped_file
from tests.cli.conftest import Run

HEADS = {
    "nationwidechildrens.org_clinical_patient_brca.txt": "patient",
    "nationwidechildrens.org_clinical_follow_up_v4.0_brca.txt": "follow-up",
    "nationwidechildrens.org_clinical_drug_brca.txt": "drug",
    "nationwidechildrens.org_clinical_radiation_brca.txt": "radiation",
    "nationwidechildrens.org_clinical_nte_brca.txt": "new tumour event",
}
NOT = "[Not Available]"
POST = "Post (prior bilateral ovariectomy OR >12 mo since LMP with no prior hysterectomy)"


def write_tcga(folder: Path, rows: dict[str, list[dict[str, str]]]) -> Path:
    """Made-up tables with three header rows; what a row does not name is not available."""
    file = shipped_file("tcga-brca")
    assert file
    folder.mkdir(exist_ok=True)
    tables = {table.name: table for table in read_mapping(file).tables}
    for name, table in HEADS.items():
        columns = ["bcr_patient_uuid", *tables[table].columns]
        lines = ["\t".join(columns), "\t".join(columns), "\t".join("CDE_ID:" for _ in columns)]
        lines += ["\t".join(row.get(column, NOT) for column in columns) for row in rows.get(table, [])]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def patient(barcode: str, **cells: str) -> dict[str, str]:
    usual = {
        "bcr_patient_barcode": barcode,
        "gender": "FEMALE",
        "birth_days_to": "-20000",
        "days_to_initial_pathologic_diagnosis": "0",
        "vital_status": "Alive",
        "death_days_to": "[Not Applicable]",
        "ajcc_metastasis_pathologic_pm": "M0",
        "ajcc_nodes_pathologic_pn": "N0 (i-)",
        "menopause_status": POST,
        "her2_status_by_ihc": "[Not Evaluated]",
        "her2_fish_status": "[Not Evaluated]",
    }
    return usual | cells


@pytest.fixture
def tcga(tmp_path: Path) -> Path:
    drug = {"pharmaceutical_therapy_type": "Chemotherapy", "therapy_regimen_other": "[Not Applicable]"}
    return write_tcga(
        tmp_path / "tables",
        {
            "patient": [
                patient(
                    "T-1",
                    her2_status_by_ihc="Equivocal",
                    her2_fish_status="Negative",
                    er_status_by_ihc="Positive",
                    last_contact_days_to="153",
                    surgical_procedure_first="Lumpectomy",
                ),
                patient(
                    "T-2",
                    her2_status_by_ihc="Positive",
                    her2_fish_status="Negative",
                    ajcc_metastasis_pathologic_pm="MX",
                    er_status_by_ihc="Indeterminate",
                    histological_type='Other, specify "rare',
                    last_contact_days_to="30",
                ),
                patient(
                    "T-3",
                    vital_status="Dead",
                    death_days_to="900",
                    ajcc_metastasis_pathologic_pm="M1",
                    metastasis_site="Bone|Liver",
                ),
                patient("T-4", gender="OTHERWISE", ajcc_metastasis_pathologic_pm="cM0 (i+)"),
            ],
            "follow-up": [
                {"bcr_patient_barcode": "T-1", "vital_status": "Alive", "last_contact_days_to": "153"},
                {"bcr_patient_barcode": "T-2", "vital_status": "Dead", "death_days_to": "400"},
                {"bcr_patient_barcode": "T-3", "vital_status": "Dead", "death_days_to": "900"},
                {"bcr_patient_barcode": "T-9", "vital_status": "Alive", "last_contact_days_to": "1"},
            ],
            "drug": [
                {
                    "bcr_patient_barcode": "T-1",
                    "bcr_drug_barcode": "D1",
                    "therapy_regimen": "ADJUVANT",
                    "pharmaceutical_therapy_drug_name": "Cytoxan",
                    "pharmaceutical_tx_started_days_to": "50",
                    **drug,
                },
                {
                    "bcr_patient_barcode": "T-1",
                    "bcr_drug_barcode": "D2",
                    "pharmaceutical_therapy_drug_name": "Taxol",
                    "pharmaceutical_tx_started_days_to": "90",
                    **drug,
                },
                {
                    "bcr_patient_barcode": "T-1",
                    "bcr_drug_barcode": "D3",
                    "pharmaceutical_therapy_drug_name": "Taxol",
                    **drug,
                },
                {
                    "bcr_patient_barcode": "T-1",
                    "bcr_drug_barcode": "D4",
                    **drug,
                    "pharmaceutical_therapy_drug_name": "Zometa",
                    "pharmaceutical_tx_started_days_to": "95",
                    "pharmaceutical_therapy_type": "Ancillary",
                },
            ],
            "radiation": [
                {
                    "bcr_patient_barcode": "T-1",
                    "bcr_radiation_barcode": "R1",
                    "radiation_total_dose": "5040",
                    "radiation_therapy_site": "Primary Tumor Field",
                    "radiation_therapy_started_days_to": "120",
                },
                {
                    "bcr_patient_barcode": "T-3",
                    "bcr_radiation_barcode": "R2",
                    "radiation_total_dose": "3000",
                    "radiation_adjuvant_units": "cGy",
                    "radiation_therapy_type": "EXTERNAL BEAM",
                    "radiation_therapy_site": "Distant site",
                    "radiation_therapy_started_days_to": "120",
                    "therapy_regimen": "PALLIATIVE",
                    "radiation_adjuvant_fractions_total": "10",
                },
            ],
            "new tumour event": [
                {
                    "bcr_patient_barcode": "T-1",
                    "new_tumor_event_type": "Distant Metastasis",
                    "new_tumor_event_dx_days_to": "140",
                },
                {
                    "bcr_patient_barcode": "T-2",
                    "new_tumor_event_type": "Locoregional Recurrence",
                    "new_tumor_event_dx_days_to": "140",
                },
            ],
        },
    )


def summary(run: Run, *words: object) -> Any:
    return run("import", *words, "--json").lines[-1]


@pytest.mark.usefixtures("database")
def test_tcga_tables_are_imported_with_figures_that_add_up(tcga: Path, run: Run) -> None:
    found = summary(run, tcga, "--mapping", "tcga-brca")
    assert (found["new"], found["refused"]) == (3, 2)
    assert found["events"] == {
        "death": 2,
        "finding_recorded": 2,
        "local_treatment": 1,
        "systemic_started": 2,
    }
    rows = found["total"]["rows"]
    assert rows["in"] == 16 == rows["recorded"] + rows["nothing_to_record"] + rows["refused"]
    assert rows["refused"] == 2
    assert found["left_out"] == [{"table": "drug", "event": "drug", "missing": "date", "times": 1}]
    assert found["unmapped"] == [{"table": "patient", "column": "gender", "value": "OTHERWISE", "times": 1}]
    assert any("not in the register" in one["reason"] for one in found["reasons"])
    again = summary(run, tcga, "--mapping", "tcga-brca")
    assert (again["unchanged"], again["entries"]) == (3, 0)


@pytest.mark.usefixtures("database")
def test_what_tcga_does_not_hold_is_not_made_up(tcga: Path, run: Run) -> None:
    run("import", tcga, "--mapping", "tcga-brca")
    first, second, third = (run("show", name, "--json").lines[0] for name in ("T-1", "T-2", "T-3"))
    facts = first["facts"]
    assert facts["primary.her2"] == "negative"  # IHC equivocal is decided by in-situ hybridisation
    assert facts["primary.surgery_type"] == "breast_conserving"
    assert "primary.surgery_date" not in facts
    assert facts["metastasis.first_diagnosis_date"] == "day 140"
    assert facts["axillary_nodes_at_primary"] == "none"
    assert facts["de_novo_metastatic"] is False
    drugs = [entry for entry in first["entries"] if entry["type"] == "systemic_started"]
    assert [drug["intent"] for drug in drugs] == ["adjuvant", None]
    assert drugs[0]["note"] == "indication as stated: ADJUVANT"
    assert second["facts"]["primary.her2"] is None or second["facts"]["primary.her2"] == "unknown"
    assert second["facts"]["de_novo_metastatic"] is None
    assert second["facts"]["primary.er"] == "unknown"
    assert second["facts"]["primary.histology"] == 'Other, specify "rare'
    assert second["state"] == third["state"] == "deceased"
    assert third["facts"]["de_novo_metastatic"] is True
    radiation = next(entry for entry in third["entries"] if entry["type"] == "local_treatment")
    assert (radiation["dose_gy"], radiation["modality"], radiation["intent"]) == (30.0, None, "palliative")
    for one in (first, second, third):
        assert [row["code"] for row in one["deviations"] if row["code"].startswith("d-")] == []


@pytest.mark.usefixtures("database")
def test_no_calendar_date_of_such_a_patient_is_shown_anywhere(tcga: Path, run: Run) -> None:
    run("import", tcga, "--mapping", "tcga-brca")
    for words in (
        ("show", "T-1"),
        ("show", "T-3"),
        ("why", "T-1", "mdt_start"),
        ("brief", "T-1"),
        ("why", "T-1", "bone_health"),
        ("compare", "T-1"),
        ("list",),
        ("due",),
        ("deviations",),
    ):
        for told in (run(*words).out, "" if words[0] == "brief" else run(*words, "--json").out):
            assert not re.search(r"1[78]\d\d", re.sub(r"sha256:\w+", "", told)), words
    shown = run("show", "T-1").out
    assert "On day 153, by what was recorded by" in shown
    assert "Days are counted from day zero, initial pathologic diagnosis" in shown
    assert run("show", "T-1", "--json").lines[0]["as_of"] == "day 153"
    assert "As of day 153" in run("brief", "T-1").out
    assert "nothing is due by the calendar" in " ".join(run("list").out.split())
    assert run("list", "--json").lines[0]["day_zero"] == "initial pathologic diagnosis"
    asked = run("show", "T-1", "--as-of", "2025-01-01")
    assert (asked.status, "leave --as-of out" in asked.err) == (2, True)
    said = run("record", "T-1", "follow_up_visit", "--date", "2025-01-01")
    assert "a calendar day cannot be recorded" in said.err


@pytest.mark.usefixtures("database")
def test_a_preview_shows_the_first_patients_and_keeps_nothing(tcga: Path, run: Run) -> None:
    told = run("import", tcga, "--mapping", "tcga-brca", "--preview")
    assert "day 50" in told.out
    assert "born day -20000" in told.out
    assert "This was a dry run: nothing was kept." in told.out
    assert run("show", "T-1").status == 2


@pytest.mark.usefixtures("database")
def test_a_cbioportal_study_is_imported(tmp_path: Path, run: Run) -> None:
    (tmp_path / "data_clinical_patient.txt").write_text(
        "#Patient\tSex\n#Patient\tSex\n#STRING\tSTRING\n#1\t1\nPATIENT_ID\tSEX\nP-1\tFemale\nP-2\tNA\n"
    )
    (tmp_path / "data_timeline_treatment.txt").write_text(
        "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tSUBTYPE\tAGENT\n"
        "P-1\t40\t120\tTREATMENT\tMedical Therapy\tChemotherapy\tDocetaxel\n"
        "P-1\t200\t\tTREATMENT\tMedical Therapy\tHormone Therapy\tLetrozole\n"
        "P-1\t130\t160\tTREATMENT\tRadiation Therapy\t\t\n"
        "P-2\t10\t20\tTREATMENT\tChemotherapy\t\tTrastuzumab\n"
        "P-2\t10\t20\tSTATUS\t\t\t\n"
    )
    found = summary(run, tmp_path, "--mapping", "cbioportal-timeline")
    assert (found["new"], found["refused"], found["events"]) == (2, 0, {"systemic_started": 3})
    assert found["tables"]["treatment"]["rows"] == {
        "in": 5,
        "recorded": 3,
        "nothing_to_record": 2,
        "refused": 0,
    }
    entries = run("show", "P-1", "--json").lines[0]["entries"]
    assert [entry["regimen_class"] for entry in entries] == [["chemotherapy"], ["endocrine"]]
    assert entries[0]["note"] == "stopped on day 120"
