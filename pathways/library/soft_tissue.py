"""Soft tissue, cord compression and plexus infiltration (pathway-outline.md 8.8; C29, C30)."""

from __future__ import annotations

from pathways.declare import display, duty, enrols, rule, state, timer, transition
from pathways.language import Bool, Events, OneEvent, all_of, any_of, events, fact, for_each, setting, yes
from pathways.library import course, disease, plan
from pathways.library.judged import fact_step
from pathways.library.recorded import ever_imaged, known_from_beginning, stating_true, treatments
from pathways.pathway import Pathway

_cord_rows = ("ago-2024-soft-rt-cord-compression", "ago-2024-soft-surgery-exception")
_plexus_rows = ("ago-2024-soft-rt-plexus", "ago-2024-soft-surgery-exception")
_SURGERY = ("surgery", "resection")
_RADIOTHERAPY = ("rt", "stereotactic_rt", "other_rt")


def _said_false(e: OneEvent, name: str) -> Bool:
    return (e.stated(name) & ~e.flag(name)).sure() | (~e.flag(f"findings.{name}")).sure()


_cord = (stating_true("spinal_cord_compression") | stating_true("paresis")).named(
    "records of cord compression or paresis"
)
_plexus = stating_true("plexus_infiltration").named("records of plexus infiltration")
_cord_over = events("imaging_done", "finding_recorded").where(
    lambda e: any_of(*(_said_false(e, name) for name in ("spinal_cord_compression", "paresis")))
)
# Each time it is found again after it was gone, the duty begins anew.
_onsets = _cord.where(lambda e: ~_cord.before(e).after(_cord_over.before(e).latest()).exist()).named(
    "onsets of cord compression or paresis"
)
_each_onset, _onset = for_each(_onsets)
_first_plexus = _plexus.first()
_cord_now = any_of(
    disease.finding_flag("spinal_cord_compression").sure(), disease.finding_flag("paresis").sure()
)
_plexus_now = disease.finding_flag("plexus_infiltration").sure()


def _local(site: str, indication: str) -> Events:
    return events("local_treatment").where(
        lambda t: t.code("site").equals(site) | t.code("indication").equals(indication).sure()
    )


_to_cord = _local("spine", "spinal_compression").where(modality=(*_SURGERY, *_RADIOTHERAPY))
_to_plexus = _local("plexus", "plexus").where(modality=(*_SURGERY, *_RADIOTHERAPY))
_known_from_start = (
    any_of(
        *(fact.flag(name).sure() for name in ("spinal_cord_compression", "paresis", "plexus_infiltration"))
    )
    & ~_cord.exist()
    & ~_plexus.exist()
)
_ever_found = any_of(
    known_from_beginning(
        any_of(*(fact.flag(name) for name in ("spinal_cord_compression", "paresis", "plexus_infiltration")))
    ),
    _cord.exist(),
    _plexus.exist(),
)
_given = _to_cord.since(_onsets.latest().day) | _to_plexus.since(_first_plexus.day)
_given_from_start = (_to_cord | _to_plexus).where(lambda _: _known_from_start)
_treated = (_given | _given_from_start).named("treatments of cord or plexus")

_each, _step = for_each(events("mdt_started", "local_treatment").where(modality=_SURGERY))
_elsewhere = disease.any_active(
    "bone", "lung", "liver", "lymph_node", "cns", "contralateral_axilla", "pleura", "other"
)


_soft = (
    plan.lies_in(_step.codes("targets"), "soft_tissue").sure()
    | _step.code("site").equals("soft_tissue").sure()
)

STATES = (
    state("none", "No soft tissue lesion, cord or plexus involved"),
    state("soft_tissue_lesion", "Soft tissue metastasis"),
    state("plexus_infiltration", "Plexus infiltration"),
    state("cord_compression", "Cord compression"),
    state("radiotherapy_given", "Radiotherapy given"),
    state("surgery_immediate", "Surgery done"),
)
_targets = (
    ("imaging_done", "soft_tissue_lesion", "soft tissue lesion", ("ago-2024-soft-rt",)),
    ("imaging_done", "plexus_infiltration", "plexus infiltration", _plexus_rows),
    ("imaging_done", "cord_compression", "cord compression", _cord_rows),
    ("finding_recorded", "plexus_infiltration", "plexus infiltration", _plexus_rows),
    ("finding_recorded", "cord_compression", "cord compression or paresis", _cord_rows),
    ("local_treatment", "radiotherapy_given", "radiotherapy", _cord_rows),
    ("local_treatment", "surgery_immediate", "surgery", _cord_rows),
)
_surgery_indicated = disease.finding_flag("immediate_surgery_indicated")
DISPLAYS = (
    display(
        "cord-radiotherapy",
        "Radiotherapy of cord compression or paresis",
        "recommendation",
        "ago-2024-soft-rt-cord-compression",
        applies=_cord_now,
    ),
    display(
        "plexus-radiotherapy",
        "Radiotherapy of plexus infiltration",
        "recommendation",
        "ago-2024-soft-rt-plexus",
        applies=_plexus_now,
    ),
    display(
        "surgery-first",
        "An immediate indication for surgery goes first",
        "recommendation",
        "ago-2024-soft-surgery-exception",
        applies=(_cord_now | _plexus_now) & _surgery_indicated,
    ),
    display(
        "cord-general-row",
        "The general row on symptoms grades local treatment of spinal compression lower",
        "opposing",
        "ago-2024-gen-symptomatic-local",
        applies=_cord_now,
    ),
)

SOFT_TISSUE = course.enrolled(
    Pathway(
        id="soft-tissue",
        key="soft_tissue",
        version="1.0.0",
        title="Soft tissue, cord compression, plexus",
        enrols=(
            enrols("A soft tissue lesion on an imaging", ever_imaged("soft_tissue")),
            enrols("Cord compression, paresis or plexus infiltration", _ever_found),
            enrols("Soft tissue treated locally", treatments("soft_tissue").exist()),
        ),
        states=STATES,
        rules=(
            rule("surgery_immediate", _treated.where(modality=_SURGERY).exist()),
            rule("radiotherapy_given", _treated.exist()),
            rule("cord_compression", _cord_now),
            rule("plexus_infiltration", _plexus_now),
            rule(
                "soft_tissue_lesion",
                disease.active_lesions.any(lambda row: row.code("organ").equals("soft_tissue")),
            ),
            rule("none", yes()),
        ),
        transitions=tuple(
            transition(s.id, event, target, condition=condition, order=n, statements=statements)
            for s in STATES
            for n, (event, target, condition, statements) in enumerate(_targets)
            if s.id != target
        ),
        timers=(
            timer(
                "t-cord",
                "Radiotherapy or surgery for cord compression",
                listed=False,
                own_grace=True,
                each=_each_onset,
                opens=_onset.day,
                due=_onset.day.plus_days(setting.number("cord_grace_days")),
                done=_to_cord.since(_onset.day).first(),
                anchor=(_onset,),
                statements=_cord_rows,
            ),
            timer(
                "t-plexus",
                "Radiotherapy or surgery for plexus infiltration",
                listed=False,
                exists=_first_plexus.there(),
                opens=_first_plexus.day,
                due=_first_plexus.day,
                done=_to_plexus.since(_first_plexus.day).first(),
                anchor=(_first_plexus,),
                statements=_plexus_rows,
            ),
        ),
        deviations=(
            duty(
                "d-cord-untreated",
                "Cord compression without radiotherapy or surgery",
                "critical",
                ("t-cord",),
                statements=_cord_rows,
            ),
            duty(
                "d-plexus-untreated",
                "Plexus infiltration without radiotherapy or surgery",
                "major",
                ("t-plexus",),
                statements=_plexus_rows,
            ),
            fact_step(
                "d-soft-resection-other-disease",
                "Soft tissue resected without excluding other disease",
                "minor",
                each=_each,
                step=_step,
                events=(_step,),
                against=_soft & ~all_of(disease.staging_complete, ~_elsewhere),
                guard="g-site-method",
                statements=("ago-2024-soft-r0-resection",),
            ),
        ),
        displays=DISPLAYS,
    )
)
