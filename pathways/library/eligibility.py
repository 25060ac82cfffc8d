"""Guards on the disease: staging, count, excluded features, treatability, tissue (outline 4, 11.4)."""

from __future__ import annotations

from pathways.declare import clause, guard
from pathways.language import case, events, fact, undetermined, unknown, yes
from pathways.library import course, disease, plan, profiles, receptors

g_staging_complete = guard(
    "g-staging-complete",
    "Staging is complete",
    "hard",
    [
        clause(
            "The latest staging is complete",
            (disease.staging.there() & disease.staging.flag("complete"))
            | disease.unlabelled.any(lambda i: i.code("purpose").equals("staging") & i.flag("complete")),
            "mdtbc-elig-complete-staging",
        ),
        clause(
            "Its lesions are counted",
            (disease.staging.there() & disease.staging_count_known)
            | disease.unlabelled.any(lambda i: i.code("purpose").equals("staging")),
            "mdtbc-elig-max-5",
        ),
    ],
    overruled=course.overruled("g-staging-complete"),
)

g_pet_preferred = guard(
    "g-pet-preferred",
    "PET-CT preferred",
    "preference",
    [
        clause(
            "PET-CT was among staging and restaging",
            disease.pet_done,
            "mdtbc-elig-pet-preferred",
            "ombc-staging-pet-preferred",
        )
    ],
    not_applicable=~disease.restagings.exist(),
)

_limit_statements = tuple(dict.fromkeys(s for ids in profiles.definition_statements.values() for s in ids))
g_lesion_count = guard(
    "g-lesion-count",
    "Number of active lesions",
    "hard",
    [
        clause(
            "At most five active lesions",
            disease.at_most(profiles.GUARD_LIMIT),
            "mdtbc-elig-max-5",
            "ago-2024-def-abc7",
            "ombc-def-typical-5",
        ),
        clause(
            "At most the limit of the chosen profile",
            disease.at_most(profiles.chosen_limit),
            *_limit_statements,
        ),
    ],
    overruled=course.overruled("g-lesion-count"),
    statements=("mdtbc-elig-max-5", "ago-2024-def-abc7", "ombc-def-typical-5"),
)

_abc7 = "ago-2024-def-abc7"
g_excluded_features = guard(
    "g-excluded-features",
    "Excluded features",
    "hard",
    [
        clause("No pleural effusion", profiles.effusion_free(disease.pleural_effusion), _abc7),
        clause("No ascites", profiles.effusion_free(disease.ascites), _abc7),
        clause("No leptomeningeal disease", ~disease.leptomeningeal, _abc7),
        clause(
            "No pericardial effusion that needs a board",
            case((disease.pericardial_open, undetermined("C04")), otherwise=yes()),
            _abc7,
        ),
        clause(
            "No bone-marrow infiltration that needs a board",
            case((disease.marrow_open, undetermined("C04")), otherwise=yes()),
            _abc7,
        ),
    ],
    not_applicable=~disease.profile_setting.equals("abc7"),
    overruled=course.overruled("g-excluded-features"),
)

_covered = disease.lesions.all(
    lambda row: disease.active(row).implies(
        plan.reason_given(row.id) | (row.flag("local_treatable") & plan.aims_at(row.id))
    )
)
_to_plan_for = disease.imaging.there() & ~disease.no_active_lesion
g_all_lesions_targetable = guard(
    "g-all-lesions-targetable",
    "Every active lesion is treatable and planned",
    "hard",
    [
        clause(
            "There is a complete imaging with an active lesion",
            case(
                (disease.no_active_lesion, undetermined("C02")),
                (disease.imaging.there(), yes()),
                otherwise=unknown(),
            ),
            "mdtbc-mdt-all-sites",
        ),
        clause(
            "There is a plan", case((~_to_plan_for, unknown()), otherwise=plan.present), "mdtbc-mdt-all-sites"
        ),
        clause(
            "Each active lesion is locally treatable and has a planned target, or a board says why not",
            case((~_to_plan_for, unknown()), otherwise=_covered & disease.list_complete),
            "mdtbc-mdt-all-sites",
            "ombc-multimodal-all-sites",
            "ago-2024-def-esmo",
            "ago-2024-def-estro-astro",
        ),
    ],
    overruled=course.overruled("g-all-lesions-targetable"),
)

tissue_proof = receptors.waiver.there() | receptors.tissue_results.any(
    lambda t: (
        t.flag("metastasis_confirmed")
        & (
            t.code("method").equals("histology")
            | (t.code("method").equals("cytology") & t.text("cytology_reason").known())
        )
    )
)
g_tissue = guard(
    "g-tissue",
    "Tissue proof or documented waiver",
    "hard",
    [
        clause(
            "Histology, or cytology with its reason, or a documented waiver",
            tissue_proof,
            "ago-2024-gen-histology",
            "ago-2024-gen-cytology-fallback",
            "mdtbc-elig-biopsy",
            "ombc-staging-biopsy",
        )
    ],
    overruled=course.overruled("g-tissue"),
)

g_imaging_history = guard(
    "g-imaging-history",
    "Imaging history reviewed",
    "hard",
    [
        clause(
            "The imaging history was reviewed",
            events("imaging_history_reviewed").exist() | fact.flag("imaging_history_reviewed"),
            "mdtbc-elig-imaging-history",
            "ombc-staging-imaging-history",
        )
    ],
    overruled=course.overruled("g-imaging-history"),
)
