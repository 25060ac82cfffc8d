"""The coordinator's desk and the auditor's: pages and an API; no clinical rules."""
