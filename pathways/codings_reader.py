"""From codings.yaml to checked Codings; every problem of the file is reported at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from pathways.check_digits import is_loinc, is_snomed_concept
from pathways.codings import SYSTEMS, Coding, Codings, Profile, Term, things
from pathways.guidelines.document import Problem, SourceError, read_document
from pathways.guidelines.row import Row
from pathways.vocabulary import Vocabulary, closest

shipped = Path(__file__).parent / "guidelines" / "data" / "codings.yaml"

_ucum = frozenset({"mm", "Gy", "%", "d", "mo", "a"})
"""The units in use, as UCUM writes them."""

_right = {"loinc": is_loinc, "snomed": is_snomed_concept}


def read_codings(path: Path, vocabulary: Vocabulary) -> Codings:
    """The codings of one file. Raises SourceError with file and line of everything that is wrong."""
    problems: list[Problem] = []
    with Row.top(read_document(path), problems) as top:
        top.whole("version")
        codings = _Reader(top, vocabulary).read()
    if problems:
        raise SourceError(problems)
    return codings


class _Reader:
    """Reads section by section; `used` gathers the terms and profiles that something refers to."""

    def __init__(self, top: Row, vocabulary: Vocabulary) -> None:
        self.top = top
        self.vocabulary = vocabulary
        self.known = dict(things(vocabulary))
        self.profiles = {id: Profile(id, title) for id, title in _pairs(top.row("profiles"))}
        self.terms = self._terms()
        self.used: set[tuple[str, str]] = set()

    def read(self) -> Codings:
        coded: dict[str, Coding] = {}
        values: dict[str, Mapping[str, Term]] = {}
        for name, row in self._rows():
            with row:
                coded[name] = self._coding(name, row)
                field = self.known.get(name)
                values[name] = self._values(row.row("values"), field.codes if field else ())
        for name, row in self.top.named_rows("code_lists"):
            values[name] = self._values(row, self.vocabulary.code_lists.get(name, ()))
        for key, named in (("terms", self.terms), ("profiles", self.profiles)):
            for name in named:
                if (key, name) not in self.used:
                    self.top.note(f"nothing refers to {name!r}", key, name)
        return Codings(
            edition=self.top.text("edition"),
            profiles=MappingProxyType(self.profiles),
            terms=MappingProxyType(self.terms),
            things=MappingProxyType({name: coding for name, coding in coded.items() if coding}),
            values=MappingProxyType({name: terms for name, terms in values.items() if terms}),
            units=MappingProxyType(self._units()),
        )

    def _rows(self) -> Iterator[tuple[str, Row]]:
        """Every thing of the file by its full name; the fields of an event follow it."""
        for group in ("facts", "derived_facts", "lesion"):
            yield from ((f"{group}.{name}", row) for name, row in self.top.named_rows(group))
        for name, row in self.top.named_rows("events"):
            fields = list(row.named_rows("fields"))
            yield f"events.{name}", row
            yield from ((f"events.{name}.{field}", inner) for field, inner in fields)

    def _terms(self) -> dict[str, Term]:
        """The terms by the names this file gives them; one code has one name, so one meaning."""
        terms: dict[str, Term] = {}
        for name, row in self.top.named_rows("terms"):
            with row:
                system, code = row.choice("system", SYSTEMS), row.text("code")
                term = Term(SYSTEMS.get(system, ""), code, row.text("display"))
            if not _right.get(system, bool)(code):
                row.note(f"{code!r} is no code of {system}: its check digit is wrong", "code")
            if any((term.system, code) == (other.system, other.code) for other in terms.values()):
                row.note(f"{code!r} of {system} stands here a second time", "code")
            terms[name] = term
        return terms

    def _coding(self, name: str, row: Row) -> Coding:
        if name not in self.known:
            row.note(f"the vocabulary has no {name!r}{closest(name, self.known)}")
        profiles = self._named(row, "profiles", self.profiles)
        coding = Coding(
            tuple(self.profiles[id] for id in profiles),
            row.optional_text("element") or "",
            tuple(self.terms[term] for term in self._named(row, "terms", self.terms)),
            row.optional_text("note"),
        )
        if coding.element and not profiles:
            row.note("an element needs the profiles it is in", "element")
        return coding

    def _named(self, row: Row, key: str, known: Collection[str]) -> tuple[str, ...]:
        names = row.texts(key)
        for place, name in enumerate(names):
            if name not in known:
                row.note(f"there is no {name!r} among the {key}{closest(name, known)}", key, place)
        self.used |= {(key, name) for name in names}
        return tuple(name for name in names if name in known)

    def _values(self, row: Row | None, codes: Collection[str]) -> Mapping[str, Term]:
        """The terms of the codes of a field or a code list."""
        values: dict[str, Term] = {}
        for code, name in _pairs(row):
            assert row is not None
            if code not in codes:
                row.note(f"there is no code {code!r} here{closest(code, codes)}", code)
            elif name not in self.terms:
                row.note(f"there is no {name!r} among the terms{closest(name, self.terms)}", code)
            else:
                values[code] = self.terms[name]
                self.used.add(("terms", name))
        return MappingProxyType(values)

    def _units(self) -> dict[str, str | None]:
        row = self.top.needed_row("units")
        units = {word: row.optional_choice(word, _ucum) for word in row.data}
        fields = [field for field in self.known.values() if field]
        fields += [setting.field for setting in self.vocabulary.settings.values()]
        in_use = {field.unit for field in fields if field.unit}
        for word in in_use ^ units.keys():
            told = (
                "is a unit of the vocabulary and not listed"
                if word in in_use
                else "is no unit of the vocabulary"
            )
            row.note(f"{word!r} {told}")
        return units


def _pairs(row: Row | None) -> Iterator[tuple[str, str]]:
    """The keys of a mapping with their texts; nothing where there is none."""
    for key in row.data if row else ():
        assert row is not None
        yield key, row.text(key)
