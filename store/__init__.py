"""What people and systems said, kept for good: the ledger, its one write door, what is derived from it."""
