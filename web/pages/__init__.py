"""The pages, a module for each family."""

from web.pages.looks import PAGES as LOOKS
from web.pages.sign_in import PAGES as SIGN_IN
from web.pages.tracking import PAGES as TRACKING

FAMILIES = (SIGN_IN, TRACKING, LOOKS)
