"""Every page of the small shop by name, for tests that look at all of them."""

from __future__ import annotations

from django.urls import reverse

from products.models import Product, ProductEmbedding
from styles.models import Cluster, ModelVersion
from tests.shop import make_product, make_search


def page_addresses() -> dict[str, str]:
    """Return name -> address, having made the searches and the odd product they need."""
    version = ModelVersion.objects.get()
    embedding = ProductEmbedding.objects.order_by("product_id")[0].embedding
    done = make_search(version, embedding, cluster=Cluster.objects.in_force()[0])
    failed = make_search(version, embedding, status="failed", error_code="image_truncated")
    bare = make_product("BARE", name="Without photo", price=None)
    return {
        "home": reverse("products:home"),
        "list": reverse("products:list"),
        "filtered list": f"{reverse('products:list')}?colour=Red&min_price=11000",
        "empty list": f"{reverse('products:list')}?min_price=9000000",
        "wrong filter": f"{reverse('products:list')}?min_price=cheap",
        "styles": reverse("products:groups"),
        "style group": reverse("products:group", args=["subculture"]),
        "cluster": reverse("products:cluster", args=[Cluster.objects.in_force()[0].number]),
        "lost cluster": reverse("products:cluster", args=[999]),
        "product": Product.objects.earliest("pk").get_absolute_url(),
        "bare product": bare.get_absolute_url(),
        "upload": reverse("products:search"),
        "result": done.get_absolute_url(),
        "refined result": f"{done.get_absolute_url()}?mix=casual:1&unlike=KF-001&sort=price",
        "why": reverse("products:search_why", args=[done.pk, "KF-000"]),
        "failed search": failed.get_absolute_url(),
        "trending": reverse("shoppers:trending"),
        "for you": reverse("shoppers:for_you"),
        "privacy": reverse("products:privacy"),
        "not found": "/nowhere/",
    }
