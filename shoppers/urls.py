"""Addresses of the pages that know the shopper."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "shoppers"

urlpatterns: list[URLPattern] = []
