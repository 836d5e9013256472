"""Files of imports that are kept no longer; for the task run by beat."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from products import conf
from products.importing.undo import kept_files
from products.models import CatalogueImport
from products.models.catalogue_import import import_storage

logger = logging.getLogger(__name__)

_ENDED: Final = (
    CatalogueImport.State.DONE,
    CatalogueImport.State.CANCELLED,
    CatalogueImport.State.REFUSED,
    CatalogueImport.State.UNDONE,
)


def purge_files() -> int:
    """Delete the files of imports that ended long ago, and photos kept to undo them.

    Their rows stay: what an import changed can still be undone, but for photos.

    Returns:
        Of how many imports.
    """
    ended_before = timezone.now() - timedelta(days=conf.get("IMPORT_FILE_DAYS"))
    long_ago = CatalogueImport.objects.filter(
        Q(finished_at__lt=ended_before) | Q(undone_at__lt=ended_before), state__in=_ENDED
    ).filter(has_files=True)
    purged = 0
    for each in long_ago.iterator(100):
        try:
            for name in kept_files(each):
                import_storage().delete(name)
            if each.file:
                each.file.delete(save=False)
        except OSError:
            logger.exception("The files of import %s could not be deleted; trying again", each.pk)
            continue
        CatalogueImport.objects.filter(pk=each.pk).update(file="", has_files=False)
        purged += 1
    return purged
