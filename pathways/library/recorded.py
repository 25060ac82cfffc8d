"""What was recorded of a clinical finding, and what was done at a site, event by event."""

from __future__ import annotations

from pathways.language import Events, events


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
