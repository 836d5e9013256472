"""How often a host is asked for photos; for ``products.importing.remote_photos``."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

AT_ONCE: Final = 2
PATIENCE: Final = 5
"""Failures in a row after which a host is left alone for ``REST_SECONDS``."""
REST_SECONDS: Final = 60.0


class HostBusyError(Exception):
    """A host is to be left alone for longer than anybody waits."""


@dataclass
class _Host:
    turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    free_at: float = 0.0
    failures: int = 0


class Hosts:
    """Takes turns among threads that ask the same hosts.

    Args:
        pause_seconds: between the beginnings of two requests to a host.
        longest_wait_seconds: beyond it a request is given up rather than waited for.
        clock, sleep: of ``time``; others for tests.
    """

    def __init__(
        self,
        *,
        pause_seconds: float,
        longest_wait_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pause = pause_seconds
        self._longest_wait = longest_wait_seconds
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = defaultdict(_Host)

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Wait until a host may be asked, and hold the turn as long as the block lasts.

        Raises:
            HostBusyError: it wants to be left alone for longer than anybody waits.
        """
        with self._lock:
            host = self._hosts[name]
        with host.turns:
            with self._lock:
                now = self._clock()
                begins_at = max(now, host.free_at)
                if begins_at - now > self._longest_wait:
                    raise HostBusyError(name)
                host.free_at = begins_at + self._pause
            if begins_at > now:
                self._sleep(begins_at - now)
            yield

    def leave_alone(self, name: str, *, seconds: float) -> None:
        """Ask a host nothing for a while: it said so."""
        with self._lock:
            host = self._hosts[name]
            host.free_at = max(host.free_at, self._clock() + seconds)

    def note(self, name: str, *, has_answered: bool) -> None:
        """Note whether a host answered at all; one that does not is left alone after a while."""
        with self._lock:
            host = self._hosts[name]
            host.failures = 0 if has_answered else host.failures + 1
            if host.failures >= PATIENCE:
                host.failures = 0
                host.free_at = self._clock() + max(REST_SECONDS, self._longest_wait + 1)
