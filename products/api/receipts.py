"""The endpoint that shows the receipt for a deleted photo."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api.problems import PROBLEMS
from products.models import DeletionReceipt


class DeletionReceiptSerializer(serializers.ModelSerializer[DeletionReceipt]):
    """What was deleted, and when."""

    number = serializers.CharField(help_text="What people call it by.", read_only=True)

    class Meta:
        model = DeletionReceipt
        fields = ("id", "number", "deleted_at", "photos", "vectors", "search_sha256")
        read_only_fields = fields


class DeletionReceiptView(APIView):
    """One receipt."""

    @extend_schema(
        operation_id="deletion_receipt_retrieve",
        responses={200: DeletionReceiptSerializer, **PROBLEMS},
    )
    def get(self, request: Request, pk: str) -> Response:
        """Return how many photos and vectors were deleted for a search, and when."""
        return Response(DeletionReceiptSerializer(get_object_or_404(DeletionReceipt, pk=pk)).data)
