"""What staff decided where a product's label and a model's differ; via ``products.models``."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from products.models.product import Product


class LabelReview(models.Model):
    """A label of a product that somebody has looked at; it holds while the product carries it."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="label_reviews")
    label_set = models.CharField(_("label set"), max_length=40)
    label = models.CharField(_("label"), max_length=100)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), auto_now=True)

    class Meta:
        verbose_name = _("label review")
        verbose_name_plural = _("label reviews")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "label_set"), name="one_review_per_product_and_label_set"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id}: {self.label_set} {self.label}"
