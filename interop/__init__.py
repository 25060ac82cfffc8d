"""How patient stories come in and go out: case files, tables, and the exchange formats of other systems."""
