"""What pixels alone tell of product photos, whatever the model version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from products.models.product import ProductImage


class PhotoTraits(models.Model):
    """The palette and the fingerprint of a product photo; written when it is embedded.

    A narrow table of its own: cards read photos all the time and need neither, and neither changes
    with the model version, as classifications do.
    """

    image = models.OneToOneField(
        ProductImage, primary_key=True, on_delete=models.CASCADE, related_name="traits"
    )
    palette: models.JSONField[list[tuple[str, float]]] = models.JSONField(
        help_text=_("Colours such as #1a2b3c with their shares, the largest first.")
    )
    fingerprint = models.BinaryField(
        max_length=32, help_text=_("256 bits of perceptual hash; all zero without contrast.")
    )

    class Meta:
        verbose_name = _("traits of a photo")
        verbose_name_plural = _("traits of photos")

    def __str__(self) -> str:
        return f"image {self.image_id}"
