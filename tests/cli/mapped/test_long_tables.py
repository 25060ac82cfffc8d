"""One long table with several rows for a patient, by a mapping."""

from __future__ import annotations

from pathlib import Path

from tests.cli.mapped.tables import Run, add_up

LONG = """carepath_mapping = 1
[days]
formats = ["DD.MM.YYYY"]
[[table]]
register = true
several_rows = true
patient = "Nr"
[table.facts]
birth_date = "Geboren"
[[table.event]]
type = "response_assessed"
date = "Datum"
when = {Datum = {filled = true}}
fields.overall = "Ergebnis"
"""


def test_a_long_table_alone_tells_everything(tmp_path: Path, clinic: Path, run: Run) -> None:
    rows = ["Nr;Geboren;Datum;Ergebnis", "P1;12.04.1970;01.07.2024;PR", "P1;12.04.1970;01.10.2024;CR"]
    rows += ["P1;;;", "P2;01.01.1960;;", "P3;01.01.1960;01.07.2024;PR", "P3;02.01.1960;01.10.2024;PR"]
    (tmp_path / "long.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "long.toml").write_text(LONG, encoding="utf-8")
    status, [refused, summary], _ = run("import", tmp_path / "long.csv", "--mapping", tmp_path / "long.toml")
    assert (status, summary["new"], summary["entries"]) == (2, 2, 2)
    assert refused["patient"] == "P3"
    assert "'birth_date' is 1960-01-02 here and 1960-01-01 in row 6" in refused["error"]
    assert summary["total"]["rows"] == {"in": 6, "recorded": 3, "nothing_to_record": 1, "refused": 2}
    add_up(summary)


def test_rows_of_one_event_may_leave_unknown_what_another_tells(
    tmp_path: Path, clinic: Path, run: Run
) -> None:
    """In whatever order they stand; two that contradict each other turn the patient away."""
    told = {"P1": ("?", "PR"), "P2": ("PR", "?"), "P3": ("PR", "PD"), "P4": ("?", "?")}
    rows = [f"{patient};12.04.1970;01.07.2024;{said}" for patient, both in told.items() for said in both]
    (tmp_path / "long.csv").write_text("\n".join(["Nr;Geboren;Datum;Ergebnis", *rows, ""]), encoding="utf-8")
    mapping = LONG.replace("[[table]]", '[words]\nunknown = ["?"]\n[[table]]') + 'one_per = ["Datum"]\n'
    (tmp_path / "long.toml").write_text(mapping, encoding="utf-8")
    _, [refused, _], _ = run("import", tmp_path / "long.csv", "--mapping", tmp_path / "long.toml")
    assert refused["patient"] == "P3"
    assert "'overall': the rows of one event must agree" in refused["error"]
    said = {name: run("show", name)[1][0]["entries"][-1].get("overall") for name in ("P1", "P2", "P4")}
    assert said == {"P1": "PR", "P2": "PR", "P4": None}


def test_an_event_told_by_a_text_alone_is_not_passed_over(tmp_path: Path, clinic: Path, run: Run) -> None:
    (tmp_path / "long.csv").write_text("Nr;Geboren;Datum;Ergebnis\nP1;12.04.1970;;besser\n", encoding="utf-8")
    mapping = LONG.replace("when = {Datum = {filled = true}}\n", "").replace(
        'fields.overall = "Ergebnis"',
        'fields.overall = {value = "PR"}\nfields.note = {text = "said: {Ergebnis}"}',
    )
    (tmp_path / "long.toml").write_text(mapping, encoding="utf-8")
    _, [refused, _], _ = run("import", tmp_path / "long.csv", "--mapping", tmp_path / "long.toml")
    assert "the day is not stated" in refused["error"]
