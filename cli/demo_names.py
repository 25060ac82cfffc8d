"""Made-up names for the patients of the demonstration: first and last names put together by their place."""

from __future__ import annotations

from cli.workplace import Workplace
from store.access import Look
from store.identities import references
from store.roster import Identity, complete

FIRST = (
    "Ulrike", "Milena", "Rosa", "Teresa", "Gertrud", "Sinéad", "Anneke", "Grace", "Christa", "Lúcia", "Helga",
    "Fatma", "Maria", "Nasrin", "Kirsten", "Aylin", "Hanna", "Ingrid", "Olga", "Beatriz", "Chiara", "Dagny",
    "Eszter", "Freya", "Ioana", "Jana", "Katarzyna", "Leila", "Noor", "Priya", "Sofia", "Thuy", "Vesna",
)  # fmt: skip
LAST = (
    "Brandt", "Petrovic", "Castellano", "Nowak", "Weiss", "O’Brien", "Van Dijk", "Okafor", "Maurer",
    "Ferreira", "Schuster", "Yilmaz", "Lindqvist", "Rahimi", "Thomsen", "Kaya", "Novak", "Sommer", "Adler",
    "Vogel", "Roth", "Krüger", "Albrecht", "Bianchi", "Costa", "Dubois", "Eriksen", "Fischer", "Gruber",
    "Horvat", "Ivanova",
    "Jansen", "Kowalska", "Larsen", "Moreau", "Nguyen", "Olsen", "Popescu",
)  # fmt: skip


def give_names(here: Workplace) -> None:
    """Name everybody who has no name; the same patient always gets the same one."""
    with here.database.reading() as connection:
        known = references(connection)
    rows = [
        Identity(place + 1, reference, f"{LAST[place % len(LAST)]}, {FIRST[place % len(FIRST)]}", {}, None)
        for place, reference in enumerate(known)
    ]
    look = Look(here.recorder, here.recorder, "demo")
    complete(here.database, rows, look=look, source="demo", now=here.now, derive=here.derive)
