"""Signing in elsewhere: who the issuer proves gets in as the account made for them, and nobody else."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from httpx import Response
from joserfc import jwt
from joserfc.jwk import OctKey

from store import access, accounts
from store.accounts import Account
from tests.web.conftest import Browser, Desk
from tests.web.issuer import CLIENT, ISSUER, KEY, OTHER_KEY, SECRET, Issuer
from tests.web.test_sign_in import typed_in
from web.app import application
from web.elsewhere import FRESH, REST, Elsewhere
from web.elsewhere_said import Said

SAID = {"issuer": ISSUER, "client_id": CLIENT, "address": "http://127.0.0.1:8420"}
GROUPS = {"roles": {"care": ["coordinator"], "review": ["auditor"], "all": ["auditor", "coordinator"]}}


@dataclass
class There:
    """A desk whose people sign in at an issuer of its own."""

    desk: Desk
    issuer: Issuer

    def says(self, **said: object) -> None:
        found = Elsewhere(Said.model_validate(SAID | said), SECRET, self.issuer.transport())
        self.desk.place = replace(self.desk.place, elsewhere=found)
        self.desk.app = application(self.desk.place)

    def comes_back(self, browser: Browser, to: str = "/") -> Response:
        """The answer to a browser that went there, and comes back signed in."""
        sent = browser.get(f"/sign-in/elsewhere?to={to}")
        answer: Response = browser.get(self.issuer.signs_in(sent.headers["location"]))
        return answer

    def account(self, name: str) -> Account | None:
        with self.desk.database.reading() as connection:
            return next((one for one in accounts.all_accounts(connection) if one.name == name), None)


@pytest.fixture
def there(desk: Desk) -> There:
    """Anna signs in elsewhere, as 4711."""
    made = There(desk, Issuer(int(desk.now.timestamp())))
    made.says()
    with desk.database.writing() as connection:
        accounts.sign_in_elsewhere(connection, "anna", f"{ISSUER} 4711")
    return made


def test_who_signs_in_there_gets_in_here_as_the_account_made_for_them(there: There) -> None:
    browser = there.desk.browser()
    assert 'href="/sign-in/elsewhere?to=/patients/1"' in browser.get("/sign-in?to=/patients/1").text
    planted = "planted by somebody else"
    browser.client.cookies.set("carepath", planted, domain="testserver.local", path="/")
    assert there.comes_back(browser, "/patients/1").headers["location"] == "/patients/1"
    assert browser.client.cookies["carepath"] != planted
    assert "<h1>anna</h1>" in browser.get("/account").text
    with there.desk.database.reading() as connection:
        (entry,) = (one for one in access.entries(connection) if one.what == "sign-in")
    assert (entry.who, entry.asked) == ("anna", '{"by":"elsewhere"}')
    form_key = browser.get("/account").text.split('name="form_key" value="')[1].split('"')[0]
    browser.form_key = form_key
    browser.send("/sign-out")
    assert browser.get("/").status_code == 303


def test_nobody_has_a_password_here_who_signs_in_there(there: There) -> None:
    browser = there.desk.browser()
    assert typed_in(browser, "anna").status_code == 422
    there.comes_back(browser)
    page = browser.get("/password")
    assert page.status_code == 403
    assert "You sign in elsewhere" in page.text


OTHER_PLACES = ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/%09/x"]


@pytest.mark.parametrize("to", OTHER_PLACES)
def test_nobody_is_sent_to_another_place_afterwards(there: There, to: str) -> None:
    assert there.comes_back(there.desk.browser(), to).headers["location"] == "/"


WRONG = {
    "nonce": {"claims": {"nonce": "of another sign-in"}},
    "no nonce": {"without": ("nonce",)},
    "aud": {"claims": {"aud": "another application"}},
    "several without azp": {"claims": {"aud": [CLIENT, "another"]}},
    "azp": {"claims": {"azp": "another application"}},
    "iss": {"claims": {"iss": "https://elsewhere.example"}},
    "expired": {"claims": {"exp": 1}},
    "no exp": {"without": ("exp",)},
    "from the future": {"claims": {"iat": 4_000_000_000}},
    "not yet": {"claims": {"nbf": 4_000_000_000}},
    "no sub": {"without": ("sub",)},
    "sub is no text": {"claims": {"sub": 4711}},
    "another key": {"signing": OTHER_KEY},
    "no token": {"token": "nothing of the kind"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_what_does_not_prove_it_signs_nobody_in(there: There, wrong: dict[str, object]) -> None:
    there.issuer = replace(there.issuer, **wrong)  # type: ignore[arg-type]  # fields of it, by name
    there.says()
    browser = there.desk.browser()
    assert there.comes_back(browser).status_code == 403
    assert browser.get("/").status_code == 303


def part(said: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@pytest.mark.parametrize("alg", ["none", "HS256", "altered"])
def test_a_token_that_anybody_could_have_made_signs_nobody_in(there: There, alg: str) -> None:
    browser = there.desk.browser()
    address = browser.get("/sign-in/elsewhere").headers["location"]
    back = there.issuer.signs_in(address)
    right = there.issuer.made(there.issuer._codes["code-0"]["nonce"])
    header, claims, signature = right.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    public = OctKey.import_key(str(KEY.as_dict(private=False)["n"]))
    there.issuer.token = {
        "none": f"{part({'alg': 'none'})}.{claims}.",
        "HS256": jwt.encode({"alg": "HS256", "kid": KEY.kid}, said, public),
        "altered": f"{header}.{part(said | {'sub': '4712'})}.{signature}",
    }[alg]
    assert browser.get(back).status_code == 403
    assert browser.get("/").status_code == 303


def test_what_comes_back_counts_once_and_for_the_browser_that_began(there: There) -> None:
    one, other = there.desk.browser(), there.desk.browser()
    back = there.issuer.signs_in(one.get("/sign-in/elsewhere").headers["location"])
    of_other = there.issuer.signs_in(other.get("/sign-in/elsewhere").headers["location"])
    assert there.desk.browser().get(back).status_code == 422
    assert other.get(back).status_code == 422
    kept = one.client.cookies["carepath-begun"]
    assert one.get(back).status_code == 303
    thief = there.desk.browser()
    thief.client.cookies.set("carepath-begun", kept)
    assert thief.get(back).status_code == 422
    there.desk.pass_(timedelta(minutes=11))
    assert other.get(of_other).status_code == 422


def test_a_code_that_was_used_or_is_of_another_sign_in_is_refused_there(there: There) -> None:
    one, other = there.desk.browser(), there.desk.browser()
    of_one = there.issuer.signs_in(one.get("/sign-in/elsewhere").headers["location"])
    of_other = there.issuer.signs_in(other.get("/sign-in/elsewhere").headers["location"])
    stolen = of_other.replace("code-1", "code-0")  # PKCE: the verifier is that of another browser
    assert other.get(stolen).status_code == 403
    assert one.get(of_one).status_code == 403  # the issuer gives a code away once


def test_an_answer_of_another_issuer_or_without_a_code_is_refused(there: There) -> None:
    for change in (("iss=https%3A%2F%2Flogin", "iss=https%3A%2F%2Felsewhere"), ("code=", "c=")):
        browser = there.desk.browser()
        back = there.issuer.signs_in(browser.get("/sign-in/elsewhere").headers["location"])
        assert change[0] in back
        assert browser.get(back.replace(*change)).status_code == 403, change
    browser = there.desk.browser()
    back = there.issuer.signs_in(browser.get("/sign-in/elsewhere").headers["location"])
    refused = browser.get(back.replace("code=", "error=access_denied&x="))
    assert (refused.status_code, "not signed in there" in refused.text) == (403, True)


def test_new_keys_of_the_issuer_are_found_and_believed(there: There) -> None:
    assert there.comes_back(there.desk.browser()).status_code == 303
    there.issuer.published, there.issuer.signing = (KEY, OTHER_KEY), OTHER_KEY
    assert there.comes_back(there.desk.browser()).status_code == 303
    asked = there.issuer.asked.count("/clinic/keys")
    assert asked == 2
    there.desk.pass_(FRESH + timedelta(minutes=1))
    there.issuer.now = int(there.desk.now.timestamp())
    assert there.comes_back(there.desk.browser()).status_code == 303
    assert there.issuer.asked.count("/clinic/keys") == asked + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"away": True},
        {"metadata": {"issuer": "https://elsewhere.example"}},
        {"metadata": {"token_endpoint": "http://login.example.org/token"}},
        {"metadata": {"jwks_uri": f"{ISSUER}/nowhere"}},
    ],
)
def test_where_the_issuer_is_away_that_is_said_and_others_sign_in(
    there: There, wrong: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    there.issuer = replace(there.issuer, **wrong)  # type: ignore[arg-type]  # fields of it, by name
    there.says()
    answer = there.desk.browser().get("/sign-in/elsewhere")
    assert (answer.status_code, "does not answer" in answer.text) == (503, True)
    assert "sign-in elsewhere: it" in caplog.text or "sign-in elsewhere: the issuer" in caplog.text
    assert typed_in(there.desk.browser(), "ben").status_code == 303


def test_nobody_waits_in_line_for_an_issuer_that_did_not_answer(there: There) -> None:
    there.issuer.metadata = {"issuer": "https://elsewhere.example"}
    there.says()
    browser = there.desk.browser()
    for _ in range(2):
        assert browser.get("/sign-in/elsewhere").status_code == 503
    assert len(there.issuer.asked) == 1
    there.issuer.metadata = {}
    there.desk.pass_(REST)
    assert browser.get("/sign-in/elsewhere").status_code == 303


def test_it_went_away_while_somebody_signed_in(there: There) -> None:
    browser = there.desk.browser()
    back = there.issuer.signs_in(browser.get("/sign-in/elsewhere").headers["location"])
    there.issuer.away = True
    assert browser.get(back).status_code == 503


def test_a_stranger_and_who_is_at_rest_do_not_get_in(there: There) -> None:
    there.issuer.person = {"sub": "ben"}  # a name says nothing
    answer = there.comes_back(there.desk.browser())
    assert (answer.status_code, "that it signs in as ben" in answer.text) == (403, True)
    with there.desk.database.writing() as connection:
        accounts.change(connection, "anna", active=False)
    there.issuer.person = {"sub": "4711"}
    assert there.comes_back(there.desk.browser()).status_code == 403


def test_an_address_counts_only_where_the_issuer_has_verified_it(there: There) -> None:
    there.says(account_claim="email")
    with there.desk.database.writing() as connection:
        accounts.sign_in_elsewhere(connection, "anna", f"{ISSUER} anna@example.org")
    person: dict[str, object] = {"sub": "1", "email": "anna@example.org"}
    for verified, status in ((None, 403), (False, 403), ("true", 403), (True, 303)):
        there.issuer.person = person | {"email_verified": verified}
        assert there.comes_back(there.desk.browser()).status_code == status, verified


def test_groups_there_are_roles_here_at_every_sign_in(there: There) -> None:
    there.says(groups=GROUPS)
    for groups, status, roles in (
        (["review", "choir"], 303, {"auditor"}),
        ("care", 303, {"coordinator"}),
        (["care", "review"], 303, {"coordinator", "auditor"}),
        (["choir"], 403, {"coordinator", "auditor"}),
        ({"care": True}, 403, {"coordinator", "auditor"}),
    ):
        there.issuer.person = {"sub": "4711", "groups": groups}
        assert there.comes_back(there.desk.browser()).status_code == status, groups
        anna = there.account("anna")
        assert anna is not None
        assert anna.roles == roles
    there.issuer.person = {"sub": "new", "groups": ["care"], "preferred_username": "vera"}
    assert there.comes_back(there.desk.browser()).status_code == 403


def test_accounts_are_made_only_where_the_site_says_so_and_never_taken_over(there: There) -> None:
    there.says(groups=GROUPS | {"make_accounts": True})
    there.issuer.person = {"sub": "new", "groups": ["care"], "preferred_username": "vera"}
    assert there.comes_back(there.desk.browser()).status_code == 303
    vera = there.account("vera")
    assert vera is not None
    assert (vera.subject, vera.must_change) == (f"{ISSUER} new", False)
    assert vera.roles == {"coordinator"}
    there.issuer.person |= {"sub": "another", "preferred_username": "ben"}
    assert there.comes_back(there.desk.browser()).status_code == 422
    ben = there.account("ben")
    assert ben is not None
    assert ben.subject is None


def test_an_administrator_says_who_signs_in_elsewhere(there: There) -> None:
    admin, ben = there.desk.browser("admin"), there.account("ben")
    assert ben is not None
    place = f"/operations/accounts/{ben.id}"
    assert "What stands in sub there" in admin.get(place).text
    assert admin.send(f"{place}/elsewhere", said="4711").status_code == 422
    assert admin.send(f"{place}/elsewhere", said="").status_code == 422
    assert admin.send(f"{place}/elsewhere", said="4712").headers["location"] == place
    assert f"as {ISSUER} 4712" in admin.get(place).text
    there.issuer.person = {"sub": "4712"}
    browser = there.desk.browser()
    assert there.comes_back(browser).status_code == 303
    assert "/account/factor" not in browser.get("/account").text
    admin.send(place, do="password")
    assert there.comes_back(there.desk.browser()).status_code == 403
