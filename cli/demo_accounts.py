"""Who may sign in to the demonstration: each of the people who work there, and those who look over it."""

from __future__ import annotations

from typing import Final

from cli.demo_office import LEAD, SHARING
from cli.workplace import Workplace
from store import accounts

ACCOUNTS: Final = {
    SHARING[0]: (("coordinator",), "has every other patient"),
    SHARING[1]: (("coordinator",), "has the others"),
    LEAD: (("chair", "clinician"), "leads, and chairs the board"),
    "audit": (("auditor",), "reviews departures, reads the access log"),
    "second": (("auditor",), "the second pair of eyes"),
    "admin": (("administrator",), "users, channels, templates; no patients"),
}


def give_passwords(here: Workplace) -> str:
    """One new password for all of them, and the accounts themselves where they are missing; answers it."""
    password = accounts.new_password()
    with here.database.writing() as connection:
        there = {one.name for one in accounts.all_accounts(connection)}
        for name, (roles, _) in ACCOUNTS.items():
            if name in there:
                accounts.set_password(connection, name, password)
            else:
                accounts.add(connection, name, roles, password, here.now, must_change=False)
    return password
