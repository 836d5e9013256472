"""Model versions in the admin: their figures, two side by side, and what can be done with them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from styles import artifacts
from styles.evaluation_jobs import queue_evaluation
from styles.job_runs import run_job
from styles.models import Job, ModelVersion
from styles.pruning_jobs import queue_pruning
from tests.learnt import learnt_version, open_small_shop
from tests.pages import text_of
from tests.shop import add_photo, make_product, make_version

pytestmark = pytest.mark.django_db

SCORES = {"count": 40, "accuracy": 0.75, "macro_f1": 0.7, "top_3": 0.9, "majority_baseline": 0.4}


def page(name: str, version: ModelVersion) -> str:
    return reverse(f"admin:styles_modelversion_{name}", args=[version.pk])


def version_with_figures(accuracy: float, status: str = "trained") -> ModelVersion:
    version = make_version(status, metrics={"style": {**SCORES, "accuracy": accuracy}})
    version.metadata["history"] = [
        {"stage": "head", "epoch": epoch, "loss": 1.5 / epoch, "style_accuracy": 0.2 * epoch}
        for epoch in (1, 2, 3)
    ]
    version.save()
    return version


def store_report(version: ModelVersion, *, at: datetime) -> None:
    card = {
        **SCORES,
        "classes": [{"code": "classic"}, {"code": "punk"}, {"code": "resort"}],
        "confusion": [[30, 5, 0], [1, 4, 0], [0, 0, 0]],
        "confused_pairs": [{"true": "classic", "predicted": "punk", "count": 5, "share": 1 / 7}],
    }
    folder = f"reports/{version.number}/{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
    storage = artifacts.artifact_storage()
    numbers = json.dumps({"label_sets": {"style": card}}).encode()
    storage.save(f"{folder}/report.json", ContentFile(numbers))
    storage.save(f"{folder}/report.html", ContentFile(b"<style>p{}</style><p>In short"))


@pytest.fixture
def looks(client: Client) -> Client:
    """Sign in somebody who may look at versions and no more."""
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_modelversion"))
    client.force_login(user)
    return client


def test_a_version_shows_its_figures_curves_and_what_it_takes_for_what(
    admin_client: Client,
) -> None:
    version = version_with_figures(0.75)
    store_report(version, at=version.created_at + timedelta(seconds=1))
    response = admin_client.get(page("change", version))
    shown = response.content.decode()
    assert "75.0%" in text_of(response)
    assert shown.count('<svg class="chart"') == 2
    (confusion,) = response.context["confusions"]
    assert [column["name"] for column in confusion["columns"]] == ["Classic", "Punk"]
    cell = confusion["rows"][0]["cells"][1]
    assert (cell["count"], cell["share"], cell["kind"]) == (5, "14.3%", "wrong shade-1")
    assert "style=" not in shown
    report = admin_client.get(page("report", version))
    assert report.content.endswith(b"In short")
    assert "'unsafe-inline'" in report["Content-Security-Policy"]
    assert "script-src 'self'" in report["Content-Security-Policy"]


def test_a_report_on_a_pruned_version_of_the_same_number_is_not_shown(
    admin_client: Client,
) -> None:
    version = make_version("trained")
    store_report(version, at=version.created_at - timedelta(days=1))
    assert "Nobody has measured it yet" in text_of(admin_client.get(page("change", version)))
    assert admin_client.get(page("report", version)).status_code == 404


def test_two_versions_stand_side_by_side(admin_client: Client) -> None:
    first, second = version_with_figures(0.75), version_with_figures(0.8)
    address = reverse("admin:styles_modelversion_changelist")
    form = {"action": "compare", "_selected_action": [second.pk, first.pk]}
    response = admin_client.post(address, form, follow=True)
    assert [version.pk for version in response.context["versions"]] == [first.pk, second.pk]
    accuracy = response.context["figures"][0]
    assert accuracy["values"] == ["75.0%", "80.0%"]
    assert (accuracy["points"], accuracy["verdict"]) == ("+5.00", "better")
    form["_selected_action"] = [first.pk]
    assert "Choose two versions" in text_of(admin_client.post(address, form, follow=True))
    alone = reverse("admin:styles_modelversion_compare")
    assert admin_client.get(f"{alone}?version={first.pk}&version=x").status_code == 404


def test_the_exam_is_read_with_photos_in_place_of_json(admin_client: Client) -> None:
    serving, version = make_version("active"), make_version("trained")
    product = make_product("seen")
    photo = add_photo(product)
    version.comparison = {
        "model_version": serving.number,
        "questions": 3,
        "photos": 1,
        "mean_overlap": 0.5,
        "same_first": 0.25,
        "same_type_before": None,
        "same_type_after": None,
        "changed": [
            {
                "question": {"search": "a-photo"},
                "overlap": 0.0,
                "before": ["seen"],
                "after": ["gone"],
            }
        ],
    }
    version.save()
    job = Job.objects.create(
        kind="activate",
        parameters={"model_version": version.number},
        fingerprint="0" * 64,
        status="done",
        finished_at=version.created_at,
        result={
            "model_version": version.number,
            "previous": serving.number,
            "embedding": {"embedded": 4, "skipped": 0, "failed": 0, "photos_per_second": 1.0},
            "clusters": None,
            "comparison": version.comparison,
        },
    )
    compare = reverse("admin:styles_modelversion_compare")
    pages = (
        reverse("admin:styles_job_change", args=[job.pk]),
        page("change", version),
        f"{compare}?version={serving.pk}&version={version.pk}",
    )
    for address in pages:
        response = admin_client.get(address)
        assert "over 3 example queries. 1 of them is a photo of a shopper." in text_of(response)
        assert photo.file.url.split("/")[-1].split(".")[0] in response.content.decode()
        assert reverse("admin:products_product_change", args=[product.pk]) in str(response.content)
        assert "gone" in text_of(response)


def test_staff_activate_a_version_by_a_job(admin_client: Client) -> None:
    make_version("active")
    version = make_version("trained")
    assert page("activate", version) in admin_client.get(page("change", version)).content.decode()
    assert "Activate model version" in text_of(admin_client.get(page("activate", version)))
    refused = admin_client.post(page("activate", version), {"min_overlap": "7"})
    assert refused.status_code == 200
    assert not Job.objects.exists()
    response = admin_client.post(page("activate", version), {"min_overlap": "0.5"})
    job = Job.objects.get()
    assert response["Location"] == reverse("admin:styles_job_change", args=[job.pk])
    assert job.parameters == {"model_version": version.number, "min_overlap": 0.5}
    assert job.requested_by is not None
    assert LogEntry.objects.get().object_id == str(version.pk)


def test_staff_go_back_to_the_version_before(admin_client: Client) -> None:
    before = learnt_version(5000, status="retired")
    present = make_version("active", previous=before)
    assert "Go back to version 5000" in text_of(admin_client.get(page("change", present)))
    assert admin_client.get(page("undo", present)).status_code == 200
    assert ModelVersion.objects.active() == present
    admin_client.post(page("undo", present))
    assert ModelVersion.objects.active() == before
    # Pressed twice, it does not swing forth again.
    assert admin_client.post(page("undo", present)).status_code == 404
    assert LogEntry.objects.get().get_change_message() == "Version 5000 serves again."


def test_what_stands_in_the_way_of_going_back_is_said(admin_client: Client) -> None:
    present = make_version("active", previous=make_version("retired"))
    response = admin_client.post(page("undo", present))
    assert "cannot be used" in text_of(response)
    assert ModelVersion.objects.active() == present


def test_a_measurement_brings_a_report(admin_client: Client) -> None:
    version = learnt_version(6000)
    open_small_shop(version, is_clustered=False)
    admin_client.post(page("evaluate", version))
    job = Job.objects.get(kind="evaluate")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.result["photos"] == 12
    response = admin_client.get(page("change", version))
    assert {confusion["name"] for confusion in response.context["confusions"]} == {
        "Style",
        "Product type",
    }
    assert "Accuracy: Style" in text_of(
        admin_client.get(reverse("admin:styles_job_change", args=[job.pk]))
    )
    assert queue_evaluation(version).pk != job.pk


def test_a_version_is_pruned_by_a_job_once_staff_know_what_goes(admin_client: Client) -> None:
    serving, version = make_version("active"), make_version("retired")
    assert "For good go its files, 0 embeddings" in text_of(
        admin_client.get(page("prune", version))
    )
    assert "serves" in text_of(admin_client.get(page("prune", serving), follow=True))
    admin_client.post(page("prune", version))
    job = Job.objects.get()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done"
    assert list(ModelVersion.objects.all()) == [serving]
    assert run_job(queue_pruning(version).pk) is not None


def test_whoever_only_looks_is_led_nowhere_and_let_in_nowhere(looks: Client) -> None:
    make_version("active")
    version = make_version("trained")
    shown = looks.get(page("change", version)).content.decode()
    for name in ("activate", "evaluate", "prune", "undo"):
        assert page(name, version) not in shown
        assert looks.get(page(name, version)).status_code == 403
        assert looks.post(page(name, version)).status_code == 403
    assert not Job.objects.exists()
