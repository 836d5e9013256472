"""Signals other apps may listen to."""

from __future__ import annotations

from django.dispatch import Signal

model_version_activated = Signal()
"""Sent after the flip has been committed; ``model_version`` is the one that serves now."""

clustering_activated = Signal()
"""Sent after the flip has been committed; ``clustering`` is the one in force now."""
