"""What the shop sells: products and their stored photos."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from products import conf
from products.querysets import ProductImageQuerySet, ProductQuerySet, assignments_in_force
from styles.languages import is_korean
from styles.models import Cluster, Style, StyleGroup

if TYPE_CHECKING:
    from products.models.embedding import ClusterAssignment


def default_currency() -> str:
    """Return the shop's currency code; a function so that migrations do not freeze it."""
    currency: str = conf.get("DEFAULT_CURRENCY")
    return currency


def product_photo_path(instance: models.Model, filename: str) -> str:
    """Return a random storage name: what the sender called the file is never used."""
    name = uuid.uuid4().hex
    return f"products/{name[:2]}/{name}.jpg"


def _shown_by(key: str | Upper, *columns: str, name: str) -> models.Index:
    """Return an index by a key over all that decides whether a product is shown.

    Args:
        key: a column, or an expression over ``columns``, which are stored beside it.
    """
    expression = models.F(key) if isinstance(key, str) else key
    stored = {"id", "is_published", "stock", *columns} - {key}
    return models.Index(expression, name=name, include=sorted(stored))


class Product(models.Model):
    """Something the shop sells. Prices and stock may be unknown: many feeds carry neither."""

    class Gender(models.TextChoices):
        WOMEN = "women", _("Women")
        MEN = "men", _("Men")
        GIRLS = "girls", _("Girls")
        BOYS = "boys", _("Boys")
        UNISEX = "unisex", _("Unisex")

    sku = models.CharField(
        _("SKU"),
        max_length=64,
        unique=True,
        validators=(RegexValidator(r"^[\w.:+-]+\Z", _("Use letters, digits and . : + - _ only.")),),
    )
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("Korean name"), max_length=200, blank=True)
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    price = models.DecimalField(
        _("price"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=(MinValueValidator(0),),
    )
    currency = models.CharField(_("currency"), max_length=3, default=default_currency)
    stock = models.PositiveIntegerField(
        _("stock"), null=True, blank=True, help_text=_("Empty: not tracked, always available.")
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    category = models.CharField(_("category"), max_length=100, blank=True)
    colour = models.CharField(_("colour"), max_length=60, blank=True)
    url = models.URLField(_("address in the shop"), max_length=500, blank=True)
    styles = models.ManyToManyField(Style, blank=True, related_name="products")
    style_group = models.ForeignKey(
        StyleGroup,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="products",
        help_text=_("Where only the group is known, not the style."),
    )
    # Codes of the styles and of their groups, kept by the database itself; for filters.
    style_codes = ArrayField(models.CharField(max_length=40), default=list, editable=False)
    attributes: models.JSONField[dict[str, Any]] = models.JSONField(
        _("attributes"), default=dict, blank=True
    )
    is_published = models.BooleanField(_("published"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ProductQuerySet.as_manager()

    # Filled by the prefetch of the same name.
    assignments_in_force: list[ClusterAssignment]

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = (
            # One for each filter, in capitals where case does not count. Each holds all that tells
            # whether a product is shown, so that thousands are found without reading their rows.
            # Gender and price are what shoppers most often add to the others.
            _shown_by(Upper("category"), "category", "gender", "price", name="product_by_category"),
            _shown_by(Upper("colour"), "colour", "gender", "price", name="product_by_colour"),
            _shown_by(Upper("brand"), "brand", "gender", "price", name="product_by_brand"),
            _shown_by("gender", name="product_by_gender"),
            _shown_by("price", name="product_by_price"),
            GinIndex(fields=["style_codes"], name="product_by_style_code"),
            _shown_by("id", name="product_shown"),
            # Words are looked for anywhere in a name, which is what trigrams are for.
            models.Index(Upper("sku"), name="product_by_sku"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="product_by_name"),
            GinIndex(OpClass(Upper("name_ko"), "gin_trgm_ops"), name="product_by_name_ko"),
            GinIndex(OpClass(Upper("brand"), "gin_trgm_ops"), name="product_by_brand_words"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="price_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sku} {self.display_name}"

    def get_absolute_url(self) -> str:
        """Return the product page; the key at its end survives a change of name."""
        slug = slugify(self.name)
        named = {"slug": slug} if slug else {}
        return reverse("products:detail", kwargs={**named, "pk": self.pk})

    @property
    def display_name(self) -> str:
        """The name in the active language; the other one where it is missing."""
        if is_korean() and self.name_ko:
            return self.name_ko
        return self.name

    @property
    def is_sold_out(self) -> bool:
        """Whether stock is tracked and none is left."""
        return self.stock == 0

    @property
    def is_drawn(self) -> bool:
        """Whether this is a picture of the drawn sample catalogue, which pages must say."""
        return bool(self.attributes.get("drawn") == "yes")

    @property
    def has_demo_price(self) -> bool:
        """Whether the price was made up for a demonstration, which pages must say."""
        return bool(self.attributes.get("demo_price"))

    @property
    def first_image(self) -> ProductImage | None:
        """The photo shown on cards. Prefetch ``images`` before asking many products."""
        return next(iter(self.images.all()), None)

    @property
    def cluster_number(self) -> int | None:
        """The number of its cluster in force. ``for_cards()`` prefetches it."""
        cluster = self.current_cluster
        return cluster.number if cluster else None

    @property
    def current_cluster(self) -> Cluster | None:
        """Its cluster under the clustering in force, or None before there is one."""
        if not hasattr(self, "assignments_in_force"):
            models.prefetch_related_objects([self], assignments_in_force())
        assignment = next(iter(self.assignments_in_force), None)
        return assignment.cluster if assignment else None

    @property
    def main_style_group(self) -> StyleGroup | None:
        """The group of its main style, or the group it is labelled with, or None."""
        style = next(iter(self.styles.all()), None)
        return style.group if style else self.style_group


class ProductImage(models.Model):
    """A stored photo of a product: a clean JPEG, re-encoded from what came in."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    file = models.FileField(_("photo"), upload_to=product_photo_path)
    sha256 = models.CharField(
        max_length=64,
        editable=False,
        help_text=_("Of the bytes that came in: tells whether an import changes the photo."),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    embedding_queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    error_code = models.CharField(
        _("error"),
        max_length=60,
        blank=True,
        editable=False,
        help_text=_("Why this photo cannot be embedded; empty when it can."),
    )

    objects = ProductImageQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("product photo")
        verbose_name_plural = _("product photos")
        constraints = (
            models.UniqueConstraint(fields=("product", "sha256"), name="unique_photo_of_product"),
        )
        indexes = (
            # Few fail: staff find them among a million without reading the others.
            models.Index(
                fields=("product",), condition=~Q(error_code=""), name="failed_photo_by_product"
            ),
        )

    def __str__(self) -> str:
        return str(self.file.name)
