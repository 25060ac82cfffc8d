"""Malignant pleural effusion (pathway-outline.md 8.4)."""

from __future__ import annotations

from pathways.declare import deviation, enrols, offered_in, rule, state, step, transition
from pathways.language import all_of, fact, for_each, yes
from pathways.library import course, disease
from pathways.library.judged import fact_step
from pathways.library.recorded import ever_open, stating, treatments
from pathways.pathway import Pathway

_PLEURODESIS = ("vats_talc", "talc_powder", "povidone_iodine", "instillation", "intrathoracic_chemotherapy")
_CATHETER = ("indwelling_catheter", "continuous_drainage")
_initially_malignant = fact.code("pleural_effusion").equals("malignant").sure()
_pleural_malignant = stating("pleural_effusion", "malignant").named("records of malignant pleural effusion")
_pleural_treatments = treatments("pleura").where(
    lambda t: _initially_malignant | _pleural_malignant.until(t.day).exist()
)
_pleural = _pleural_treatments.latest().named("the latest treatment of the pleural effusion")
_dry = stating("pleural_effusion", "none").after(_pleural).first()
_again = _pleural.there() & _dry.there() & _pleural_malignant.after(_dry).exist()
_pleura_titles = {
    "none": "No effusion to treat",
    "suspected": "Effusion, cause unknown",
    "malignant": "Malignant effusion",
    "drained": "Drained",
    "pleurodesis_done": "Pleurodesis done",
    "indwelling_catheter": "Indwelling catheter",
    "recurrent": "Malignant effusion again",
}
_pleura_rows = (
    "ago-2024-pleura-short-survival-less-invasive",
    "ago-2024-pleura-vats-talc",
    "ago-2024-pleura-continuous-drainage",
    "ago-2024-pleura-chemical-pleurodesis",
    "ago-2024-pleura-talc-powder",
    "ago-2024-pleura-povidone-iodine",
    "ago-2024-pleura-intrathoracic-chemo",
    "ago-2024-pleura-serial-thoracocentesis",
    "ago-2024-pleura-pleurodesis-analgesia",
)
_each_pleural, _procedure = for_each(treatments("pleura"))
PLEURA = course.enrolled(
    Pathway(
        id="pleura",
        key="pleura",
        version="1.0.0",
        title="Malignant pleural effusion",
        enrols=(
            enrols("A pleural effusion, malignant or of unknown cause", ever_open("pleural_effusion")),
            enrols("A local treatment of the pleura", treatments("pleura").exist()),
        ),
        states=tuple(state(id, title) for id, title in _pleura_titles.items()),
        rules=(
            rule("recurrent", _again),
            rule("pleurodesis_done", _pleural.code("modality").one_of(*_PLEURODESIS)),
            rule("indwelling_catheter", _pleural.code("modality").one_of(*_CATHETER)),
            rule("drained", _pleural.there()),
            rule("malignant", disease.pleural_effusion.equals("malignant")),
            rule("suspected", disease.pleural_effusion.equals("present_cause_unknown")),
            rule("none", yes()),
        ),
        transitions=tuple(
            transition(source, event, target, condition=condition, order=n, statements=_pleura_rows[:1])
            for source in _pleura_titles
            for n, (event, target, condition) in enumerate(
                (
                    ("imaging_done", "suspected", "fluid of unknown cause"),
                    ("imaging_done", "malignant", "malignant fluid"),
                    ("finding_recorded", "suspected", "fluid of unknown cause"),
                    ("finding_recorded", "malignant", "malignant fluid"),
                    ("finding_recorded", "recurrent", "malignant fluid again"),
                    ("local_treatment", "drained", "drainage"),
                    ("local_treatment", "pleurodesis_done", "pleurodesis"),
                    ("local_treatment", "indwelling_catheter", "catheter"),
                )
            )
            if source != target
        ),
        steps=(
            step(
                "pleura_local",
                "Drain or treat the pleural effusion",
                [offered_in(*(s for s in _pleura_titles if s != "none"))],
                taken_by=("local_treatment",),
                statements=_pleura_rows,
            ),
        ),
        deviations=(
            fact_step(
                "d-pleura-invasive-short-survival",
                "Thoracoscopy although expected survival is short",
                "minor",
                each=_each_pleural,
                step=_procedure,
                events=(_procedure,),
                against=all_of(
                    _procedure.code("modality").one_of("vats", "vats_talc"),
                    ~_procedure.text("reason").known(),
                    fact.code("expected_survival").equals("short"),
                ),
                statements=("ago-2024-pleura-short-survival-less-invasive",),
            ),
            deviation(
                "d-pleurodesis-no-analgesia",
                "Pleurodesis without analgesia",
                "minor",
                each=_each_pleural,
                events=(_procedure,),
                raised=_procedure.code("modality").one_of(*_PLEURODESIS)
                & (~_procedure.flag("analgesia_recorded")).sure(),
                statements=("ago-2024-pleura-pleurodesis-analgesia",),
            ),
        ),
        remarks=("Grades of the pleura table: alignment assumed (C42).",),
    )
)
