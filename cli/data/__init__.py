"""The cohort that `carepath demo` imports: made-up patients in a long table, and the day it is looked at."""

from datetime import date
from pathlib import Path
from typing import Final

REFERENCE_DAY: Final = date(2026, 11, 2)
"""The day the demonstration stands on; nothing in the table was recorded later."""

DEMO_COHORT: Final = Path(__file__).with_name("demo-cohort.csv")
SEED: Final = 1
PATIENTS: Final = 300
