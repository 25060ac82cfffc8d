"""Sign-off: who read a statement against its source, when, and whether it says what the source says.

Every statement ships as not clinically reviewed. A site keeps reviews of its own; each pins the content that
was read, so that a statement which is changed afterwards is not reviewed any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final, Literal, get_args

from pathways.guidelines.statements import Statement
from pathways.worded import joined, worded

Verdict = Literal["agrees", "differs"]
verdicts: tuple[Verdict, ...] = get_args(Verdict)

Status = Literal["agrees", "differs", "not_reviewed"]

STATUS_WORDS: Final[Mapping[Status, str]] = {
    "agrees": "agrees with its source",
    "differs": "differs from its source",
    "not_reviewed": "not clinically reviewed",
}


@dataclass(frozen=True, slots=True)
class Review:
    """One reading of a statement against its source.

    `content` is the fingerprint of what was read. `verdict` is None where the reader takes an earlier review
    back. `note` says what differs, or why it is taken back.
    """

    statement: str
    content: str
    verdict: Verdict | None
    reader: str
    read_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements there are, are not reviewed, and were found to differ from their source."""

    statements: int
    not_reviewed: int
    differing: int

    @property
    def text(self) -> str:
        """What a page says of it; nothing where every statement was found to agree with its source."""
        parts = (
            (self.not_reviewed, "{n} of {of} {statements} not clinically reviewed at this site."),
            (self.differing, "{n} of {of} {statements} known to differ from the source."),
        )
        told = (
            worded(words, n=some, of=self.statements, statements=self._statements(some))
            for some, words in parts
            if some
        )
        return joined(" ", told)

    def _statements(self, some: int) -> str:
        if self.statements == 1:
            return worded("statement behind this is")
        return worded("statements behind this is") if some == 1 else worded("statements behind this are")


@dataclass(frozen=True, slots=True)
class SignOffs:
    """The reviews that stand at a site: of every statement the latest one of each reader."""

    standing: Mapping[str, tuple[Review, ...]] = field(default_factory=dict)

    @classmethod
    def of_history(cls, reviews: Iterable[Review]) -> SignOffs:
        """What stands after all that was said, in the order in which it was said."""
        latest: dict[str, dict[str, Review]] = {}
        for review in reviews:
            of_statement = latest.setdefault(review.statement, {})
            of_statement.pop(review.reader, None)
            if review.verdict is not None:
                of_statement[review.reader] = review
        return cls({statement: tuple(found.values()) for statement, found in latest.items() if found})

    def reviews(self, statement: Statement) -> tuple[Review, ...]:
        """The reviews of a statement as it reads now."""
        standing = self.standing.get(statement.id, ())
        if not standing:
            return ()
        content = content_fingerprint(statement)
        return tuple(review for review in standing if review.content == content)

    def outdated(self, statement: Statement) -> tuple[Review, ...]:
        """The reviews of what the statement said before it was changed."""
        valid = self.reviews(statement)
        return tuple(one for one in self.standing.get(statement.id, ()) if one not in valid)

    def status(self, statement: Statement) -> Status:
        """One reader who finds a difference outweighs all who find none."""
        found = {review.verdict for review in self.reviews(statement)}
        if "differs" in found:
            return "differs"
        return "agrees" if found else "not_reviewed"

    def tally(self, statements: Iterable[Statement]) -> Tally:
        """The count over these statements, each once."""
        found = [self.status(one) for one in {one.id: one for one in statements}.values()]
        return Tally(len(found), found.count("not_reviewed"), found.count("differs"))


AS_SHIPPED: Final = SignOffs()
"""Nothing is clinically reviewed."""


def content_fingerprint(statement: Statement) -> str:
    """`sha256:` and the digest of everything the statement says; another wording or grade is another one."""
    content = json.dumps(asdict(statement), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{sha256(content.encode()).hexdigest()}"
