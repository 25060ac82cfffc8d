"""What people and systems said, kept for good: the ledger, its one write door, and what is derived from it."""
