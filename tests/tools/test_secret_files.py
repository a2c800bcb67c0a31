"""Which files are taken for secret, whatever they are called."""

import pytest

from conduit_tui.tools.secret_files import is_secret

SECRET = """
.env .env.local .env~ .env.bak .env.production.old prod.env .ENV .envrc #.env# .#.env .env.swp
..env.swp .env.1 .env(1) .env.save .env.orig~ .env.gz id_rsa id_rsa.bak id_rsa~ id_ed25519.old
id_rsa_work id_rsa.pub.bak/../id_rsa my_rsa.pem key.p8 server.key server.key.bak cert.pem~
kubeconfig prod.kubeconfig krb5.keytab store.jceks vault.age .npmrc .yarnrc.yml .pypirc pip.conf
.netrc _netrc .netrc.gpg .authinfo .authinfo.gpg .msmtprc .git-credentials .git/config
.git/config~ .git/config.worktree .git/modules/sub/config .git/worktrees/a/config.worktree
repo.git/config .config/git/credentials .docker/config.json .dockercfg .dockerconfigjson
.kube/config .aws/credentials .cargo/credentials .cargo/credentials.toml .m2/settings.xml
.gradle/gradle.properties .composer/auth.json .terraform.d/credentials.tfrc.json terraform.tfstate
terraform.tfstate.backup prod.auto.tfvars .bash_history .zsh_history .python_history .psql_history
.mysql_history .node_repl_history .zhistory .histfile fish_history consolehost_history.txt
.lesshst .viminfo .mozilla/firefox/p/key4.db .config/chromium/Default/x
.config/google-chrome/Default/History .config/BraveSoftware/Brave-Browser/x
.config/microsoft-edge/x .config/vivaldi/x .config/opera/x cookies.sqlite cookies.sqlite-wal
Cookies login-data.db logins.json places.sqlite formhistory.sqlite
.local/share/keyrings/login.keyring a.keyring .local/share/kwalletd/kdewallet.kwl
login.keychain-db .password-store/a.gpg passwords.txt passwords.csv passwd.bak/../shadow .htpasswd
.pgpass .mylogin.cnf .my.cnf .Xauthority .ICEauthority .vault-token .vault_pass vault_pass.txt
token .token access_token.txt tokens.json api_key api_keys.txt apikey.txt secret.json secrets.yaml
secrets.yaml.bak secrets.prod.json client_secret_1.json service-account.json gha-creds-1.json
x-firebase-adminsdk-abc.json oauth_creds.json auth.json .credentials.json local.settings.json
wp-config.php .databrickscfg .oci/config .config/gcloud/x .config/doctl/config.yaml
.config/gh/hosts.yml .config/rclone/rclone.conf rclone.conf wpa_supplicant.conf home.nmconnection
etc/wireguard/wg0.conf wg0.conf .config/sops/age/keys.txt .cache/huggingface/token .ssh/config
shadow gshadow- shadow.bak sudoers sudoers.d/ann ssh_host_rsa_key .claude.json .codex/auth.json
"""

PLAIN = """
README.md main.py environment.yml env.py .gitignore git/config config config.json settings.xml
id_rsa.pub id_ed25519.pub keys.py key.py token.py tokens.py tokenizer.json secret_files.py
secrets.py test_secrets.py history.md history.txt auth.py passwords.py cookies.py credentials.py
keyboard.md package.json gradle.properties .git/HEAD .git/hooks/pre-commit .github/config
shadow.css monkey.txt donkey opera.md token_bucket.go
"""


@pytest.mark.parametrize("path", SECRET.split())
def test_files_that_usually_hold_secrets_are_told_by_their_names(path: str) -> None:
    assert is_secret(f"/work/{path}")


@pytest.mark.parametrize("path", PLAIN.split())
def test_other_files_are_not(path: str) -> None:
    assert not is_secret(f"/work/{path}")


@pytest.mark.parametrize("path", ["/w/.ｅｎｖ", "/w/.e\u200bnv", "/w/.ſſh/config", "/w/.ENV\ufe0f"])
def test_names_that_some_file_systems_take_for_these_are_told_too(path: str) -> None:
    assert is_secret(path)


def test_long_names_take_no_time() -> None:
    assert not is_secret("/w/" + "a~" * 2_000 + "b")
    assert is_secret("/w/.env" + "~" * 4_000)
