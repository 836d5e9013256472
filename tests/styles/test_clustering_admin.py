"""Clusterings in the admin: names that staff give, and the page that groups products anew."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from styles.clustering import recluster
from styles.job_leases import take_lease
from styles.models import Cluster, Clustering, Job, ModelVersion
from tests.shop import fill_two_groups

pytestmark = pytest.mark.django_db

LIST = "admin:styles_clustering_changelist"
PAGE = "admin:styles_clustering_change"
RECLUSTER = "admin:styles_clustering_recluster"


@pytest.fixture
def shop(version: ModelVersion) -> ModelVersion:
    """Open a shop of three coats and two shirts, in two clusters."""
    fill_two_groups(version, coats=3, shirts=2)
    recluster(version, clusters=2)
    return version


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff"))
    return client


def rename(staff: Client, **changed: str) -> None:
    """Save the page of the clustering in force with some fields of its first cluster changed."""
    clustering = Clustering.objects.get(status="active")
    form = {"clusters-TOTAL_FORMS": "2", "clusters-INITIAL_FORMS": "2"}
    for place_, cluster in enumerate(clustering.clusters.all()):
        fields = {
            "id": str(cluster.pk),
            "clustering": str(clustering.pk),
            "name_ko": cluster.name_ko,
            "name_en": cluster.name_en,
        }
        if cluster.is_named_by_staff:
            fields["is_named_by_staff"] = "on"
        fields |= changed if place_ == 0 else {}
        form |= {f"clusters-{place_}-{name}": text for name, text in fields.items() if text}
    response = staff.post(reverse(PAGE, args=[clustering.pk]), form)
    assert response.status_code == 302, response.content.decode()


@pytest.mark.parametrize("field", ["name_ko", "name_en"])
def test_a_name_that_staff_gave_in_either_language_survives(
    shop: ModelVersion, staff: Client, field: str
) -> None:
    rename(staff, **{field: "봄 외투"})
    assert list(Cluster.objects.values_list("is_named_by_staff", flat=True)) == [True, False]
    names = Cluster.objects.in_force().get(number=0)
    result = recluster(shop, clusters=2)
    kept = Cluster.objects.in_force().get(number=0)
    assert (kept.name_ko, kept.name_en) == (names.name_ko, names.name_en)
    assert (getattr(kept, field), kept.is_named_by_staff) == ("봄 외투", True)
    assert result.clusters[0].is_named_by_staff


def test_staff_can_have_a_name_made_again(shop: ModelVersion, staff: Client) -> None:
    rename(staff, name_en="Spring coats")
    rename(staff, is_named_by_staff="")
    recluster(shop, clusters=2)
    cluster = Cluster.objects.in_force().get(number=0)
    assert (cluster.name_en, cluster.is_named_by_staff) == ("Coats", False)


def test_staff_have_the_products_grouped_or_try_it_out(shop: ModelVersion, staff: Client) -> None:
    assert reverse(RECLUSTER) in staff.get(reverse(LIST)).content.decode()
    assert staff.get(reverse(RECLUSTER)).status_code == 200
    response = staff.post(reverse(RECLUSTER), {"clusters": "", "dry_run": "on"})
    job = Job.objects.get()
    assert response["Location"] == reverse("admin:styles_job_change", args=[job.pk])
    assert job.parameters == {"model_version": shop.number, "dry_run": True}
    assert job.requested_by == User.objects.get()
    staff.post(reverse(RECLUSTER), {"clusters": "3"})
    assert Job.objects.latest("pk").parameters == {"model_version": shop.number, "clusters": 3}


def test_what_cannot_be_started_is_said_on_the_page(shop: ModelVersion, staff: Client) -> None:
    text = staff.post(reverse(RECLUSTER), {"clusters": "0"}).content.decode()
    assert "greater than or equal to 1" in text
    staff.post(reverse(RECLUSTER), {"clusters": "3"})
    take_lease(Job.objects.get().pk, is_inline=False)
    text = staff.post(reverse(RECLUSTER), {"clusters": "2"}).content.decode()
    assert "is at this already" in text
    ModelVersion.objects.update(status="retired")
    text = staff.post(reverse(RECLUSTER), {}).content.decode()
    assert "No model version is active" in text


def test_whoever_may_not_start_jobs_does_not_find_the_page(
    shop: ModelVersion, client: Client
) -> None:
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_clustering"))
    client.force_login(user)
    assert reverse(RECLUSTER) not in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse(RECLUSTER)).status_code == 403
