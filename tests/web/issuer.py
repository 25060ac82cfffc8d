"""A small issuer of OpenID Connect in this process: right answers, and wrong ones where a test asks."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

ISSUER = "https://login.example.org/clinic"
CLIENT, SECRET = "carepath", "a secret that only both know"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "second", "use": "sig", "alg": "ES256"})


@dataclass
class Issuer:
    """What is signed in next, and how what comes back differs from what would be right."""

    now: int
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "4711"})
    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    signing: RSAKey | ECKey = field(default_factory=lambda: KEY)
    published: tuple[RSAKey | ECKey, ...] = (KEY,)
    token: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    away: bool = False
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answered)

    def signs_in(self, address: str) -> str:
        """The person signs in at the address a browser was sent to; answers where it is sent back."""
        asked = {name: one for name, (one,) in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{ISSUER}/authorize?")
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{httpx.QueryParams(code=code, state=asked['state'], iss=ISSUER)}"

    def _answered(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("nobody is there")
        self.asked.append(request.url.path)
        match request.url.path.removeprefix("/clinic"):
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self._metadata())
            case "/keys":
                return httpx.Response(200, json=KeySet(list(self.published)).as_dict(private=False))
            case "/token":
                return self._token(request)
        return httpx.Response(404)

    def _metadata(self) -> dict[str, Any]:
        usual = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        return usual | self.metadata

    def _token(self, request: httpx.Request) -> httpx.Response:
        typed = dict(parse_qsl(request.content.decode()))
        known = base64.b64encode(f"{CLIENT}:{quote(SECRET)}".encode()).decode()
        if request.headers["authorization"] != f"Basic {known}":
            return httpx.Response(401, json={"error": "invalid_client"})
        asked = self._codes.pop(typed["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(typed["code_verifier"].encode()).digest())
        if asked is None or challenge.decode().rstrip("=") != asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        token = self.token or self.made(asked["nonce"])
        return httpx.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": token})

    def made(self, nonce: str) -> str:
        usual = {"iss": ISSUER, "aud": CLIENT, "iat": self.now, "exp": self.now + 300, "nonce": nonce}
        claims = {**usual, **self.person, **self.claims}
        kept = {name: one for name, one in claims.items() if name not in self.without}
        return jwt.encode({"alg": self.signing.alg, "kid": self.signing.kid}, kept, self.signing)
