"""Signals other apps may listen to."""

from __future__ import annotations

from django.dispatch import Signal

model_version_activated = Signal()
"""Sent after the flip has been committed; ``model_version`` is the one that serves now."""

model_version_flipped = Signal()
"""Sent within the transaction of the flip: ``model_version`` is to serve in place of ``replaced``,
which may be None; ``is_undo`` tells which way. A receiver that raises prevents the flip."""

clustering_activated = Signal()
"""Sent after the flip has been committed; ``clustering`` is the one in force now."""
