"""Addresses of the API that know the shopper, version 1."""

from __future__ import annotations

from django.urls import path

from shoppers.api import views
from shoppers.insights.api import InsightsView

app_name = "shoppers_api"

urlpatterns = [
    path("events/", views.EventsView.as_view(), name="events"),
    path("taste/", views.TasteView.as_view(), name="taste"),
    path("recommendations/", views.RecommendationsView.as_view(), name="recommendations"),
    path("trends/", views.TrendsView.as_view(), name="trends"),
    path("insights/", InsightsView.as_view(), name="insights"),
]
