"""Deletes a shopper's photo on demand and says so on a receipt; for page and API."""

from __future__ import annotations

from django.db import transaction

from products.models import DeletionReceipt, ImageSearch
from products.models.receipt import digest_of_search


def erase_with_receipt(search: ImageSearch) -> DeletionReceipt:
    """Delete a photo with all searches made with it, and return the receipt for them.

    The files go first: should the storage fail, all rows stay and it can be tried again. Asked
    twice, it answers with the receipt of the first time.

    Raises:
        OSError: the storage did not delete the photo.
    """
    first_id = search.first_search_id or search.pk
    with transaction.atomic():
        # Whoever is about to add a search of this photo waits, and then finds nothing to add to.
        found = list(ImageSearch.objects.of_one_photo(first_id).order_by("pk").select_for_update())
        photos = sum(bool(each.photo) for each in found)
        vectors = sum(each.embedding is not None for each in found)
        for each in found:
            each.photo.delete(save=False)
        ImageSearch.objects.of_one_photo(first_id).delete()
        receipt, _ = DeletionReceipt.objects.get_or_create(
            search_sha256=digest_of_search(search.pk),
            defaults={"photos": photos, "vectors": vectors},
        )
    return receipt
