"""A mapping proposed from the heads and values of a table, for a person to read, to decide and to correct."""
