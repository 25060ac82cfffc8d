"""An author's own pathway on the command line: made from the template, checked, told, asked, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathways.fingerprint import fingerprint
from pathways.library import main_pathway
from tests.cli.conftest import EXAMPLES, Run

FILES = ("pathway.py", "vocabulary.yaml", "statements.yaml", "worked/first-patient.yaml")


@pytest.fixture
def folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `carepath pathway new wound-care` writes, in the present folder."""
    monkeypatch.chdir(tmp_path)
    ran = run("pathway", "new", "wound-care")
    assert (ran.status, ran.err) == (0, "")
    return Path("wound-care")


def changed(file: Path, old: str, new: str) -> Path:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_a_new_pathway_is_complete_and_checked(run: Run, folder: Path) -> None:
    assert run("pathway", "check", folder).out == "1 pathway checked, 0 problems\n"
    tested = run("pathway", "test", folder, "--json")
    assert tested.status == 0
    assert tested.lines == [
        {"pathway": "wound-care", "patients": 1, "refused": 0, "checkpoints": 4, "differences": []}
    ]
    shown = run("pathway", "show", folder).out
    assert "Wound care  wound-care 0.1.0" in shown
    assert "new-pathway" not in "".join((folder / name).read_text(encoding="utf-8") for name in FILES)


def test_the_commands_in_the_new_files_run(run: Run, folder: Path) -> None:
    texts = [(folder / name).read_text(encoding="utf-8") for name in FILES]
    commands = [
        line.strip().lstrip("# ").split()[1:]
        for text in texts
        for line in text.splitlines()
        if line.strip().lstrip("# ").startswith("carepath ")
    ]
    assert len(commands) == 4
    assert [run(*words).status for words in commands] == [0] * 4


def test_what_new_tells(run: Run, folder: Path) -> None:
    told = run("pathway", "new", "burns", "--json").lines
    assert told == [{"pathway": "burns", "files": [f"burns/{name}" for name in FILES]}]
    elsewhere = run("pathway", "new", "burns", "--out", "my own/burns")
    assert "  carepath pathway check 'my own/burns'\n" in elsewhere.out
    assert "carepath pathway check 'my own/burns'" in Path("my own/burns/pathway.py").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("wound-care",), "is there already, and is not overwritten"),
        (("Wound Care",), "is no id: small letters"),
        (("bone-health",), "is a pathway that ships"),
        (("bone",), ""),
    ],
)
def test_new_refuses(run: Run, folder: Path, words: tuple[str, ...], told: str) -> None:
    ran = run("pathway", "new", *words)
    assert (ran.status, told in ran.err) == (2 if told else 0, True)


def test_new_where_nothing_can_be_written(run: Run, folder: Path) -> None:
    ran = run("pathway", "new", "burns", "--out", folder / "pathway.py" / "burns")
    assert ran.status == 3
    assert "cannot be written" in ran.err


def test_it_is_named_by_folder_file_and_json(run: Run, folder: Path) -> None:
    out = run("pathway", "show", folder).out
    assert run("pathway", "show", folder / "pathway.py").out == out
    file = folder / "kept.json"
    file.write_text(run("pathway", "show", folder, "--json").out, encoding="utf-8")
    assert run("pathway", "show", file).out == out
    assert run("pathway", "check", file).status == 0, "words and statements stand beside it"


def test_text_and_diagram(run: Run, folder: Path) -> None:
    text = run("pathway", "text", folder).out
    assert "the severity of the latest assessment is severe" in text
    assert "`example-review-two-weeks` (GR strong)" in text
    assert 'state_waiting["Assessment awaited"]' in run("pathway", "diagram", folder).out


def test_problems_name_the_authors_line(run: Run, folder: Path) -> None:
    file = changed(folder / "pathway.py", '.equals("severe")', '.equals("grave")')
    ran = run("pathway", "check", folder)
    line = 1 + file.read_text(encoding="utf-8").splitlines().index(
        next(one for one in file.read_text(encoding="utf-8").splitlines() if '"grave"' in one)
    )
    assert ran.status == 1
    assert ran.out.startswith(
        f"{file}:{line}: wound-care: guard g-treat, clause 1: 'severity' is never 'grave'"
    )


def test_its_patients_are_told_in_its_words(run: Run, folder: Path) -> None:
    patient = folder / "worked" / "first-patient.yaml"
    out = run("replay", "--pathway", folder, patient).out
    for told in ("State: Under treatment since 2025-03-06", "example-treat-severe", "(Grade strong)"):
        assert told in out
    assert 'in the state "Recovered"' in out
    answers = run("replay", "--pathway", folder, "--json", patient).lines
    assert [answer["state"] for answer in answers] == ["assessed", "assessed", "treated", "recovered"]
    assert answers[0]["companion_states"] == {}
    typed = run("replay", "--pathway", folder, "--json", "-", typed=patient.read_text(encoding="utf-8"))
    assert typed.lines == answers


def test_many_processes_know_its_words(run: Run, folder: Path) -> None:
    patients = [folder / "worked" / "first-patient.yaml"] * 25
    ran = run("replay", "--pathway", folder, "--check", "--jobs", 2, *patients)
    assert (ran.status, ran.out) == (0, "100 checkpoints compared, 0 with differences\n")


def test_conditions_that_only_inform_hold_nothing_back(run: Run, folder: Path) -> None:
    clause = 'assessment.flag("agreed"), "example-agreement-first"'
    changed(folder / "pathway.py", clause, f'{clause}, force="info"')
    patient = changed(folder / "worked" / "first-patient.yaml", "agreed: true", "agreed: false")
    out = run("replay", "--pathway", folder, "--as-of", "2025-03-03", patient).out
    assert "The finding is severe" in out
    assert "The patient agrees" not in out


def test_its_words_are_its_own(run: Run, folder: Path) -> None:
    ran = run("replay", folder / "worked" / "first-patient.yaml")
    assert ran.status == 2
    assert "there is no event type 'assessment'" in ran.err


def test_a_worked_patient_that_differs_is_told(run: Run, folder: Path) -> None:
    changed(
        folder / "worked" / "first-patient.yaml",
        "{state: assessed, guards: {g-treat: pass}",
        "{state: treated",
    )
    ran = run("pathway", "test", folder)
    assert ran.status == 1
    assert "state: expected treated / got assessed" in ran.out


def test_one_that_ships_is_asked_alone(run: Run) -> None:
    ran = run("replay", "--pathway", "bone-health", "--json", EXAMPLES / "regular-path.yaml")
    assert all(
        answer["pathways"][0]["pathway_id" if "pathway_id" in answer["pathways"][0] else "id"]
        == "bone-health"
        for answer in ran.lines
    )
    assert {len(answer["pathways"]) for answer in ran.lines} == {1}


def test_diff_of_two_versions(run: Run, folder: Path) -> None:
    run("pathway", "new", "wound-care", "--out", "second")
    assert run("pathway", "diff", folder, "second").status == 0
    changed(Path("second/pathway.py"), "plus_days(14)", "plus_days(7)")
    ran = run("pathway", "diff", folder, "second")
    assert ran.status == 1
    assert "earlier: due" in ran.out


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = (\n", "{file}:1: SyntaxError: "),
        ("x = 1\ny = z\n", "{file}:2: NameError: name 'z' is not defined"),
        ("from pathways.declare import stage\n", "{file}:1: ImportError: "),
        ("import json\njson.loads('{')\n", "{file}:2: JSONDecodeError: "),
        ("raise SystemExit(3)\n", "{file}:1: SystemExit: 3"),
        ("x = 1\n", "{file} defines no pathway; give the one that is meant the name PATHWAY"),
        (
            "from pathways.library import main_pathway, all_pathways\nA, B, *_ = all_pathways()\n",
            "{file} defines 2 pathways; give",
        ),
        ("from pathways.library import main_pathway\nONE = main_pathway()\nTWO = ONE\n", ""),
        (
            "from pathways.library import all_pathways\nA, *_, B = all_pathways()\nPATHWAY = A\n",
            "",
        ),
    ],
)
def test_a_file_that_defines_no_single_pathway(run: Run, tmp_path: Path, source: str, told: str) -> None:
    file = tmp_path / "own.py"
    file.write_text(source, encoding="utf-8")
    ran = run("pathway", "show", file, "--json")
    if told:
        assert ran.status == 2
        assert ran.err.startswith(f"carepath: {told.format(file=file)}")
    else:
        assert ran.status == 0
        assert json.loads(ran.out)["pathway"]["id"] == main_pathway().id
        assert fingerprint(main_pathway())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no-such.py", "no-such.py cannot be read"),
        ("no-such.json", "no-such.json cannot be read"),
        (".", "pathway.py cannot be read"),
        ("wound-care/worked", "wound-care/worked/pathway.py cannot be read"),
        ("wond-care", "there is no pathway 'wond-care'"),
    ],
)
def test_files_that_are_not_there(run: Run, folder: Path, name: str, told: str) -> None:
    ran = run("pathway", "check", name)
    assert ran.status == 2
    assert told in ran.err


def test_broken_words_and_statements_are_told_with_their_line(run: Run, folder: Path) -> None:
    changed(folder / "vocabulary.yaml", "  treatment: {class: treatment", "  death: {class: treatment")
    ran = run("pathway", "check", folder)
    assert ran.status == 2
    assert "wound-care/vocabulary.yaml:" in ran.err
    assert "'death' is already in the shipped vocabulary" in ran.err
    (folder / "vocabulary.yaml").write_bytes(b"\xff")
    assert "is not UTF-8" in run("replay", "--pathway", folder, folder / "worked" / "first-patient.yaml").err
    (folder / "vocabulary.yaml").write_text("events: '\x01'", encoding="utf-8")
    assert "vocabulary.yaml:1: not YAML" in run("pathway", "check", folder).err


def test_words_that_cannot_be_read(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_text", refuse)
    ran = run("pathway", "check", folder)
    assert ran.status == 2
    assert "cannot be read: Permission denied" in ran.err
