"""What the API says of image searches and takes to start one, as serializers; for its views."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from products.api.parameters import FILTERS, TRUTH
from products.filters import FALSE_WORDS, TRUE_WORDS
from products.messages import failure_sentence
from products.models import ImageSearch
from products.outcomes import Outcome, search_outcome

_FRACTION: Final = r"0|1|0\.[0-9]{1,6}"


class ShareSerializer(serializers.Serializer[Any]):
    """A part of a mix."""

    code = serializers.CharField()
    name = serializers.CharField()
    probability = serializers.FloatField()


class ClusterShareSerializer(serializers.Serializer[Any]):
    """The predicted style group."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    probability = serializers.FloatField()


class OutcomeSerializer(serializers.Serializer[Outcome]):
    """What a photo shows; a mix is empty where the model version has not learnt it."""

    cluster = ClusterShareSerializer(allow_null=True)
    styles = ShareSerializer(many=True)
    style_groups = ShareSerializer(many=True)
    product_types = ShareSerializer(many=True)


class SearchErrorSerializer(serializers.Serializer[Any]):
    """Why a search failed."""

    code = serializers.CharField()
    detail = serializers.CharField()


class ImageSearchSerializer(serializers.ModelSerializer[ImageSearch]):
    """An image search: its state and, when done, what the photo shows."""

    error = serializers.SerializerMethodField()
    error_code = serializers.CharField(help_text="Empty unless the search failed.")
    model_version = serializers.IntegerField(
        source="model_version.number", default=None, allow_null=True
    )
    cluster = serializers.SerializerMethodField()
    styles = serializers.SerializerMethodField()
    style_groups = serializers.SerializerMethodField()
    product_types = serializers.SerializerMethodField()
    photo = serializers.SerializerMethodField()
    heat_map = serializers.SerializerMethodField(help_text="Picture of where the model looked.")
    crop = serializers.ListField(
        child=serializers.FloatField(),
        help_text="x, y, width and height of the box looked at, 0 to 1; empty for all of it.",
    )
    results = serializers.SerializerMethodField(help_text="Where the products are.")

    class Meta:
        model = ImageSearch
        fields = (
            "id",
            "status",
            "error_code",
            "error",
            "model_version",
            "cluster",
            "styles",
            "style_groups",
            "product_types",
            "photo",
            "heat_map",
            "crop",
            "results",
            "created_at",
            "finished_at",
            "expires_at",
        )

    def to_representation(self, instance: ImageSearch) -> dict[str, Any]:
        """Return the search with its outcome, worked out once."""
        self._outcome = OutcomeSerializer(search_outcome(instance)).data
        return super().to_representation(instance)

    @extend_schema_field(SearchErrorSerializer(allow_null=True))
    def get_error(self, search: ImageSearch) -> dict[str, str] | None:
        """Return code and sentence of a failed search."""
        if not search.error_code:
            return None
        return {"code": search.error_code, "detail": failure_sentence(search.error_code)}

    @extend_schema_field(ClusterShareSerializer(allow_null=True))
    def get_cluster(self, search: ImageSearch) -> Any:
        """Return the predicted style group."""
        return self._outcome["cluster"]

    @extend_schema_field(ShareSerializer(many=True))
    def get_styles(self, search: ImageSearch) -> Any:
        """Return the style mix."""
        return self._outcome["styles"]

    @extend_schema_field(ShareSerializer(many=True))
    def get_style_groups(self, search: ImageSearch) -> Any:
        """Return the style mix over the 10 groups."""
        return self._outcome["style_groups"]

    @extend_schema_field(ShareSerializer(many=True))
    def get_product_types(self, search: ImageSearch) -> Any:
        """Return what kind of product the photo shows."""
        return self._outcome["product_types"]

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_photo(self, search: ImageSearch) -> str | None:
        """Return the address of the stored photo."""
        return self._absolute(search.photo.url) if search.photo else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_heat_map(self, search: ImageSearch) -> str | None:
        """Return the address of the heat map, or null where none was kept."""
        if not search.heat_map:
            return None
        return self._absolute(reverse("api:image-search-heat-map", args=[search.pk]))

    @extend_schema_field(serializers.URLField())
    def get_results(self, search: ImageSearch) -> str:
        """Return the address of the products found."""
        return self._absolute(reverse("api:image-search-results", args=[search.pk]))

    def _absolute(self, address: str) -> str:
        request = self.context.get("request")
        return request.build_absolute_uri(address) if request else address


def _form_field(each: OpenApiParameter) -> dict[str, Any]:
    """Return the schema of a filter as the field of a form, where everything is text."""
    shape: dict[str, Any] = dict(each.type)  # type: ignore[arg-type]  # Ours are all schemas.
    if shape == TRUTH:
        shape = {"type": "string", "enum": sorted(TRUE_WORDS | FALSE_WORDS)}
    return {**shape, "description": each.description}


IMAGE_SEARCH_REQUEST: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What a search starts from: a photo, and filters for what is found.",
    "properties": {
        "image": {
            "type": "string",
            "format": "binary",
            "description": "JPEG, PNG, WebP, AVIF or GIF, at most 10 MB.",
        },
        "photo_of": {
            "type": "string",
            "format": "uuid",
            "description": "In place of `image`: the id of a search of yours. Its photo is looked "
            "at again; filters that are not given stay as they were.",
        },
        "crop": {
            "type": "string",
            "pattern": f"^(({_FRACTION})(,({_FRACTION})){{3}})?$",
            "description": "Look at this box alone: `x,y,width,height` as fractions of the photo.",
            "examples": ["0.1,0.2,0.5,0.6"],
        },
        **{each.name: _form_field(each) for each in FILTERS},
    },
    "oneOf": [{"required": ["image"]}, {"required": ["photo_of"]}],
}
