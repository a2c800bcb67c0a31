"""Names of files that usually hold secrets, also of copies of them."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_FOLDERS = frozenset(
    (
        *(".ssh", ".gnupg", ".aws", ".azure", ".gcloud", ".kube", ".docker", ".password-store"),
        *(".oci", "gcloud", "doctl", "sops", "wireguard", "system-connections", "sudoers.d"),
        *(".mozilla", ".thunderbird", "keychains", "keyrings", "kwalletd", "google-chrome"),
        *("chromium", "bravesoftware", "brave-browser", "microsoft-edge", "vivaldi"),
    )
)
_FILES = re.compile(
    r"""
    \.env.* | .*\.env | \.flaskenv
    | [._]netrc | \.?authinfo | \.pgpass | \.my(?:login)?\.cnf | \.msmtprc | \.rhosts
    | \.npmrc | \.yarnrc\.yml | \.pypirc | pip\.conf | \.dockercfg | \.dockerconfigjson
    | \.git-credentials | \.htpasswd | \.boto | \.s3cfg | \.terraformrc | \.databrickscfg
    | \.?vault[-_](?:token|pass(?:word)?)(?:\.txt)? | \.(?:x|ice)authority | \.claude\.json
    | \.(?:[a-z0-9_]+_)?history | \.zhistory | \.histfile | \.lesshst | \.viminfo
    | fish_history | consolehost_history\.txt
    | .*\.(?:pem|key|p8|p12|pfx|jks|jceks|keystore|keytab|keyring|kdbx?|kwl|keychain(?:-db)?|ppk
        |age|tfvars|tfstate|ovpn|asc|gpg|pgp|wallet|nmconnection|kubeconfig|token)
    | kubeconfig | wg[0-9]+\.conf | rclone\.conf | wpa_supplicant\.conf
    | id_[^.]* | id_(?:rsa|dsa|ecdsa|ed25519)(?:_[^.]*)?\.(?!pub$).*
    | \.?(?:(?:credentials?|secrets?|client_secret|service[-_]account|oauth_creds|gha-creds)[^.]*
        |passwords?|passwd|(?:access[-_]|auth[-_]|api[-_]?)?tokens?|api[-_]?keys?)
      (?:(?:\.[a-z0-9_-]+)?\.(?:json|toml|ya?ml|ini|cfg|conf|csv|txt|xml|db|enc))?
    | .*firebase-adminsdk.*\.json | auth\.json | local\.settings\.json | wp-config\.php
    | g?shadow-? | sudoers | ssh_host_.*_key | master\.passwd | opasswd
    | wallet\.dat | logins\.json | key[34]\.db | login[ -]data.* | cookies(?:\.sqlite)?
    | (?:places|formhistory)\.sqlite
    """,
    re.VERBOSE,
)
_PLACES = frozenset(
    (
        *((".config", "gh"), (".config", "hub"), (".config", "op"), (".config", "rclone")),
        *((".config", "opera"), (".m2", "settings.xml"), (".gradle", "gradle.properties")),
    )
)
_OF_GIT = frozenset(("config", "config.worktree", "credentials"))
_COPY = re.compile(
    r"(?:~|\.(?:bak|backup|old|orig|save|sav|sw[op]|tmp|temp|copy|prev|gz|xz|bz2|zst|[0-9]{1,3})"
    r"|[ _-]?\([0-9]{1,3}\)|[ _-]copy|-(?:wal|shm|journal)|\#)$"
)
"""What programs and people add to the name of a file for a copy of it."""
_MOST_OF_COPY = 8


def is_secret(path: str) -> bool:
    """Whether a file at a path usually holds secrets, by its name and those of its folders.

    Neither case nor invisible characters are looked at, as some file systems do not either.
    Nothing is opened.
    """
    folder, _, name = path.rpartition("/")
    names = _names_of(folder)
    return _is_folder_of_secrets(folder) or _is_name_of_secrets(_folded(name), names)


def _is_name_of_secrets(name: str, folders: tuple[str, ...]) -> bool:
    original = _original(name)
    forms = {name, original, original.removeprefix(".")}
    if original.startswith("."):  # editors put a dot before the name of their copy
        forms.add(f".{original.lstrip('.')}")
    for each in forms:
        if (each in _OF_GIT and _is_of_git(folders)) or _FILES.fullmatch(each):
            return True
        if folders and (folders[-1], each) in _PLACES:
            return True
    return False


def _original(name: str) -> str:
    """The name of what this may be a copy of."""
    original = name
    while copy := _COPY.search(original[-_MOST_OF_COPY:]):
        original = original[: len(original) - len(copy[0])]
    return original.removeprefix(".#").removeprefix("#") or name


def _is_of_git(folders: tuple[str, ...]) -> bool:
    """Whether a folder is that of a repository, of one within it, or of git's own settings."""
    if folders[-2:] == (".config", "git"):
        return True
    return any(name.endswith(".git") for name in folders)


@lru_cache(maxsize=1_024)
def _is_folder_of_secrets(folder: str) -> bool:
    names = _names_of(folder)
    originals = [_original(name) for name in names]
    return not (_FOLDERS.isdisjoint(originals) and _PLACES.isdisjoint(pairwise(originals)))


@lru_cache(maxsize=1_024)
def _names_of(folder: str) -> tuple[str, ...]:
    return tuple(name for name in _folded(folder).split("/") if name)


def _folded(text: str) -> str:
    """A text as file systems compare it that look neither at case nor at invisible characters."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        character
        for character in plain
        if unicodedata.category(character) != "Cf" and not "\ufe00" <= character <= "\ufe0f"
    )
