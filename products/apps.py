"""Django's entry to the products app."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """Offers the catalogue to the styles app and listens for new photos."""

    name = "products"
    verbose_name = _("Products")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from products import checks, import_jobs, receivers  # noqa: F401 - they register
        from products.catalogue import ProductCatalogue
        from products.staff_groups import make_staff_groups
        from styles.catalogue import register_catalogue

        register_catalogue(ProductCatalogue())
        post_migrate.connect(make_staff_groups, sender=self)
