"""Which management commands need running services, and these for their duration; for manage.py."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence

from kfashion_site import embedded, state

WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "help",
    "makemessages",
    "makemigrations",
    "sendtestemail",
    "spectacular",
    "startapp",
    "test",
    "version",
}


@contextlib.contextmanager
def services_for_command(arguments: Sequence[str]) -> Iterator[None]:
    """Have the embedded services up while the command in `arguments` runs, if it needs them.

    Uses those of a running shop. Exits with one sentence and status 1 if they cannot start.
    """
    folder = state.shop_folder()
    command = arguments[1] if len(arguments) > 1 else "help"
    needs_none = command.startswith("-") or command in WITHOUT_SERVICES
    if needs_none or {"-h", "--help"} & set(arguments) or embedded.running_services(folder):
        yield
        return
    try:
        with embedded.services(folder):
            yield
    except embedded.ServiceError as error:
        sys.exit(str(error))
