"""Addresses of the API, version 1."""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from access.views import problem_list, problem_page
from products.api import (
    heat_map_views,
    image_search_views,
    imports,
    receipts,
    search_views,
    style_views,
    views,
)
from products.api.complements import ComplementsView
from products.api.root import RootView

app_name = "api"

urlpatterns = [
    path("", RootView.as_view(), name="root"),
    path(
        "image-searches/", image_search_views.ImageSearchListView.as_view(), name="image-searches"
    ),
    path(
        "image-searches/<uuid:pk>/",
        image_search_views.ImageSearchView.as_view(),
        name="image-search",
    ),
    path(
        "image-searches/<uuid:pk>/results/",
        search_views.ImageSearchResultsView.as_view(),
        name="image-search-results",
    ),
    path(
        "image-searches/<uuid:pk>/heat-map/",
        heat_map_views.ImageSearchHeatMapView.as_view(),
        name="image-search-heat-map",
    ),
    path(
        "deletion-receipts/<uuid:pk>/",
        receipts.DeletionReceiptView.as_view(),
        name="deletion-receipt",
    ),
    path("imports/", imports.ImportListView.as_view(), name="imports"),
    path("imports/<int:pk>/", imports.ImportView.as_view(), name="import"),
    path("imports/<int:pk>/refused/", imports.RefusedRowsView.as_view(), name="import-refused"),
    path("imports/<int:pk>/<slug:action>/", imports.ImportActionView.as_view(), name="import-do"),
    path("products/", views.ProductListView.as_view(), name="products"),
    path("products/<str:sku>/", views.ProductView.as_view(), name="product"),
    path("products/<str:sku>/similar/", search_views.SimilarProductsView.as_view(), name="similar"),
    path("products/<str:sku>/complements/", ComplementsView.as_view(), name="complements"),
    # Not below products/, where a SKU could have the same name.
    path("look-alikes/", search_views.LookAlikesView.as_view(), name="look-alikes"),
    path("styles/", style_views.StyleListView.as_view(), name="styles"),
    path("styles/<slug:code>/", style_views.StyleView.as_view(), name="style"),
    path("clusters/", style_views.ClusterListView.as_view(), name="clusters"),
    path("clusters/<int:number>/", style_views.ClusterView.as_view(), name="cluster"),
    path("problems/", problem_list, name="problems"),
    path("problems/<slug:code>/", problem_page, name="problem"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    # Line ends too, which a dot does not match.
    re_path(r"^[\s\S]*$", views.NotFoundView.as_view()),
]
