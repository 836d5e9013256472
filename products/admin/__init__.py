"""Admin pages of the products app, by what they show."""

from products.admin import catalogue, imports, searches  # noqa: F401 - they register
