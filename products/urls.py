"""Addresses of the storefront."""

from __future__ import annotations

from django.urls import path, re_path

from products.thumbnails import PHOTO_NAME, WIDTHS
from products.views import (
    catalogue,
    groups,
    home,
    pending,
    privacy,
    refining,
    results,
    thumbnails,
    uploads,
)

app_name = "products"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", uploads.search, name="search"),
    path("search/<uuid:pk>/", results.search_result, name="search_result"),
    path("search/<uuid:pk>/waiting/<int:asked>/", pending.search_waiting, name="search_waiting"),
    path("search/<uuid:pk>/heat-map/", pending.search_heat_map, name="search_heat_map"),
    path("search/<uuid:pk>/again/", uploads.search_part, name="search_again"),
    path("search/<uuid:pk>/found/", refining.search_found, name="search_found"),
    path("search/<uuid:pk>/why/<str:sku>/", refining.search_why, name="search_why"),
    path("search/<uuid:pk>/delete/", privacy.search_delete, name="search_delete"),
    path("receipts/<uuid:pk>/", privacy.deletion_receipt, name="deletion_receipt"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("products/", catalogue.product_list, name="list"),
    path("products/found/", catalogue.product_found, name="list_found"),
    path("products/<int:pk>/look/", catalogue.product_look, name="look"),
    path("styles/", groups.group_list, name="groups"),
    path("styles/<slug:code>/", groups.group_detail, name="group"),
    path("groups/<int:number>/", groups.cluster_detail, name="cluster"),
    re_path(
        rf"^thumbnails/(?P<width>{'|'.join(map(str, WIDTHS))})/(?P<name>{PHOTO_NAME})\Z",
        thumbnails.thumbnail,
        name="thumbnail",
    ),
    # The key stands last, so that the name before it may change.
    re_path(
        r"^products/(?:(?P<slug>[-\w]+)-)?(?P<pk>\d{1,18})/$",
        catalogue.product_detail,
        name="detail",
    ),
]
