"""Imaging, lesions, counts and clinical findings, as every pathway reads them (R8, R9; C02, C04;
definitions.yaml).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pathways.language import (
    Bool,
    Code,
    Expression,
    Number,
    OneEvent,
    Row,
    Rows,
    case,
    events,
    fact,
    setting,
    undetermined,
    unknown,
    yes,
)

imagings = events("imaging_done")
complete_imagings = imagings.where(lambda i: i.flag("complete")).named("complete imagings")
imaging = complete_imagings.latest().named("the latest complete imaging")
lesions = imaging.just().lesions().named("its lesions")
listed_lesions = (
    imagings.where(lambda i: i.just().lesions().known()).lesions().named("all lesions ever listed")
)

# Staging proper (R10).
stagings = imagings.where(purpose="staging").named("staging examinations")
staging = stagings.latest().named("the latest staging")
# An examination whose purpose is not recorded may be the staging.
unlabelled = imagings.after(staging).where(lambda i: ~i.code("purpose").known())
staging_count_known = staging.number("lesion_count_total").known() | staging.just().lesions().all(
    lambda _: yes()
)
staging_complete = (staging.there() & staging.flag("complete") & staging_count_known).named(
    "staging is complete with a known count"
)

axilla_treated = (
    events("local_treatment").where(site="contralateral_axilla", intent="regional_curative").exist()
)


def active(row: Row) -> Bool:
    """An active lesion; unknown when its status is not known.

    A contralateral axilla treated as regional does not count.
    """
    regional = row.code("organ").equals("contralateral_axilla") & axilla_treated
    return row.code("status").equals("active") & ~regional


stated_count = imaging.number("lesion_count_total")
listed_least = lesions.sure_count(active)
listed_most = lesions.possible_count(active)
count_least = case((stated_count.known(), stated_count), otherwise=listed_least).named(
    "the least number of active lesions"
)
count_most = case((stated_count.known(), stated_count), otherwise=listed_most).named(
    "the greatest number of active lesions"
)
list_complete = case(
    (stated_count.known() & (stated_count > listed_most).sure(), unknown()), otherwise=yes()
).named("every counted lesion is listed")
no_active_lesion = count_most.at_most(0).sure().named("no active lesion")


def at_most(limit: int | Number) -> Bool:
    """At most `limit` active lesions."""
    return case(
        (count_most.at_most(limit), yes()),
        (~count_least.at_most(limit), ~yes()),
        otherwise=lesions.all(_status_known),
    )


def at_least(limit: int) -> Bool:
    return case(
        (count_least.least(limit), yes()),
        (~count_most.least(limit), ~yes()),
        otherwise=lesions.all(_status_known),
    )


def _status_known(row: Row) -> Bool:
    """Unknown exactly where the status is: it names the datum that would decide a count."""
    return row.code("status").equals("active") | ~row.code("status").equals("active")


def in_organ(*organs: str) -> Rows:
    return lesions.where(lambda row: row.code("organ").one_of(*organs))


def organ_count_at_most(organ: str, limit: int) -> Bool:
    rows = in_organ(organ)
    most, least = rows.possible_count(active), rows.sure_count(active)
    return case(
        (most.at_most(limit), list_complete),
        (~least.at_most(limit), ~yes()),
        otherwise=rows.all(_status_known),
    )


def every_active(test_name: str) -> Bool:
    """Each active lesion has this three-valued field true."""
    return lesions.all(lambda row: active(row).implies(row.flag(test_name))) & list_complete


def every_active_in(test_name: str, *organs: str) -> Bool:
    """Each active lesion of these organs has this three-valued field true."""
    return (
        lesions.all(
            lambda row: (row.code("organ").one_of(*organs) & active(row)).implies(row.flag(test_name))
        )
        & list_complete
    )


def any_active(*organs: str) -> Bool:
    """Some active lesion lies in one of these organs."""
    return lesions.any(lambda row: row.code("organ").one_of(*organs) & active(row))


active_lesions = lesions.where(lambda row: active(row).possible()).named("active lesions")
active_pairs = active_lesions.pairs("id", "organ")
organs_involved = lesions.where(active).values("organ")
visceral = any_active("lung", "liver", "pleura", "other") | (any_active("cns") & undetermined("C16"))


def finding(name: str) -> Code:
    """A finding as in the latest complete imaging, unless recorded on or after that day, else as first known
    (R8).
    """
    return _finding(name, OneEvent.code, fact.code(name))


def finding_flag(name: str) -> Bool:
    return _finding(name, OneEvent.flag, fact.flag(name))


_basis = case((imaging.there(), imaging), otherwise=imagings.latest()).named(
    "the imaging whose findings are read"
)


F = TypeVar("F", bound=Expression)


def _finding(name: str, read: Callable[[OneEvent, str], F], known_from_beginning: F) -> F:
    recorded = events("finding_recorded").where(lambda f: f.stated(name)).latest()
    newer = recorded.there() & (~_basis.there() | (recorded.day >= _basis.day))
    shown = imaging.there() | _basis.stated(f"findings.{name}")
    return case(
        (newer, read(recorded, name)),
        (shown, read(_basis, f"findings.{name}")),
        otherwise=known_from_beginning,
    )


pleural_effusion = finding("pleural_effusion").named("pleural effusion")
ascites = finding("ascites").named("ascites")
pericardial_effusion = finding("pericardial_effusion").named("pericardial effusion")
leptomeningeal = finding_flag("leptomeningeal_disease").named("leptomeningeal disease")
marrow = finding_flag("bone_marrow_infiltration").named("bone-marrow infiltration")

pericardial_open = (
    pericardial_effusion.one_of("malignant", "present_cause_unknown")
    .sure()
    .named("a pericardial effusion not known to be benign")
)
marrow_open = marrow.sure()
excluded_features = (pleural_effusion, ascites, leptomeningeal)

# PET among staging and restaging examinations (g-pet-preferred).
_STAGING_OR_RESTAGING = ("staging", "response", "post_mdt", "surveillance")
restagings = imagings.where(lambda i: i.code("purpose").one_of(*_STAGING_OR_RESTAGING).possible())
pet_done = restagings.any(
    lambda i: i.code("purpose").one_of(*_STAGING_OR_RESTAGING) & i.code("modality").equals("pet_ct")
).named("PET-CT was among staging and restaging")
profile_setting = setting.code("definition_profile")
