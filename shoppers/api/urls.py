"""Addresses of the API that know the shopper, version 1."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "shoppers_api"

urlpatterns: list[URLPattern] = []
