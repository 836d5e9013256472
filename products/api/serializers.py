"""What the API says of products and lists, and the form of its problems, as serializers.

They are also the source of the OpenAPI schema.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from products.api.match_serializers import (
    ExplanationSerializer,
    FacetsSerializer,
    MatchSerializer,
)
from products.api.product_facts import ProductFacts, facts_of
from products.models import Product
from products.outcomes import ProductHit
from styles.models import Style


class StyleReferenceSerializer(serializers.Serializer[Style]):
    """A style with its name in the caller's language."""

    code = serializers.CharField()
    name = serializers.CharField()


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product as every listing shows it."""

    name = serializers.CharField(source="display_name")
    url = serializers.SerializerMethodField(help_text="The product's page in this shop.")
    shop_url = serializers.CharField(source="url", help_text="Its address elsewhere, or empty.")
    image = serializers.SerializerMethodField(help_text="Its first photo, or null.")
    cluster = serializers.SerializerMethodField(help_text="Cluster number, or null.")
    styles = StyleReferenceSerializer(many=True, read_only=True)
    style_group = serializers.SerializerMethodField(help_text="Style group code, or null.")

    class Meta:
        model = Product
        fields = (
            "sku",
            "name",
            "brand",
            "url",
            "shop_url",
            "image",
            "price",
            "currency",
            "stock",
            "gender",
            "category",
            "colour",
            "styles",
            "style_group",
            "cluster",
            "attributes",
        )

    @extend_schema_field(serializers.URLField())
    def get_url(self, product: Product) -> str:
        """Return the absolute address of the product page."""
        return self._absolute(product.get_absolute_url())

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_image(self, product: Product) -> str | None:
        """Return the absolute address of the first photo."""
        return self._image(facts_of(product))

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_cluster(self, product: Product) -> int | None:
        """Return the number of the product's cluster in force."""
        return facts_of(product).cluster

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_style_group(self, product: Product) -> str | None:
        """Return the code of the product's style group."""
        return facts_of(product).style_group

    def to_representation(self, instance: Product) -> dict[str, Any]:
        """Return what the fields above say, in their order.

        Written out, for a list has a hundred of them: asking each field took five times as long.
        """
        facts = facts_of(instance)
        return {
            "sku": instance.sku,
            "name": instance.display_name,
            "brand": instance.brand,
            "url": self.get_url(instance),
            "shop_url": instance.url,
            "image": self._image(facts),
            "price": None if instance.price is None else f"{instance.price:.2f}",
            "currency": instance.currency,
            "stock": instance.stock,
            "gender": instance.gender,
            "category": instance.category,
            "colour": instance.colour,
            "styles": facts.styles,
            "style_group": facts.style_group,
            "cluster": facts.cluster,
            "attributes": instance.attributes,
        }

    def _image(self, facts: ProductFacts) -> str | None:
        return self._absolute(facts.photo) if facts.photo else None

    def _absolute(self, address: str) -> str:
        # A bucket's addresses are whole already.
        return f"{self._origin}{address}" if address.startswith("/") else address

    @cached_property
    def _origin(self) -> str:
        request = self.context.get("request")
        return request.build_absolute_uri("/")[:-1] if request else ""


class HitSerializer(serializers.Serializer[ProductHit]):
    """A product found, and how near it is."""

    rank = serializers.IntegerField(source="hit.rank", help_text="From 1.")
    distance = serializers.FloatField(source="hit.distance", help_text="Cosine distance, 0 to 2.")
    similarity = serializers.FloatField(source="hit.similarity", help_text="1 - distance.")
    in_group = serializers.BooleanField(
        source="hit.is_in_group", help_text="Whether it lies in the predicted style group."
    )
    scores = serializers.DictField(
        source="hit.scores",
        child=serializers.FloatField(),
        help_text="What a reordered list went by: `likeness`, each wish, `total`; 0 to 1.",
    )
    match = MatchSerializer(
        allow_null=True, help_text="Null until the model version has been calibrated."
    )
    explanation = ExplanationSerializer(allow_null=True, help_text="Null unless `explain=1`.")
    product = ProductSerializer()

    def to_representation(self, instance: ProductHit) -> dict[str, Any]:
        """Return what the fields above say, in their order; written out, as for products."""
        hit, match, explanation = instance.hit, instance.match, instance.explanation
        told = match and {
            "grade": match.grade.value,
            "name": match.name,
            "percent": match.percent,
        }
        return {
            "rank": hit.rank,
            "distance": hit.distance,
            "similarity": hit.similarity,
            "in_group": hit.is_in_group,
            "scores": hit.scores,
            "match": told,
            "explanation": explanation and ExplanationSerializer(explanation).data,
            "product": self._of_products.to_representation(instance.product),
        }

    @cached_property
    def _of_products(self) -> ProductSerializer:
        # Not the field: for it, every field of both serializers would be copied for each request.
        return ProductSerializer(context=self.context)


class ListingSerializer(serializers.Serializer[dict[str, Any]]):
    """What every list carries."""

    count = serializers.IntegerField(help_text="How many match in all.")
    count_is_exact = serializers.BooleanField(
        help_text="False where counting was cut short: at least `count` match."
    )
    next_cursor = serializers.CharField(
        allow_null=True, help_text="Pass as `cursor` for the next part; null at the end."
    )
    facets = FacetsSerializer(allow_null=True, help_text="Null unless `facets=1`.")


class ProductListSerializer(ListingSerializer):
    """A part of the catalogue."""

    results = ProductSerializer(many=True)


class HitListSerializer(ListingSerializer):
    """A part of the products found."""

    has_close_match = serializers.BooleanField(
        allow_null=True,
        help_text="Whether anything that matches comes close; null where nobody can tell.",
    )
    results = HitSerializer(many=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457) with a stable code."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # A member's name.
