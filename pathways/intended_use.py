"""What carepath is for and what it is not for, in the words of every page that says so."""

from __future__ import annotations

from typing import Final

IN_SHORT: Final = (
    "carepath supports people who decide; it does not decide, and it is not a medical device. "
    "Check what it says against the record and the sources."
)
"""The line on every page that is printed."""

FOR: Final = (
    "Tumour boards, care coordinators, those who send reminders, and auditors, for patients who are followed "
    "along a pathway of this library.",
    "It shows what follows from what was recorded: where a patient stands, which steps are open and why, "
    "what is due, where care departed from the statements of its sources.",
)

NOT_FOR: Final = (
    "No diagnosis, no dose, no choice of treatment, no emergency: it never replaces the judgement of a "
    "clinician, nor the conversation with the patient.",
    "No use by patients alone, and no use that acts by itself on what it says.",
    "It knows nothing that was not recorded. A fact that is missing is answered as unknown.",
    "Its statements paraphrase five documents, some of them old, cut short or themselves not reviewed. "
    "They are no complete guideline, and later evidence is not in them.",
    "Its content ships as not clinically reviewed. A site that uses it reads the statements against "
    "their sources and signs them off itself.",
)
