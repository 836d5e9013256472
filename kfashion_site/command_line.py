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
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "spectacular",
    "startapp",
    "version",
}


@contextlib.contextmanager
def services_for_command(arguments: Sequence[str]) -> Iterator[None]:
    """Have the embedded services up while the command in `arguments` runs, if it needs them.

    Those of a running shop are used; else they are started, and stopped when the command and all
    that joined it are done. Exits with one sentence and status 1 if they cannot start.
    """
    command = arguments[1] if len(arguments) > 1 else "help"
    if command.startswith("-") or command in WITHOUT_SERVICES or {"-h", "--help"} & {*arguments}:
        yield
        return
    folder = state.shop_folder()
    try:
        with state.joined_services(folder) as running:
            if running is not None:
                yield
                return
        with embedded.services(folder, outlive_guests=True):
            yield
    except embedded.ServiceError as error:
        sys.exit(str(error))
