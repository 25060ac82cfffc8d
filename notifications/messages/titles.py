"""What due items and steps are called in German: the project's own translations, printed by no source.

By the English title, so that one that is altered, or of a site's own pathway, is told in English rather than
as something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coordination.board_duties import Astray, Duty

GERMAN: Final[Mapping[str, str]] = {
    "Answer an open data question": "Offene Datenfrage beantworten",
    "Answer the receptor gain": "Auf den Rezeptorgewinn reagieren",
    "Anti-HER2 therapy for marrow infiltration": "Anti-HER2-Therapie bei Knochenmarkinfiltration",
    "Assess response": "Ansprechen beurteilen",
    "Axillary surgery": "Operation der Axilla",
    "Biopsy or waiver": "Biopsie oder Verzicht darauf",
    "Board on another question": "Tumorboard zu einer anderen Frage",
    "Board on metastasis-directed therapy": "Tumorboard zur metastasengerichteten Therapie",
    "Board on oligoprogression": "Tumorboard zur Oligoprogression",
    "Change or new line of systemic therapy": "Wechsel oder neue Linie der Systemtherapie",
    "Complete restaging": "Restaging vervollständigen",
    "Complete staging": "Staging vervollständigen",
    "Complete the planned targets": "Geplante Zielherde abschließen",
    "Continue systemic therapy": "Systemtherapie fortführen",
    "Counsel and document": "Beraten und dokumentieren",
    "Decide on receptor discordance": "Über die Rezeptordiskordanz entscheiden",
    "Drain or fenestrate the pericardium": "Perikard drainieren oder fenstern",
    "Drain or treat the pleural effusion": "Pleuraerguss drainieren oder behandeln",
    "Drain symptomatic ascites": "Symptomatischen Aszites drainieren",
    "Drain the ascites": "Aszites drainieren",
    "Drain the symptomatic pericardial effusion": "Symptomatischen Perikarderguss drainieren",
    "First PET-CT after metastasis-directed therapy": "Erstes PET-CT nach metastasengerichteter Therapie",
    "First board": "Erstes Tumorboard",
    "First dose of a bone-modifying drug": "Erste Gabe eines knochenmodifizierenden Wirkstoffs",
    "Local chemotherapy of ascites": "Lokale Chemotherapie des Aszites",
    "Next PET-CT after metastasis-directed therapy": "Nächstes PET-CT nach metastasengerichteter Therapie",
    "Next denosumab": "Nächste Gabe Denosumab",
    "Next dose of a bone-modifying drug": "Nächste Gabe eines knochenmodifizierenden Wirkstoffs",
    "Next zoledronate, every 12 weeks": "Nächste Gabe Zoledronat, alle 12 Wochen",
    "Next zoledronate, monthly": "Nächste Gabe Zoledronat, monatlich",
    "Orthopaedic evaluation": "Orthopädische Beurteilung",
    "PET-CT after metastasis-directed therapy": "PET-CT nach metastasengerichteter Therapie",
    "Radiotherapy or surgery for cord compression": "Bestrahlung oder Operation bei Rückenmarkskompression",
    "Radiotherapy or surgery for plexus infiltration": "Bestrahlung oder Operation bei Plexusinfiltration",
    "Reconstruction": "Rekonstruktion",
    "Response assessment at the boundary": "Beurteilung des Ansprechens an der Grenze",
    "Six months of response: upper end of the range": "Sechs Monate Ansprechen: oberes Ende der Spanne",
    "Start metastasis-directed therapy": "Metastasengerichtete Therapie beginnen",
    "Start systemic therapy": "Systemtherapie beginnen",
    "Stereotactic treatment of the CNS": "Stereotaktische Behandlung des ZNS",
    "Stereotactic treatment of the CNS, regimen kept": (
        "Stereotaktische Behandlung des ZNS, Therapieschema bleibt"
    ),
    "Surveillance visit": "Nachsorgetermin",
    "Switch after the third progression in the CNS": "Umstellung nach der dritten Progression im ZNS",
    "Symptom-driven local treatment": "Lokale Behandlung nach Symptomen",
    "Systemic therapy for marrow infiltration": "Systemtherapie bei Knochenmarkinfiltration",
    "Systemic therapy or review for ascites": "Systemtherapie oder Überprüfung bei Aszites",
    "Systemic therapy or review for the pericardial effusion": (
        "Systemtherapie oder Überprüfung beim Perikarderguss"
    ),
    "Treat the contralateral axilla as regional": "Kontralaterale Axilla als regional behandeln",
    "Treat the primary": "Primärtumor behandeln",
    "Twelve months of systemic therapy: last day within NRG-BR002": (
        "Zwölf Monate Systemtherapie: letzter Tag innerhalb von NRG-BR002"
    ),
    "Zoledronate every 12 weeks": "Zoledronat alle 12 Wochen",
}


FOR_BOARDS: Final[Mapping[str, str]] = {
    "Contralateral axilla as regional disease": "Kontralaterale Axilla als regionale Erkrankung",
    "Counselling": "Beratung",
    "Every active lesion is treatable and planned": "Jede aktive Läsion ist behandelbar und eingeplant",
    "Exception for treating the primary": "Ausnahme für die Behandlung des Primärtumors",
    "Excluded features": "Ausschlussmerkmale",
    "Histology before local therapy to the lung": "Histologie vor lokaler Therapie der Lunge",
    "Imaging history reviewed": "Frühere Bildgebung gesichtet",
    "No progression": "Keine Progression",
    "Number of active lesions": "Anzahl der aktiven Läsionen",
    "PET-CT preferred": "PET-CT bevorzugt",
    "Regimen kept at the first progression in the CNS alone": (
        "Therapieschema bleibt bei der ersten Progression allein im ZNS"
    ),
    "Regimen matches the subtype": "Therapieschema passt zum Subtyp",
    "Response maintained over the minimum span": "Ansprechen über die Mindestdauer gehalten",
    "Selection for liver resection": "Auswahl für eine Leberresektion",
    "Staging is complete": "Staging ist vollständig",
    "Systemic therapy first": "Systemtherapie zuerst",
    "Tissue proof or documented waiver": "Gewebenachweis oder dokumentierter Verzicht darauf",
}
"""What boards need to know, by the titles of the conditions; what a site asks for itself stays as it is."""

_DAYS: Final = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_ASTRAY: Final[Mapping[Astray, str]] = {
    "cancelled": "Die Sitzung am {day} findet nicht statt; auf welche stattdessen?",
    "none": "Am {day} auf keine Sitzung verschoben; auf welche?",
    "over": "Von der Sitzung am {day} ist keine Entscheidung erfasst; welche war es, oder wann stattdessen?",
}
_STANDING: Final = {"missing": "fehlt", "ask": "ist zu klären", "ready": "ist da"}


def of_duty(duty: Duty, language: str) -> str:
    """What somebody is to provide for a board, in a language."""
    if language != "de":
        return duty.timer.title
    day = f"{_DAYS[duty.meeting.weekday()]} {duty.meeting:%d.%m.%Y}"
    if isinstance(duty.lacks, str):
        return f"Für {duty.board}: {_ASTRAY[duty.lacks].format(day=day)}"
    title = duty.lacks.title
    return f"Für {duty.board} am {day}: {FOR_BOARDS.get(title, title)} ({_STANDING[duty.lacks.standing]})"


def in_language(title: str, language: str) -> str:
    """A title in a language; in English where the project has no translation."""
    return GERMAN.get(title, title) if language == "de" else title
