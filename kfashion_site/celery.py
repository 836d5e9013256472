"""The Celery application; started by `celery -A kfashion_site.celery worker` and the launcher."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kfashion_site.settings")

app = Celery("kfashion")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
