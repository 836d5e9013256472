"""Groups of staff with the permissions that their work takes; made after the first migration.

Connected in ``products.apps``. A group that is there is left alone: the shop may change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

LOOKED_AT: Final = ("styles", "products", "shoppers")
# Group -> app -> what it may do beside looking at all of LOOKED_AT.
GROUPS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "Buyer": {
        "products": (
            *("add_product", "change_product", "delete_product"),
            *("add_productimage", "change_productimage", "delete_productimage"),
            *("add_catalogueimport", "change_catalogueimport"),
            *("add_columnmapping", "change_columnmapping"),
        ),
    },
    "Merchandiser": {
        "products": ("change_product", "add_labelreview", "change_labelreview"),
        "styles": ("change_clustering", "change_cluster"),
    },
    "Operator": {
        "products": ("delete_imagesearch",),
        "styles": (
            *("add_job", "change_job", "change_clustering", "change_cluster"),
            *("change_modelversion", "delete_modelversion"),
        ),
        "access": ("view_appkey", "add_appkey", "change_appkey"),
        "webhooks": (
            *("view_webhookendpoint", "add_webhookendpoint", "change_webhookendpoint"),
            *("delete_webhookendpoint", "view_webhookdelivery", "change_webhookdelivery"),
        ),
    },
}


def make_staff_groups(using: str, **kwargs: Any) -> None:
    """Create the groups that are missing, with those permissions that this shop has."""
    missing = set(GROUPS) - set(Group.objects.using(using).values_list("name", flat=True))
    if not missing:
        return
    # Apps that come after this one have not made theirs yet.
    for label in {*LOOKED_AT, *(label for grants in GROUPS.values() for label in grants)}:
        if installed_apps.is_installed(label):
            create_permissions(installed_apps.get_app_config(label), verbosity=0, using=using)
    for name in sorted(missing):
        chosen = Q(content_type__app_label__in=LOOKED_AT, codename__startswith="view_")
        for label, codenames in GROUPS[name].items():
            chosen |= Q(content_type__app_label=label, codename__in=codenames)
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(Permission.objects.using(using).filter(chosen))
