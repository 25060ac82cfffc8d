"""Services by Apprise, of which the plainest posts JSON to a real receiver on this machine."""

from __future__ import annotations

import json
import time

import pytest

from notifications.channels import Down, Outgoing, Passing
from notifications.channels import Final as Never
from notifications.channels.apprise import Apprised
from tests.notifications.servers import receiver, talker

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""One of the services that Apprise loads uses what Python gives up."""

HELLO = Outgoing("k", "+49170@example.org", "carepath: 1 due", "V01: Assess response", "<p>V01</p>")


def test_outside_services_are_told_nothing_about_a_patient() -> None:
    with receiver() as found:
        Apprised("sms", None, f"json://localhost:{found.port}/{{address}}").send(HELLO)
    (request,) = found.requests
    assert request.path == "/+49170@example.org"
    said = json.loads(request.body)
    assert (said["title"], said["message"]) == ("", "carepath: 1 due")
    assert b"V01" not in request.body


def test_a_site_may_send_all_of_it() -> None:
    with receiver() as found:
        Apprised("teams", None, f"json://localhost:{found.port}/", whole=True).send(HELLO)
    said = json.loads(found.requests[0].body)
    assert (said["title"], said["message"]) == (HELLO.subject, HELLO.text)


def test_a_failure_may_pass_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    with receiver() as found:
        found.status = 404
        service = Apprised("sms", None, f"json://localhost:{found.port}/t0ken/{{address}}", whole=True)
        with pytest.raises(Passing, match="did not take it") as raised:
            service.send(HELLO)
    assert raised.type is Passing
    assert caplog.text == ""
    assert "t0ken" not in repr(service)


def test_a_service_that_fails_in_a_way_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("V01")

    monkeypatch.setattr("apprise.Apprise.notify", fails)
    with pytest.raises(Passing, match=r"^the service failed \(ZeroDivisionError\)$"):
        Apprised("sms", None, "json://localhost/").send(HELLO)


def test_an_url_that_is_none() -> None:
    with pytest.raises(Down, match="none that Apprise knows"):
        Apprised("sms", None, "nothing://localhost").send(HELLO)
    with pytest.raises(Never, match="with this address"):
        Apprised("sms", None, "twilio://a:b@{address}").send(HELLO)


def test_a_service_that_does_not_answer_is_left() -> None:
    """By Apprise's own limits, four seconds each, which the URL may change."""
    with talker(lambda _: time.sleep(0.4)) as port, pytest.raises(Passing, match="did not take it"):
        Apprised("sms", None, f"json://localhost:{port}/?rto=0.1").send(HELLO)


@pytest.mark.parametrize("address", ["a/b", "a?format=html", "a b", "", "a\r\nb", "a%2Fb", "ä"])
def test_an_address_changes_nothing_else_of_the_url(address: str) -> None:
    with pytest.raises(Never, match="letters, digits"):
        Apprised("sms", None, "json://localhost/{address}").send(Outgoing("k", address, "s", "t", ""))
