"""What a base URL says: whose host it is, and how it is named in words."""

from urllib.parse import urlsplit

from conduit_tui.core.clean import clean_line


def is_openai_host(base_url: str) -> bool:
    """Whether a URL is OpenAI's own service, in any of its regions."""
    host = _host(base_url)
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def is_anthropic_host(base_url: str) -> bool:
    """Whether a URL is Anthropic's own service."""
    host = _host(base_url)
    return host == "api.anthropic.com" or host.endswith(".api.anthropic.com")


def is_azure_host(base_url: str) -> bool:
    """Whether a URL is OpenAI's models as Microsoft serves them."""
    return _host(base_url).endswith((".openai.azure.com", ".services.ai.azure.com"))


def is_loopback(base_url: str) -> bool:
    """Whether a URL is of this machine."""
    host = _host(base_url)
    return host in {"localhost", "::1"} or host.startswith("127.") or host.endswith(".localhost")


def host_and_port(base_url: str) -> str:
    """Host and port for a sentence, without what else a URL may hold (a password, say)."""
    try:
        parts = urlsplit(base_url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "its base_url"
    host = clean_line(parts.hostname or "")
    return f"{f'[{host}]' if ':' in host else host}{port}" if host else "its base_url"


def shown(base_url: str) -> str:
    """A URL for a sentence, without user, password and query."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return "its base_url"
    return clean_line(f"{parts.scheme}://{host_and_port(base_url)}{parts.path}")


def _host(base_url: str) -> str:
    try:
        return (urlsplit(base_url).hostname or "").lower()
    except ValueError:
        return ""
