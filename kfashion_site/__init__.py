"""The reference shop: settings, Celery application, URLs and the services behind `make run`."""

from kfashion_site.celery import app as celery_app

__all__ = ["celery_app"]
