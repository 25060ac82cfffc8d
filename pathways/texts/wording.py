"""The words of the vocabulary as a clinician says them: nouns, predicates, names of codes.

Only what plain reading of the name does not give: `pleural_effusion` becomes "pleural effusion" by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

EVENTS: Final[dict[str, tuple[str, str]]] = {
    "metastasis_suspected": ("suspicion of metastasis", "suspicions of metastasis"),
    "imaging_done": ("imaging", "imagings"),
    "imaging_history_reviewed": ("review of the imaging history", "reviews of the imaging history"),
    "tissue_result": ("tissue result", "tissue results"),
    "biopsy_waived": ("waiver of biopsy", "waivers of biopsy"),
    "response_assessed": ("response assessment", "response assessments"),
    "finding_recorded": ("recorded finding", "recorded findings"),
    "follow_up_visit": ("follow-up visit", "follow-up visits"),
    "ortho_evaluated": ("orthopaedic evaluation", "orthopaedic evaluations"),
    "board_held": ("board", "boards"),
    "counselling_documented": ("documented counselling", "documented counsellings"),
    "mdt_planned": ("plan of metastasis-directed therapy", "plans of metastasis-directed therapy"),
    "systemic_started": ("start of systemic therapy", "starts of systemic therapy"),
    "systemic_changed": ("change of systemic therapy", "changes of systemic therapy"),
    "systemic_stopped": ("stop of systemic therapy", "stops of systemic therapy"),
    "mdt_started": ("start of metastasis-directed therapy", "starts of metastasis-directed therapy"),
    "mdt_target_completed": ("completion of one target", "completions of one target"),
    "mdt_completed": (
        "completion of metastasis-directed therapy",
        "completions of metastasis-directed therapy",
    ),
    "local_treatment": ("local treatment", "local treatments"),
    "primary_treated": ("treatment of the primary", "treatments of the primary"),
    "bma_ordered": ("order of a bone-modifying drug", "orders of a bone-modifying drug"),
    "bma_given": ("dose of a bone-modifying drug", "doses of a bone-modifying drug"),
    "bma_stopped": ("stop of the bone-modifying drug", "stops of the bone-modifying drug"),
    "correction": ("correction", "corrections"),
    "retraction": ("retraction", "retractions"),
    "task_progress": ("note on a task", "notes on tasks"),
    "pathway_paused": ("pause of the pathway", "pauses of the pathway"),
    "pathway_resumed": ("resumption of the pathway", "resumptions of the pathway"),
    "transferred": ("transfer", "transfers"),
    "lost_to_follow_up": ("loss to follow-up", "losses to follow-up"),
    "withdrawal": ("withdrawal", "withdrawals"),
    "withdrawal_revoked": ("revoked withdrawal", "revoked withdrawals"),
    "death": ("death", "deaths"),
}
"""Singular and plural of every event type."""

FLAGS: Final[dict[str, str]] = {
    "analgesia_recorded": "has analgesia recorded",
    "brain_mri": "includes an MRI of the brain",
    "complete": "is complete",
    "disease_stable": "is given in stable disease",
    "extracranial_stable": "is stable outside the CNS",
    "institution_expertise_recorded": "has the institution's expertise recorded",
    "isolated": "is isolated",
    "large_wound_closure": "needs closure of a large wound",
    "local_treatable": "is locally treatable",
    "metastasis_confirmed": "confirms metastasis",
    "patient_preference_recorded": "has the patient's preference recorded",
    "prior_treatment_shown": "has shown the treatment so far",
    "r0_resectable": "is resectable with clear margins",
    "reconstruction": "includes reconstruction",
    "safely_treatable": "is safely treatable",
    "significant": "is significant",
    "solid": "is solid",
    "uncomplicated": "is uncomplicated",
}
"""What a flag of an event or a lesion says of it; other flags read "has ..."."""

_NEGATED: Final[dict[str, str]] = {
    "is": "is not",
    "has": "does not have",
    "includes": "does not include",
    "needs": "does not need",
    "confirms": "does not confirm",
}

STATEMENTS: Final[dict[str, str]] = {
    "ascites_persistent": "ascites is persistent",
    "ascites_symptomatic": "ascites is symptomatic",
    "bone_marrow_infiltration": "the bone marrow is infiltrated",
    "chemo_sensitive": "the disease is sensitive to chemotherapy",
    "contralateral_primary": "a primary of the other breast is present",
    "de_novo_metastatic": "the disease is metastatic from the beginning",
    "disease_stable": "the disease is stable",
    "extracranial_stable": "the disease outside the CNS is stable",
    "imaging_history_reviewed": "the imaging history is reviewed",
    "immediate_surgery_indicated": "immediate surgery is indicated",
    "leptomeningeal_disease": "leptomeningeal disease is present",
    "locoregional_controlled": "the disease is locoregionally controlled",
    "obstructive_hydrocephalus": "obstructive hydrocephalus is present",
    "pancytopenia": "pancytopenia is present",
    "paresis": "paresis is present",
    "pericardial_symptomatic": "the pericardial effusion is symptomatic",
    "pleural_symptomatic": "the pleural effusion is symptomatic",
    "plexus_infiltration": "the plexus is infiltrated",
    "primary.large_wound_closure": "the primary's large wound is closed",
    "primary.reconstruction": "the breast is reconstructed",
    "primary.symptomatic": "the primary is symptomatic",
    "primary.treatment_completed": "treatment of the primary is completed",
    "prior_ipsilateral_axilla_local_therapy": "the ipsilateral axilla is treated locally",
    "spinal_cord_compression": "spinal cord compression is present",
}
"""What a fact that is true or false says of the patient, each with one `is`; others read "... is given"."""

FIELDS: Final[dict[str, str]] = {
    "brca_status": "BRCA status",
    "cN": "clinical nodal status",
    "decision_text": "wording of the decision",
    "diameter_mm": "diameter in mm",
    "dose_gy": "dose in Gy",
    "er": "oestrogen receptor",
    "extracranial": "response outside the CNS",
    "her2": "HER2",
    "her2_status": "HER2 status",
    "hr_status": "hormone receptor status",
    "intracranial": "response in the CNS",
    "lesion_count_total": "total number of lesions",
    "overall": "overall response",
    "pattern": "pattern of progression",
    "pdl1": "PD-L1",
    "pr": "progesterone receptor",
    "primary.diagnosis_date": "day of diagnosis of the primary",
    "primary.er": "oestrogen receptor of the primary",
    "primary.her2": "HER2 of the primary",
    "primary.pr": "progesterone receptor of the primary",
    "primary.symptomatic": "symptoms of the primary",
    "r0_resectable": "resectable with clear margins (R0)",
    "remnant_liver_function_percent": "remnant liver function in percent",
    "topics": "topics",
    "written_input": "written input",
}
"""Names of fields that are read otherwise than they are written."""

CODES: Final[dict[str, str]] = {
    "12w": "12 weeks",
    "4w": "4 weeks",
    "ablative_mdt": "ablative, as MDT (metastasis-directed therapy)",
    "anti_her2": "anti-HER2",
    "bone_scan": "bone scan",
    "cns": "CNS",
    "cns_oligoprogression": "oligoprogression in the CNS",
    "cryo": "cryoablation",
    "ct": "CT",
    "endocrine_cdk46": "endocrine with a CDK4/6 inhibitor",
    "her2_brisk_response": "brisk response of HER2-positive disease",
    "hifu": "HIFU",
    "hrpos_her2neg": "HR-positive, HER2-negative",
    "ire": "irreversible electroporation",
    "litt": "LITT",
    "mdt": "metastasis-directed therapy",
    "mri": "MRI",
    "mwa": "microwave ablation",
    "os_benefit_unknown": "survival benefit unknown",
    "other_rt": "other radiotherapy",
    "parp": "PARP inhibitor",
    "peri": "perimenopausal",
    "pet_ct": "PET-CT",
    "post": "postmenopausal",
    "post_mdt": "after MDT (metastasis-directed therapy)",
    "pre": "premenopausal",
    "rfa": "radiofrequency ablation",
    "rt": "radiotherapy",
    "sirt": "SIRT",
    "stereotactic_rt": "stereotactic radiotherapy",
    "tace": "TACE",
    "vats": "VATS",
    "vats_talc": "talc by VATS",
}
"""Codes that are read otherwise than they are written."""


def event_noun(types: Iterable[str], many: bool) -> str:
    """One noun for events of these types: `board`, `boards or tissue results`."""
    return listed([EVENTS.get(type, (plain(type), f"{plain(type)}s"))[many] for type in types], "or")


def field_name(name: str) -> str:
    """The field as it is spoken of: `overall response`."""
    group, _, last = name.rpartition(".")
    if name in FIELDS:
        return FIELDS[name]
    return f"{plain(last)} of the {plain(group)}" if group == "primary" else FIELDS.get(last, plain(last))


def code_name(code: str) -> str:
    """The code as it is spoken of: `PET-CT`, `local treatment regimen unchanged`."""
    return CODES.get(code, plain(code))


def predicate(name: str, holds: bool) -> str:
    """What a flag says of its event or lesion: `is complete`, `is not complete`."""
    said = FLAGS.get(name.rpartition(".")[2], f"has {plain(name.rpartition('.')[2])}")
    return said if holds else denied(said)


def fact_statement(name: str, holds: bool) -> str:
    """What a fact that is true or false says: `the disease is stable`, `ascites is not persistent`."""
    said = STATEMENTS.get(name, f"{field_name(name)} is given")
    return said if holds else said.replace(" is ", " is not ", 1)


def denied(said: str) -> str:
    """The predicate with its verb negated."""
    verb, _, rest = said.partition(" ")
    return f"{_NEGATED.get(verb, f'not {verb}')} {rest}"


def plain(name: str) -> str:
    return name.replace("_", " ")


def listed(parts: Iterable[str], word: str) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *start, last = parts
    return f"{', '.join(start)} {word} {last}" if start else last


def with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
