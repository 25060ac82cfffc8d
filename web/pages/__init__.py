"""The pages, a module for each family."""

from web.pages import looks, sign_in, tracking

FAMILIES = (sign_in.PAGES, looks.PAGES, tracking.PAGES)
