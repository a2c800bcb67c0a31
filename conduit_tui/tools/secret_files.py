"""Names of files that usually hold secrets."""

import re
from itertools import pairwise

_FOLDERS = frozenset(
    (
        *(".ssh", ".gnupg", ".aws", ".azure", ".gcloud", ".kube", ".docker", ".password-store"),
        *(".mozilla", ".thunderbird", "keychains", "keyrings", "google-chrome", "chromium"),
    )
)
_FILES = re.compile(
    r"""
    \.env.* | \.flaskenv
    | [._]netrc | \.pgpass | \.my\.cnf | \.npmrc | \.pypirc | \.git-credentials | \.htpasswd
    | \.vault-token | \.boto | \.s3cfg | \.terraformrc | \.(?:[a-z0-9_]+_)?history
    | .*\.(?:pem|key|p12|pfx|jks|keystore|kdbx?|ppk|tfvars|tfstate|ovpn|asc|gpg|pgp|wallet)
    | id_[^.]* | id_(?:rsa|dsa|ecdsa|ed25519)(?:_[^.]*)?\.(?!pub$).*
    | \.?(?:credentials?|secrets?|client_secret|service[-_]account)[^.]*
      (?:\.(?:json|toml|ya?ml|ini|cfg|conf|csv|txt|xml|db|enc|bak))?
    | g?shadow-? | sudoers | ssh_host_.*_key | master\.passwd | opasswd
    | wallet\.dat | logins\.json | key[34]\.db | login[ ]data.* | cookies(?:\.sqlite)?
    """,
    re.VERBOSE,
)
_PLACES = (
    (".git", "config"),
    (".config", "gh"),
    (".config", "hub"),
    (".config", "op"),
    (".config", "rclone"),
)


def is_secret(path: str) -> bool:
    """Whether a file at a path usually holds secrets, by its name and those of its folders.

    Case is not looked at, as some file systems do not either. Nothing is opened.
    """
    names = [name for name in path.casefold().split("/") if name]
    if not names:
        return False
    if _FILES.fullmatch(names[-1]) or not _FOLDERS.isdisjoint(names):
        return True
    pairs = set(pairwise(names))
    return any(place in pairs for place in _PLACES)
