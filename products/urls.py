"""Addresses of the storefront."""

from __future__ import annotations

from django.urls import path, re_path

from products import views

app_name = "products"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/<uuid:pk>/", views.search_result, name="search_result"),
    path("search/<uuid:pk>/delete/", views.search_delete, name="search_delete"),
    path("products/", views.product_list, name="list"),
    path("products/<int:pk>/look/", views.product_look, name="look"),
    # The key stands last, so that the name before it may change.
    re_path(
        r"^products/(?:(?P<slug>[-\w]+)-)?(?P<pk>\d{1,18})/$", views.product_detail, name="detail"
    ),
]
