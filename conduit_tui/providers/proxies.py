"""Which proxy the environment puts between this machine and a server."""

import urllib.request
from urllib.parse import urlsplit

from conduit_tui.providers.addresses import host_and_port, is_loopback


def proxy_for(base_url: str) -> tuple[str, str] | None:
    """Return the variable that names the proxy for a URL, and the proxy's host and port.

    The rules are those of the HTTP clients: HTTPS_PROXY, HTTP_PROXY, else ALL_PROXY, unless
    NO_PROXY excepts the host. Never for this machine.
    """
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
    except ValueError:
        return None
    proxies = urllib.request.getproxies_environment()
    if is_loopback(base_url) or urllib.request.proxy_bypass(host):
        return None
    for scheme in (parts.scheme, "all"):
        if url := proxies.get(scheme):
            return f"{scheme.upper()}_PROXY", host_and_port(url if "://" in url else f"//{url}")
    return None
