"""Signals other apps may listen to."""

from __future__ import annotations

from django.dispatch import Signal

products_embedded = Signal()
"""Sent within the transaction that stores embeddings: ``product_ids`` have just got some of
``model_version``. A product may be named again, with another of its photos."""

image_search_done = Signal()
"""Sent within the transaction that stores what a worker found; ``search_id`` is its key."""
