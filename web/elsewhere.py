"""Signing in elsewhere: OpenID Connect Core 1.0, Authorization Code with PKCE (RFC 7636), as RFC 9700 says.

State, nonce and PKCE verifier are computed from the secret of the sign-in that was begun: they hold for one
browser, once. What comes back is believed only if it is signed by a key of the issuer with one of ALGORITHMS,
was made by it, for this application, for this very sign-in, and has not expired.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ValidationError

from web.elsewhere_said import Said, check_safe

if TYPE_CHECKING:
    import httpx
    from joserfc.jwk import KeySet

log = logging.getLogger("carepath.web")

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures by a key pair, never "none", and never one that who knows the client's secret could make."""
LEEWAY: Final = 60
"""Seconds by which clocks may differ."""
FRESH: Final = timedelta(hours=1)
"""For so long it is not asked again where the issuer has what, and for its keys."""
REST: Final = timedelta(seconds=15)
"""For so long one that did not answer is not asked again: else everybody who tries would wait in line."""
_patience: Final = 10.0
_longest: Final = 200


class Away(Exception):
    """The issuer does not answer, or not as an issuer does; the message is for the log."""


class NotBelieved(Exception):
    """What came back does not prove who signed in; the message names the check that failed, and no value."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who signed in elsewhere: `said` is the claim that stands for the account, `subject` with its issuer.

    `roles` and `name` are those of the claims, None where the site does not go by them.
    """

    said: str
    subject: str
    roles: frozenset[str] | None
    name: str | None


def _checked(url: str) -> str:
    check_safe(url)
    return url


_Url = Annotated[str, AfterValidator(_checked)]


class _Metadata(BaseModel):
    """What an issuer tells of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: _Url
    token_endpoint: _Url
    jwks_uri: _Url
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


@dataclass(frozen=True, slots=True)
class _Known:
    metadata: _Metadata
    keys: KeySet
    at: datetime


class Elsewhere:
    """The place where people of this site sign in. Threads may share one."""

    def __init__(self, said: Said, secret: str, transport: httpx.BaseTransport | None = None) -> None:
        self.said = said
        self._secret, self._transport = secret, transport
        self._known: _Known | None = None
        self._away_at: datetime | None = None
        self._lock = threading.Lock()

    def subject(self, said: str) -> str:
        """As whom an account signs in: two issuers may call two people the same."""
        return f"{self.said.issuer} {said}"

    def address(self, begun: str, now: datetime) -> str:
        """Where a browser goes to sign in. Raises Away."""
        asked = {
            "response_type": "code",
            "client_id": self.said.client_id,
            "redirect_uri": self.said.back,
            "scope": " ".join(self.said.scopes),
            "state": _derived(begun, "state"),
            "nonce": _derived(begun, "nonce"),
            "code_challenge": _challenge(_derived(begun, "verifier")),
            "code_challenge_method": "S256",
        }
        import httpx

        there = self._now_known(now).metadata.authorization_endpoint
        return str(httpx.URL(there).copy_merge_params(asked))

    def somebody(self, begun: str, query: Mapping[str, str], now: datetime) -> Somebody:
        """Who signed in, by what the browser brought back for this begun sign-in, which it `answers`.

        Raises Away and NotBelieved.
        """
        if query.get("iss", self.said.issuer) != self.said.issuer:  # RFC 9207
            raise NotBelieved("iss of the answer")
        if "code" not in query:
            raise NotBelieved("code")
        token = self._token(begun, query["code"], now)
        claims = self._claims(token, now)
        self._check(claims, begun, now)
        return self._who(claims)

    def _token(self, begun: str, code: str, now: datetime) -> str:
        """The ID token for a code. Raises Away and NotBelieved."""
        import httpx

        metadata = self._now_known(now).metadata
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.said.back,
            "code_verifier": _derived(begun, "verifier"),
        }
        basic = httpx.Auth()  # none
        if self._secret and "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            basic = httpx.BasicAuth(quote(self.said.client_id, safe=""), quote(self._secret, safe=""))
        elif self._secret:
            asked |= {"client_id": self.said.client_id, "client_secret": self._secret}
        else:
            asked["client_id"] = self.said.client_id
        with self._client() as client:
            answer = client.post(metadata.token_endpoint, data=asked, auth=basic)
            if answer.status_code == 400 and "error" in (refused := _object(answer)):
                raise NotBelieved(f"code: {_plain(refused['error'])}")
            token = _object(answer.raise_for_status()).get("id_token")
        if not isinstance(token, str):
            raise NotBelieved("id_token")
        return token

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        """What an ID token claims, if a key of the issuer has signed it; its keys may have changed since."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        for since in (None, now):
            try:
                return jwt.decode(token, self._now_known(now, since).keys, algorithms=ALGORITHMS).claims
            except InvalidKeyIdError:
                continue
            except (JoseError, ValueError) as error:
                raise NotBelieved(f"signature: {type(error).__name__}") from None
        raise NotBelieved("signature: a key that the issuer does not have")

    def _check(self, claims: dict[str, Any], begun: str, now: datetime) -> None:
        """Raises NotBelieved (OpenID Connect Core 1.0, section 3.1.3.7)."""
        from joserfc.errors import JoseError
        from joserfc.jwt import JWTClaimsRegistry

        us = self.said.client_id
        registry = JWTClaimsRegistry(
            int(now.timestamp()),
            LEEWAY,
            iss={"essential": True, "value": self.said.issuer},
            aud={"essential": True, "value": us},
            nonce={"essential": True, "value": _derived(begun, "nonce")},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise NotBelieved(f"claim: {_plain(getattr(error, 'claim', error.error))}") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else us) != us:
            raise NotBelieved("claim: azp")

    def _who(self, claims: Mapping[str, Any]) -> Somebody:
        said, groups = _text(claims, self.said.account_claim), self.said.groups
        if self.said.account_claim == "email" and claims.get("email_verified") is not True:
            raise NotBelieved("claim: email_verified")
        roles = groups.roles_of(claims.get(groups.claim)) if groups else None
        name = _text(claims, groups.name_claim) if groups and groups.make_accounts else None
        return Somebody(said, self.subject(said), roles, name)

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        """Asks the issuer, which is not followed elsewhere. Raises Away."""
        import httpx

        try:
            with httpx.Client(timeout=_patience, transport=self._transport) as client:
                yield client
        except httpx.HTTPStatusError as error:
            raise Away(f"it answered {error.response.status_code}") from None
        except httpx.HTTPError as error:
            raise Away(f"it cannot be reached ({type(error).__name__})") from None

    def _now_known(self, now: datetime, since: datetime | None = None) -> _Known:
        """What is known of the issuer, as it was at some time `since`. Raises Away."""
        with self._lock:
            if self._known is None or self._known.at <= (since or now - FRESH):
                if self._away_at is not None and now - self._away_at < REST:
                    raise Away("it did not answer a moment ago")
                self._away_at = now
                self._known = self._asked(now)
                self._away_at = None
            return self._known

    def _asked(self, now: datetime) -> _Known:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        where = f"{self.said.issuer.rstrip('/')}/.well-known/openid-configuration"
        with self._client() as client:
            try:
                metadata = _Metadata.model_validate_json(client.get(where).raise_for_status().content)
                if metadata.issuer != self.said.issuer:
                    raise Away("the issuer calls itself otherwise than `issuer` says")
                keys = KeySet.import_key_set(_object(client.get(metadata.jwks_uri).raise_for_status()))
            except (ValidationError, JoseError, ValueError, KeyError, TypeError) as error:
                raise Away(f"it does not answer as an issuer does ({type(error).__name__})") from None
        return _Known(metadata, keys, now)


def answers(query: Mapping[str, str], begun: str) -> bool:
    """Whether what a browser brings back belongs to what was begun in it."""
    return hmac.compare_digest(query.get("state", "").encode(), _derived(begun, "state").encode())


def _derived(begun: str, what: str) -> str:
    return hashlib.sha256(f"{what} {begun}".encode()).hexdigest()


def _challenge(verifier: str) -> str:
    """What is told of a verifier before it is shown (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _object(answer: httpx.Response) -> Any:
    """The JSON object of an answer. Raises Away."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Away("it answers with what is no JSON object")
    return found


def _text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is a short, readable text. Raises NotBelieved."""
    found = claims.get(name)
    if not isinstance(found, str) or not found.strip() or not found.isprintable() or len(found) > _longest:
        raise NotBelieved(f"claim: {name}")
    return found


def _plain(said: object) -> str:
    """A word of the other side, fit for a log."""
    return "".join(one for one in str(said) if one.isalnum() or one in "_-.")[:60]
