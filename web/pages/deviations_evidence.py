"""The evidence of one deviation as a file to keep: to read, and to check without carepath."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Final

from starlette.responses import Response

from audit import review
from audit.evidence import Evidence, evidence
from audit.review import Reviewed
from pathways.titles import state_title
from store.errors import MergedAway, NotKnownYet, UnknownPatient
from store.standalone import program
from store.standalone_pack import CHAIN
from web.fresh import freshen
from web.render import STATIC, rendered
from web.rules import READS, Pages
from web.visit import Stopped, Visit

PAGES = Pages()
ZIP: Final = "application/zip"
_looks: Final = ("tokens.css", "desk.css")


@PAGES.get("/patients/{number}/deviations/{mark}/evidence.zip", READS)
def pack(visit: Visit) -> Response:
    """Everything about one deviation in one file."""
    freshen(visit)
    mark = str(visit.request.path_params["mark"])
    with visit.database.reading() as connection:
        present = review.of_patient(connection, visit.number).present
    shown = next((one for one in present if one.about.mark == mark), None)
    if shown is None:
        raise Stopped(404, "The record does not show this deviation any more")
    visit.seen("deviation evidence", visit.number, mark=mark)
    return visit.download(packed(visit, shown), f"evidence-{mark[:6]}.zip", ZIP)


def packed(visit: Visit, shown: Reviewed) -> bytes:
    """The file. Raises Stopped."""
    try:
        found = evidence(
            visit.database, shown, now=visit.here, derive=visit.place.derive, by=visit.account.name
        )
    except (UnknownPatient, NotKnownYet, MergedAway):
        raise Stopped(404, "There is no such patient") from None
    files = {
        "evidence.html": _page(visit, shown, found),
        "evidence.json": _json(found.record),
        CHAIN: _json(found.chain),
        "pathway.json": found.pathway,
        "verify_carepath.py": program(),
        "looks.css": "\n".join((STATIC / name).read_text(encoding="utf-8") for name in _looks),
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, text in files.items():
            written = zipfile.ZipInfo(name, visit.here.timetuple()[:6])
            written.compress_type = zipfile.ZIP_DEFLATED
            whole.writestr(written, text)
    return made.getvalue()


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _page(visit: Visit, shown: Reviewed, found: Evidence) -> str:
    record, chain = found.record, found.chain
    answers = [
        (told, one, state_title(one["state"])) for told, one in record["answers"].items() if one is not None
    ]
    values = {"about": shown.about, "reviewed": shown, "record": record, "chain": chain, "answers": answers}
    return rendered("deviations_evidence.html", visit.looks, visit.common() | values)
