"""One patient's care as it goes on, with what the simulation keeps in mind to know what departs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from engine.calendar import add_months
from pathways.settings import Settings
from simulation.chart import Draft
from simulation.course import ONCOLOGIES, Course
from simulation.lives.numbers import Numbers
from simulation.person import Lesion
from simulation.weekdays import next_working_day

_AGAINST = ("not_recommended", "systemic_only", "deferred", "exception_not_supported")


ANSWERS: Final[dict[str, frozenset[str]]] = {
    "review": frozenset({"board", "line"}),
    "her2": frozenset({"board", "anti_her2"}),
    "hr": frozenset({"board", "endocrine", "endocrine_cdk46"}),
    "marrow": frozenset({"anti_her2"}),
    "brain": frozenset({"brain"}),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A duty due on a day; `kind` says what answers it."""

    code: str
    kind: str
    due: date


@dataclass(slots=True, eq=False)
class Present:
    """What has happened since the last progression, or since the beginning: boards, counselling, response.

    `moved`: a fact the board used has changed since. `weighed`: the day of a board on the progression.
    """

    first_response: date | None = None
    closed: date | None = None
    decided: bool = False
    board: date | None = None
    weighed: date | None = None
    named: str | None = None
    moved: bool = False
    recommended: bool = False
    on_progression: bool = False
    lifted: bool = False
    counselled: bool = False
    started: bool = False
    methods: set[str] = field(default_factory=set)
    targeted: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False, kw_only=True)
class Care(Course):
    """`shown` are the metastases of the latest complete imaging; `present` the present course of therapy."""

    numbers: Numbers
    rules: Settings
    hr: bool
    her2: bool
    shown: tuple[Lesion, ...] | None = None
    present: Present = field(default_factory=Present)
    staged: bool = False
    reviewed: bool = False
    proved: bool = False
    lung_proved: bool = False
    pet: bool = False
    pet_unknown: bool = False
    boarded: bool = False
    treated: bool = False
    running: bool = False
    responded: bool = False
    progressed: bool = False
    responded_before: bool = False
    few_sites: bool = False
    short_survival: bool = False
    hidden_fluid: bool = False
    owes_scans: bool = False
    excused: set[str] = field(default_factory=set)
    classes: tuple[str, ...] = ()
    regimen: str | None = None
    receptors: tuple[object, ...] = ()
    of_line: list[str] = field(default_factory=list)
    """Where there was a progression under the present line."""
    late_of_line: date | None = None
    """From when on another one under it is known, which was written down later."""
    unwritten: list[tuple[str, date]] = field(default_factory=list)
    """Proofs for every start that were written late, by what is missed without them, with that day."""
    waiting: list[Waiting] = field(default_factory=list)
    happened: set[str] = field(default_factory=set)

    @property
    def over(self) -> bool:
        return self.day > self.chart.until

    @property
    def stays(self) -> bool:
        """The patient has not left by the day we stand on."""
        return self.chart.until == self.chart.as_of

    def draws(self, name: str) -> bool:
        """Whether what this share is about happens."""
        return self.chance.happens(self.numbers.share(name))

    def once(self, name: str) -> bool:
        """The same, at most once in a patient."""
        if name in self.happened or not self.draws(name):
            return False
        self.happened.add(name)
        return True

    def after(self, name: str) -> None:
        """Goes on to a later working day, by one of the delays."""
        self.wait(*self.numbers.days(name))

    def drawn_after(self, day: date, name: str) -> date:
        """A working day that lies after another by one of the delays."""
        return next_working_day(day + timedelta(self.chance.whole(*self.numbers.days(name))))

    def owe(self, code: str, due: date, done: date | None, **ends: date | None) -> None:
        """A dated duty that has no days of grace of its own."""
        self.chart.duty(code, due, done, grace=self.rules.grace_days, **ends)

    def months(self, day: date) -> date:
        """The end of the response window that begins on a day."""
        return add_months(day, self.rules.response_min_months)

    @property
    def on_pertuzumab(self) -> bool:
        """Trastuzumab and pertuzumab are running."""
        return self.running and self.regimen == "trastuzumab_pertuzumab"

    @property
    def active(self) -> list[Lesion]:
        """Active metastases, but those that a board gave a reason to leave alone."""
        there = (lesion for lesion in self.lesions if lesion["status"] == "active")
        return [lesion for lesion in there if lesion["id"] not in self.excused]

    @property
    def targets(self) -> list[str]:
        return [str(lesion["id"]) for lesion in self.active]

    @property
    def shown_active(self) -> list[Lesion]:
        return [lesion for lesion in self.shown or () if lesion["status"] == "active"]

    @property
    def malignant(self) -> bool:
        """Malignant fluid of the kinds that exclude oligometastatic disease."""
        return "malignant" in (self.findings["pleural_effusion"], self.findings["ascites"])

    @property
    def not_met(self) -> bool:
        """Surely not oligometastatic, on what was seen."""
        return len(self.shown_active) > 5 or self.malignant

    # What is written down, and remembered.

    def image(self, purpose: str, **fields: object) -> Draft:
        done = Course.image(self, purpose, **fields)
        if done.fields["complete"] is True:
            self.shown = tuple(dict(lesion) for lesion in self.lesions)
        self.pet = self.pet or done.fields["modality"] == "pet_ct"
        return done

    def hold_board(self, question: str, decision: str, **fields: object) -> Draft:
        """A board on metastasis-directed therapy or a progression sometimes lacks an oncologist."""
        weighty = question in ("mdt", "oligoprogression")
        if weighty and "disciplines" not in fields and self.draws("board_incomplete"):
            kept = self.chance.shuffled(ONCOLOGIES)[: self.chance.whole(1, 2)]
            fields["disciplines"] = [*kept, "radiology"]
            self.plant("d-board-composition")
        held = Course.hold_board(self, question, decision, **fields)
        self.boarded = True
        self.answer("board")
        if decision not in _AGAINST and isinstance(fields.get("method"), str):
            self.present.methods.add(str(fields["method"]))
        if weighty:
            self._decide(question, decision, fields.get("method"))
        return held

    def _decide(self, question: str, decision: str, method: object) -> None:
        now = self.present
        now.decided = True
        now.on_progression |= question == "oligoprogression"
        now.lifted |= decision == "local_treatment_regimen_unchanged"
        now.recommended |= now.lifted or decision == "recommended"
        if question == "mdt":
            now.board, now.moved = self.day, False
            now.named = None if method is None else str(method)
        else:
            now.weighed = self.day

    def treat_first(self) -> None:
        """The first treatment wants a board before it, where the disease may be oligometastatic."""
        if not self.treated and not self.boarded and not self.not_met:
            self.plant("d-board-missing-initial")
        self.treated = True

    def begin_line(self, type: str, classes: list[str], **fields: object) -> None:
        self.treat_first()
        known = self.late_of_line is not None and self.late_of_line <= self.day
        if self.of_line == ["brain"] and not known:
            self.plant("d-cns-regimen-changed")
        self.line += 1
        self.add(type, line=self.line, regimen_class=classes, **fields)
        self.running, self.few_sites, self.of_line, self.late_of_line = True, False, [], None
        self.classes, self.regimen = tuple(classes), str(fields.get("regimen"))
        self.answer("line", *classes)

    def stop(self, reason: str) -> None:
        """Therapy should go on once metastasis-directed therapy was decided or has begun."""
        self.add("systemic_stopped", reason=reason)
        self.running = False
        if self.present.recommended or self.present.started:
            self.plant("d-systemic-stopped-at-mdt")

    def respond(self, value: str) -> None:
        now = self.present
        self.add("response_assessed", overall=value)
        self.responded = True
        now.first_response = now.first_response or self.day
        if now.closed is None and self.day >= self.months(now.first_response):
            now.closed = self.day

    def progress_as(self, kind: str, **fields: object) -> None:
        """A progression, after an imaging on the same day that shows it."""
        self.progress(**fields)
        self.present, self.progressed = Present(), True
        self.responded_before = self.responded
        self.few_sites = kind == "few_sites"
        self.of_line.append(kind)

    def move_basis(self) -> None:
        """A fact that a board used is not what it was."""
        self.present.moved = self.present.board is not None

    # Duties that a later board, line or treatment answers.

    def wait_for(self, code: str, kind: str, days: int) -> None:
        """A duty that begins today, to be answered within some days."""
        self.waiting.append(Waiting(code, kind, self.day + timedelta(days)))

    def gain(self, kind: str) -> None:
        """A receptor gained in a metastasis wants a board or a line that fits."""
        if not (self.running and ANSWERS[kind].intersection(self.classes)):
            self.wait_for("d-receptor-gain-untreated", kind, self.rules.receptor_grace_days)

    def answer(self, *words: str) -> None:
        """What answers: a board, a line with its classes, stereotactic treatment of the brain."""
        for one in self.waiting:
            if ANSWERS[one.kind].intersection(words):
                self.chart.duty(one.code, one.due, self.day)
        self.waiting = [one for one in self.waiting if not ANSWERS[one.kind].intersection(words)]

    def leave(self) -> None:
        """The end of the story: what is unanswered stays so."""
        for one in self.waiting:
            self.chart.duty(one.code, one.due, None)
        self.waiting = []
