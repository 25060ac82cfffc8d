"""A client of the API: typed answers, pages that follow one another, problems as exceptions.

with Client.at("https://desk.example.org", token) as desk:
    for row in desk.patients(due=["overdue"]):
        print(row.number, desk.patient(row.number).state)

Each operation is a method with its `operationId` as the name. Whatever writes takes `version`, the one that
was seen, and `key`, by which the same request sent again is done once.
"""

from web.client.asking import ApiError
from web.client.boards import Boards
from web.client.patients import Patients
from web.client.records import Records
from web.client.site import Site

__all__ = ["ApiError", "Client"]


class Client(Patients, Records, Boards, Site):
    """The API at an address. Raises ApiError, and what httpx raises where nothing answers."""
