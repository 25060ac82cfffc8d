"""What was recorded of a clinical finding, and what was done at a site, event by event."""

from __future__ import annotations

from pathways.language import Bool, Events, day, events, fact
from pathways.vocabulary_values import earliest

OPEN_CAUSES = ("malignant", "present_cause_unknown")
"""Causes of a fluid that is neither absent nor known to be benign."""


def stating(name: str, *codes: str) -> Events:
    """Imagings and findings that state this fluid with one of these codes."""
    return events("imaging_done").where(lambda e: e.code(f"findings.{name}").one_of(*codes)) | events(
        "finding_recorded"
    ).where(lambda e: e.stated(name) & e.code(name).one_of(*codes))


def stating_true(name: str) -> Events:
    """Imagings and findings that state this finding as true."""
    return events("imaging_done").where(lambda e: e.flag(f"findings.{name}")) | events(
        "finding_recorded"
    ).where(lambda e: e.stated(name) & e.flag(name))


def treatments(site: str, *modalities: str) -> Events:
    found = events("local_treatment").where(site=site)
    return found.where(modality=modalities) if modalities else found


def known_from_beginning(test: Bool) -> Bool:
    """By the facts known from the beginning, whatever was found later; false where they do not tell."""
    return test.sure().hindsight(day(earliest))


def ever_open(fluid: str) -> Bool:
    """The fluid was malignant or of unknown cause at some time."""
    initially = known_from_beginning(fact.code(fluid).one_of(*OPEN_CAUSES))
    return initially | stating(fluid, *OPEN_CAUSES).exist()


def ever_imaged(*organs: str) -> Bool:
    """A lesion of one of these organs stands on any imaging, whatever its status.

    Unknown where no imaging lists one and an imaging has no list.
    """
    return events("imaging_done").any(
        lambda imaging: imaging.just().lesions().any(lambda row: row.code("organ").one_of(*organs))
    )


def ever(test: Bool) -> Bool:
    """This holds by the facts known from the beginning, or held on the day of a finding recorded later."""
    findings = events("finding_recorded").where(lambda e: test.hindsight(e.day))
    return known_from_beginning(test) | findings.exist()


primary_described = ever(fact.code("primary.status").one_of("intact", "resected"))
surgery_dated = ever(fact.date("primary.surgery_date").known())
