"""The words authors write: typed expressions that build the frozen graph of `pathways.graph`.

Every expression is three-valued: a value, *unknown* (not recorded, or recorded as null), or *not there* (it
did not happen). A comparison with something unknown is unknown; with something that is not there it is false.
Logic is Kleene's.

Expressions take and give expressions; nothing is evaluated here and a wrong combination is not an exception:
the checker (`pathways.check`) reports every problem of a pathway at once, with the author's file and line.
"""

from pathways.language.codes import Code, Codes, Set, Text, code
from pathways.language.each import Each, for_each, for_each_date, for_each_lesion
from pathways.language.event import Events, OneEvent
from pathways.language.expression import Bool, Date, Expression, Number, Ordered, all_of, any_of, number
from pathways.language.fields import Fields
from pathways.language.lesion import Row, Rows
from pathways.language.origin import place
from pathways.language.outcome import Outcome
from pathways.language.series import Dates, Matches, grid
from pathways.language.words import (
    after_death,
    age,
    case,
    day,
    duplicates,
    earlier,
    events,
    fact,
    later,
    ledger,
    no,
    nothing,
    setting,
    span,
    today,
    undetermined,
    unknown,
    yes,
)

__all__ = [
    "Bool", "Code", "Codes", "Date", "Dates", "Each", "Events", "Expression", "Fields", "Matches", "Number",
    "OneEvent", "Ordered", "Outcome", "Row", "Rows", "Set", "Text", "after_death", "age", "all_of", "any_of",
    "case", "code", "day", "duplicates", "earlier", "events", "fact", "for_each", "for_each_date",
    "for_each_lesion", "grid", "later", "ledger", "no", "nothing", "number", "place", "setting", "span",
    "today", "undetermined", "unknown", "yes",
]  # fmt: skip
