"""What is about nobody or many, by the client: the token, pathways, the register, the administrator's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Unpack

from web.api import answers, answers_deviations, answers_lists, answers_statements, asked, asked_operations
from web.api import answers_operations as of_operations
from web.client.asking import Asking, How, place


class Site(Asking):
    """The token, views, pathways, the register of deviations, and what an administrator looks after."""

    def me(self) -> answers_lists.Me:
        """The token itself."""
        return self._get(answers_lists.Me, "/me")

    def inbox(self, of: str = "", *, everything: bool = False) -> answers_lists.Inbox:
        """What the account, or a team of its, was told."""
        return self._get(answers_lists.Inbox, "/inbox", of=of, everything=everything)

    def problems(self) -> tuple[answers_lists.Kind, ...]:
        """The kinds of problems."""
        return self._get(answers_lists.Kinds, "/problems").problems

    def pathways(self) -> tuple[answers_lists.PathwayRow, ...]:
        """The pathways that ship."""
        return self._get(answers_lists.Pathways, "/pathways").pathways

    def pathway(self, id: str) -> answers_lists.Pathway:
        """A pathway in full."""
        return self._get(answers_lists.Pathway, place("pathways", id))

    def vocabulary(self) -> tuple[dict[str, Any], ...]:
        """What can be recorded."""
        return self._get(answers_lists.Vocabulary, "/vocabulary").entries

    def word(self, name: str) -> tuple[dict[str, Any], ...]:
        """One event type or fact."""
        return self._get(answers_lists.Vocabulary, place("vocabulary", name)).entries

    def statements(
        self, words: str = "", review: str | None = None
    ) -> tuple[answers_statements.StatementRow, ...]:
        """What the sources say, by words in it, or by the result with which it was read here."""
        return self._get(answers_statements.Statements, "/statements", words=words, review=review).statements

    def statement(self, id: str) -> answers_statements.Statement:
        """A statement in full."""
        return self._get(answers_statements.Statement, place("statements", id))

    def sign_off(
        self, id: str, read: asked_operations.SignOffAsked, key: str = ""
    ) -> answers_statements.Statement:
        """Keep that a statement was read against its source."""
        return self._post(answers_statements.Statement, place("statements", id, "review"), read, key=key)

    def conflicts(self) -> tuple[answers_statements.Conflict, ...]:
        """Where the sources disagree or stay open."""
        return self._get(answers_statements.Conflicts, "/conflicts").conflicts

    def deviations(self, **wanted: Any) -> Iterator[answers_deviations.Filed]:
        """The register, page after page; `wanted` as `asked.DeviationsAsked` has it."""
        for page in self._pages(answers_deviations.Register, "/deviations", asked.DeviationsAsked(**wanted)):
            yield from page.deviations

    def deviations_then(self, day: date, limit: int = 50) -> Iterator[answers_deviations.RegisterThen]:
        """The register as it was at the end of a day, so many patients at a time."""
        wanted = asked.DeviationsThenAsked(day=day, limit=limit)
        yield from self._pages(answers_deviations.RegisterThen, "/deviations/then", wanted)

    def gone_deviations(self, **wanted: Any) -> answers_deviations.AllGone:
        """Judgements of what is not there any more; `wanted` as `asked.ReportAsked` has it."""
        said = asked.ReportAsked(**wanted).model_dump(mode="json", exclude_defaults=True)
        return self._get(answers_deviations.AllGone, "/deviations/gone", **said)

    def deviations_report(self, **wanted: Any) -> answers_deviations.Report:
        """Figures with their definitions; `wanted` as `asked.FiguresAsked` has it."""
        said = asked.FiguresAsked(**wanted).model_dump(mode="json", exclude_defaults=True)
        return self._get(answers_deviations.Report, "/deviations/report", **said)

    def kept_views(self, page: str | None = None) -> tuple[answers_lists.View, ...]:
        """The views that the account keeps."""
        return self._get(answers_lists.Views, "/views", page=page).views

    def save_view(self, view: asked_operations.ViewAsked, key: str = "") -> tuple[answers_lists.View, ...]:
        """Keep a view; answers all of its page."""
        return self._post(answers_lists.Views, "/views", view, key=key).views

    def change_view(
        self, change: asked_operations.ViewChange, key: str = ""
    ) -> tuple[answers_lists.View, ...]:
        """Give a view another name, or let its page begin with it."""
        return self._post(answers_lists.Views, "/views/change", change, key=key).views

    def delete_view(self, view: asked_operations.ViewDelete, key: str = "") -> tuple[answers_lists.View, ...]:
        """Keep a view no more."""
        return self._post(answers_lists.Views, "/views/delete", view, key=key).views

    def all_versions(self) -> tuple[answers.PathwayRef, ...]:
        """The versions of pathways that ship, or in which patients are or were enrolled."""
        return self._get(of_operations.Versions, "/versions").versions

    def differences(self, one: str, other: str) -> tuple[of_operations.Difference, ...]:
        """What became of a version in another, both by fingerprint."""
        return self._get(of_operations.Differences, "/differences", one=one, other=other).differences

    def try_out(self, wanted: asked_operations.DryRunAsked, key: str = "") -> of_operations.DryRun:
        """Begin a dry run."""
        return self._post(of_operations.DryRun, "/dry-runs", wanted, key=key)

    def dry_run(self, kind: str = "", page: int = 1) -> of_operations.DryRun:
        """How far the latest dry run is, and what it found."""
        return self._get(of_operations.DryRun, "/dry-runs/latest", kind=kind, page=page)

    def workers(self) -> of_operations.Workers:
        """Whether reminders are sent."""
        return self._get(of_operations.Workers, "/workers")

    def verification(self) -> of_operations.Verification:
        """Whether the record is as it was recorded, as it was found last."""
        return self._get(of_operations.Verification, "/record/verification")

    def verify_record(self, key: str = "") -> of_operations.Verification:
        """Begin to check the record."""
        return self._post(of_operations.Verification, "/record/verification", None, key=key)

    def record_seals(self) -> tuple[str, ...]:
        """The lines of a file of seals and public keys."""
        return self._get(of_operations.Seals, "/record/seals").lines

    def site(self) -> tuple[of_operations.Standing, ...]:
        """What stands about the site: how it works, people, teams, absences, phrases, ladders."""
        return self._get(of_operations.SiteEntries, "/site").entries

    def say_of_site(
        self, kind: str, entry: asked_operations.EntryOfSite, **how: Unpack[How]
    ) -> of_operations.Standing:
        """Say something about the site: it takes the place of what stood."""
        return self._post(of_operations.Standing, place("site", kind), entry, **how)

    def messages(self, status: str | None = None) -> of_operations.Messages:
        """Messages that wait (`waiting`) or were given up (`dead`)."""
        return self._get(of_operations.Messages, "/messages", status=status)

    def resend(self, message: str, key: str = "") -> of_operations.Resent:
        """Send a message again that was given up."""
        return self._post(of_operations.Resent, place("messages", message, "resend"), None, key=key)

    def channels(self) -> of_operations.Channels:
        """The ways by which messages leave."""
        return self._get(of_operations.Channels, "/channels")

    def try_channel(self, channel: str, to: str, key: str = "") -> of_operations.Trial:
        """Send a test by a channel."""
        body = asked_operations.TestAsked(to=to)
        return self._post(of_operations.Trial, place("channels", channel, "test"), body, key=key)

    def settings(self) -> tuple[of_operations.Setting, ...]:
        """Every setting."""
        return self._get(of_operations.Settings, "/settings").settings
