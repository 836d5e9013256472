"""The WSGI entry point; loaded by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from access.bodies import TimedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kfashion_site.settings")

application = TimedBodies(get_wsgi_application())
