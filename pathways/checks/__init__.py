"""The checks of a pathway, by what they look at; `pathways.check` runs them all."""
