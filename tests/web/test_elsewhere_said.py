"""The file that CAREPATH_OIDC names: read as a whole, or refused by file and key without telling a secret."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from notifications.site_file import NotConfigured
from tests.web.conftest import NOON
from tests.web.issuer import ISSUER, SECRET
from web.elsewhere import Elsewhere
from web.elsewhere_said import Said, read

RIGHT = """\
issuer = "https://login.example.org/clinic"
client_id = "carepath"
client_secret = { env = "OIDC_SECRET" }
address = "https://desk.example.org/"
"""
ENVIRONMENT = {"OIDC_SECRET": SECRET}


def written(folder: Path, text: str) -> Path:
    place = folder / "oidc.toml"
    place.write_text(text, encoding="utf-8")
    place.chmod(0o600)
    return place


def test_it_says_where_and_as_what_people_sign_in(tmp_path: Path) -> None:
    said, secret = read(written(tmp_path, RIGHT), ENVIRONMENT)
    assert (said.issuer, said.back, secret) == (
        ISSUER,
        "https://desk.example.org/sign-in/elsewhere/back",
        SECRET,
    )
    public = RIGHT.replace('client_secret = { env = "OIDC_SECRET" }\n', "")
    groups = '[groups]\nmake_accounts = true\n[groups.roles]\ncare = ["coordinator"]\n'
    said, secret = read(written(tmp_path, public + groups), {})
    assert secret == ""
    assert said.groups is not None
    assert said.groups.roles_of(["care", "choir", 3]) == {"coordinator"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("issuer", "is no TOML"),
        (RIGHT.replace("https://login", "http://login"), "issuer: it must be a URL that begins with https://"),
        (RIGHT.replace("org/\"", "org/desk\""), "it has no path"),
        (RIGHT.replace('"OIDC_SECRET"', '"OTHER"'), "client_secret: the variable OTHER holds nothing"),
        (RIGHT.replace('{ env = "OIDC_SECRET" }', f'"{SECRET}"'), "client_secret"),
        (RIGHT + 'scopes = ["email"]\n', '"openid" is one of them'),
        (RIGHT + 'secret = "x"\n', "secret: Extra inputs"),
        (RIGHT + '[groups.roles]\ncare = ["integration"]\n', "groups.roles.care.0"),
        (RIGHT.replace("client_id", "client"), "client_id: Field required"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_its_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(NotConfigured) as refused:
        read(written(tmp_path, text), ENVIRONMENT)
    assert told in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    place = written(tmp_path, RIGHT)
    place.chmod(0o644)
    with pytest.raises(NotConfigured, match="others may read"):
        read(place, ENVIRONMENT)


@pytest.mark.parametrize(
    ("secret", "methods", "expected"),
    [
        ("", ["none"], {"client_id": "carepath"}),
        (SECRET, ["client_secret_post"], {"client_id": "carepath", "client_secret": SECRET}),
        (SECRET, ["client_secret_basic"], {}),
    ],
)
def test_it_makes_itself_known_as_the_issuer_wants(
    secret: str, methods: list[str], expected: dict[str, str]
) -> None:
    sent = list[httpx.Request]()

    def answered(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        found = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize?tenant=1",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "token_endpoint_auth_methods_supported": methods,
        }
        key = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
        return httpx.Response(200, json=key if request.url.path.endswith("keys") else found)

    said = Said(issuer=ISSUER, client_id="carepath", address="http://localhost:1")
    there = Elsewhere(said, secret, httpx.MockTransport(answered))
    assert there.address("begun", NOON).startswith(f"{ISSUER}/authorize?tenant=1&response_type=code")
    with pytest.raises(Exception, match="id_token"):
        there.somebody("begun", {"code": "x"}, NOON)
    typed = httpx.QueryParams(sent[-1].content.decode())
    assert {name: one for name, one in typed.items() if name.startswith("client")} == expected
    assert ("authorization" in sent[-1].headers) == (methods == ["client_secret_basic"])
