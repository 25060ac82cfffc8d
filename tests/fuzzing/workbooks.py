"""Workbooks put together by hand, part by part, so that each part can be wrong."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from random import Random
from xml.sax.saxutils import escape

from tests.fuzzing.spoiled import noise, spoiled_bytes
from tests.fuzzing.tables import Rows, table

_main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_package = "http://schemas.openxmlformats.org/package/2006"
_kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_types = (
    f'<Types xmlns="{_package}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_kind}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_kind}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_kind}.styles+xml"/></Types>'
)
_styles = (
    f'<styleSheet xmlns="{_main}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_entities = [f"&{name};" for name in "abcdefgh"]
_laughs = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f"<!ENTITY {new} '{one * 10}'>" for new, one in zip("bcdefghi", _entities, strict=True))
    + "]>"
)


def workbook(chance: Random) -> bytes:
    """A workbook, a tenth right, the others with spoiled rows, cells, parts, archive or bytes."""
    if chance.random() < 0.01:
        return noise(chance)
    parts = {name: text.encode("utf-8", "replace") for name, text in _parts(table(chance), chance).items()}
    if chance.random() < 0.2:
        name = chance.choice(list(parts))
        parts[name] = spoiled_bytes(parts[name], chance)
    if chance.random() < 0.03:
        del parts[chance.choice(list(parts))]
    data = _packed(parts, chance)
    return spoiled_bytes(data, chance) if chance.random() < 0.2 else data


def _parts(rows: Rows, chance: Random) -> Mapping[str, str]:
    state = chance.choice(("",) * 20 + (' state="hidden"', ' state="veryHidden"', ' state="odd"'))
    return {
        "[Content_Types].xml": _types,
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_main}" xmlns:r="{_office}"><sheets>'
            f'<sheet name="events" sheetId="1"{state} r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/styles.xml": _styles,
        "xl/worksheets/sheet1.xml": _sheet(rows, chance),
    }


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_package}/relationships">'
        f'<Relationship Id="r1" Type="{_office}/{kind}" Target="{target}"/></Relationships>'
    )


def _sheet(rows: Rows, chance: Random) -> str:
    written = "".join(_row(number, row, chance) for number, row in enumerate(rows, 1))
    merged = "<mergeCells><mergeCell ref='A1:XFD9'/></mergeCells>" if chance.random() < 0.02 else ""
    laughs, cell = (_laughs, '<row><c t="inlineStr"><is><t>&i;</t></is></c></row>')
    if chance.random() > 0.01:
        laughs = cell = ""
    sheet = f'<worksheet xmlns="{_main}"><sheetData>{written}{cell}</sheetData>{merged}</worksheet>'
    return laughs + sheet


def _row(number: int, row: list[str], chance: Random) -> str:
    if chance.random() < 0.004:
        number = chance.choice((0, -1, 1, 20_000))
    if chance.random() < 0.0001:  # takes a second
        number = chance.choice((1_048_576, 2_000_000, 10**9, 10**12))
    cells = "".join(_cell(_letters(place), number, text, chance) for place, text in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def _letters(place: int) -> str:
    return chr(65 + place) if place < 26 else _letters(place // 26 - 1) + chr(65 + place % 26)


def _cell(column: str, number: int, text: str, chance: Random) -> str:
    if chance.random() < 0.003:
        column = chance.choice(("XFD", "ZZZ", "AAAAA", "A", ""))
    where = f'r="{column}{number}"' if chance.random() < 0.95 else ""
    odd = chance.random() < 0.01
    if not odd and not text:
        return ""
    if not odd:
        return f'<c {where} t="inlineStr"><is><t xml:space="preserve">{escape(_xml(text))}</t></is></c>'
    attributes, inside = chance.choice(_cells)
    return f"<c {where} {attributes}>{chance.choice(inside)}</c>"


_cells = (
    ('s="1"', ("<v>45658</v>", "<v>45658.5</v>", "<v>-1</v>", "<v>1e9</v>", "<v>x</v>", "<v>nan</v>",
    "<v>inf</v>")),
    ("", ("<f>1+1</f><v>2</v>", "<v>1e400</v>", f"<v>{'9' * 400}</v>", "<v></v>", "<f/>")),
    ('t="array"', ('<f t="array" ref="A1:A9">X</f>',)),
    ('t="e"', ("<v>#REF!</v>", "<v/>")),
    ('t="b"', ("<v>0</v>", "<v>1</v>", "<v>7</v>")),
    ('t="s"', ("<v>0</v>", "<v>99</v>", "<v>-1</v>", "<v>x</v>")),
    ('t="d"', ("<v>2025-01-07</v>", "<v>2025-02-31</v>", "<v>10:00</v>", "<v>P1D</v>")),
    ('s="99"', ("<v>3</v>",)),
    ('s="-1"', ("<v>3.0</v>",)),
)  # fmt: skip
"""What cells hold beside plain text: attributes, and one of the contents."""


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff"
    )


def _packed(parts: Mapping[str, bytes], chance: Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        if chance.random() < 0.02:
            with warnings.catch_warnings(action="ignore"):  # a name that stands twice is what is wanted
                archive.writestr(chance.choice(("../x", "xl/workbook.xml", "/", "a" * 300)), b"x")
    return out.getvalue()
