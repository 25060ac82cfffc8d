"""Data-quality findings: late entries, duplicates, corrections after a decision, entries after death (R33 to
R35, R6, R17).
"""

from __future__ import annotations

from pathways.declare import deviation
from pathways.language import (
    Bool,
    OneEvent,
    after_death,
    all_of,
    any_of,
    duplicates,
    for_each,
    ledger,
    today,
)
from pathways.library import course, profiles
from pathways.pathway import DataQuestion

QUESTION = DataQuestion(
    "q-missing-fact", "A value that a decision needs is not known", course.mdt_starts.node, "mdt_start"
)

_IMAGING_ASIDE = ("modality", "purpose", "brain_mri", "note")
_RESPONSE = ("overall", "date")
_TISSUE = ("er", "pr", "her2", "metastasis_confirmed")

_decision_boards = ledger("board_held").where(question=("mdt", "oligoprogression"))
_decisions = _decision_boards | ledger("mdt_started")
_each_entry, _entry = for_each(
    ledger("response_assessed", "imaging_done", "tissue_result", "finding_recorded").where(
        lambda e: e.day <= today()
    )
)


def _weighty(e: OneEvent) -> Bool:
    """A progression, imaging that ends the classification, tissue that does not confirm, malignant fluid
    (R34).
    """
    fluids = ("pleural_effusion", "ascites", "pericardial_effusion")
    recorded = e.kind.equals("finding_recorded") & any_of(
        *(e.code(f).equals("malignant").sure() for f in fluids)
    )
    imaged = any_of(*(e.code(f"findings.{f}").equals("malignant").sure() for f in fluids))
    turned = e.flag("complete").sure() & profiles.classified_not_met.hindsight(e.day).sure()
    return any_of(
        e.kind.equals("response_assessed") & e.code("overall").equals("PD").sure(),
        e.kind.equals("imaging_done") & (imaged | turned),
        e.kind.equals("tissue_result") & (~e.flag("metastasis_confirmed")).sure(),
        recorded,
    )


_late = _entry.documented > _entry.day
_decided_before = _decisions.any(lambda d: d.written_before(_entry))
_board_since = ledger("board_held").since(_entry.documented).exist()

_each_correction, _correction = for_each(ledger("correction"))
_corrected = _correction.target()
_field = _correction.code("field")
_snapshot_fact = any_of(
    _corrected.kind.equals("imaging_done") & ~_field.one_of(*_IMAGING_ASIDE),
    _corrected.kind.equals("response_assessed") & _field.one_of(*_RESPONSE),
    _corrected.kind.equals("tissue_result") & _field.one_of(*_TISSUE),
)
_board_then = _decision_boards.since(_corrected.day).where(lambda b: b.written_before(_correction)).latest()
_board_again = (
    _decision_boards.since(_correction.documented)
    .where(lambda b: b.code("question").equals(_board_then.code("question")))
    .first()
)

_each_double, _double = for_each(duplicates().where(lambda e: e.day <= today()))
_each_dead, _posthumous = for_each(after_death().where(lambda e: e.day <= today()))

DATA_QUALITY = (
    deviation(
        "q-late-entry",
        "Recorded after a decision that it ends or would have changed",
        "data",
        each=_each_entry,
        raised=all_of(_late, _weighty(_entry), _decided_before),
        otherwise="open",
        events=(_entry,),
        statuses=(("closed", _board_since),),
    ),
    deviation(
        "q-duplicate",
        "The same entry twice; the second is set aside",
        "data",
        each=_each_double,
        raised=_double.there(),
        otherwise="open",
        events=(_double,),
    ),
    deviation(
        "q-correction-after-decision",
        "A fact the board used was corrected afterwards",
        "data",
        each=_each_correction,
        raised=_snapshot_fact & _board_then.there(),
        otherwise="open",
        events=(_correction, _board_then),
        statuses=(("closed", _board_again.there()),),
    ),
    deviation(
        "q-event-after-death",
        "Dated after death",
        "data",
        each=_each_dead,
        raised=_posthumous.there(),
        otherwise="open",
        events=(_posthumous,),
    ),
)
