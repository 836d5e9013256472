#!/usr/bin/env python
"""Django's command line for the reference shop; starts the embedded services where none run."""

import os
import sys

from kfashion_site.command_line import services_for_command


def main() -> None:
    """Run the command given on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kfashion_site.settings")
    from django.core.management import execute_from_command_line

    with services_for_command(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
