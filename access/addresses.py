"""Which addresses our processes may call on behalf of others; for ``access.outgoing``.

An address that staff or customers may type is a way into the shop's own network: names that lead to
127.0.0.1, a cloud's 169.254.169.254, IPv4 hidden in IPv6. So a name is looked up once, every answer
is judged, and whoever connects uses the answers returned here, never the name again: a name server
that answers differently the second time gains nothing.
"""

from __future__ import annotations

import queue
import socket
import threading
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

GLOBAL_UNICAST = IPv6Network("2000::/3")
# RFC 6052: where only IPv6 is spoken, name servers put IPv4 addresses into this network.
NAT64 = IPv6Network("64:ff9b::/96")


class UnknownHostError(Exception):
    """A name leads nowhere, or nobody said where in time."""


class PrivateAddressError(Exception):
    """A name leads to an address that is not on the public internet."""


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is one host on the public internet, however it is written.

    Raises:
        ValueError: it is no IP address.
    """
    ip = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip.ipv4_mapped:
        return is_public(ip.ipv4_mapped)
    if ip in NAT64:
        return is_public(IPv4Address(int(ip) & 0xFFFF_FFFF))
    # 6to4 carries any IPv4 address, and nobody serves from there any more.
    return ip in GLOBAL_UNICAST and ip.is_global and ip.sixtofour is None


def resolve(
    host: str, *, port: int, timeout_seconds: float, allow_private: bool = False
) -> list[str]:
    """Look a name up, once, and return its addresses in the order to try them.

    Args:
        host: a name, or an address in any form that the system understands.
        port: where it is to be called, 1 to 65535.
        timeout_seconds: the system's own patience with name servers is longer than a worker's.
        allow_private: return all addresses, for development and tests.

    Raises:
        UnknownHostError: there is no such name, or no answer in time.
        PrivateAddressError: any of the addresses is not public.
    """
    addresses = list(dict.fromkeys(_look_up(host, port, timeout_seconds)))
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise PrivateAddressError(f"{host} leads to {address}, which is not public")
    return addresses


def _look_up(host: str, port: int, timeout_seconds: float) -> list[str]:
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(sockaddr[0]) for *_, sockaddr in found])
        except (OSError, UnicodeError) as error:  # Also names that no name can be.
            answers.put(error)

    # The lookup cannot be given a time limit; the thread ends by itself when the system gives up.
    threading.Thread(target=ask, name="name lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=max(timeout_seconds, 0))
    except queue.Empty:
        raise UnknownHostError(f"no name server answered for {host} in time") from None
    if isinstance(answer, Exception):
        raise UnknownHostError(f"{host}: {answer}") from answer
    return answer
