"""The evaluator written to be read: what every word of a pathway means, with no memory and nothing worked out
ahead.

It is the specification of the one that ships and shares no code with it (docs/decisions/0014). Both are asked
about the same patients and must agree in full (tests/properties/test_two_evaluators.py). `replay` is the way
in.
"""
