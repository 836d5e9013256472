"""Addresses of the pages that know the shopper."""

from __future__ import annotations

from django.urls import path

from shoppers.views import likes, pages, remembering

app_name = "shoppers"

urlpatterns = [
    path("for-you/", pages.for_you, name="for_you"),
    path("for-you/shelf/", pages.shelf, name="shelf"),
    path("for-you/settings/", remembering.settings, name="settings"),
    path("for-you/answer/", remembering.answer, name="answer"),
    path("for-you/forget/", remembering.forget, name="forget"),
    path("for-you/like/<int:pk>/", likes.like, name="like"),
    path("for-you/recent/", likes.recent, name="recent"),
    path("trending/", pages.trending, name="trending"),
]
