"""Where a request comes from, as far as it can be believed. Needs no database."""

from ipaddress import ip_address, ip_network

from django.conf import settings


def address_of(request) -> str | None:
    """The address of the one who asks; None where there is none (a socket's file).

    Behind a proxy it is the last one of X-Forwarded-For, which the proxy itself has written;
    what stands before it, or came without a proxy, anybody can write.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", said).rpartition(",")[2].strip()
    try:
        address = ip_address(said)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def home_of(request) -> str | None:
    """What counts as one address: of IPv6 the /64, since one line has all of it."""
    return home(address_of(request))


def home(address: str | None) -> str | None:
    """The same of an address that is known."""
    if address and ":" in address:
        return str(ip_network(f"{address}/64", strict=False).network_address)
    return address
