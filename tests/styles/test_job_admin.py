from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from styles.jobs import cancel_job, start_job
from styles.models import Job
from styles.training_jobs import queue_training
from tests.counting import COUNT
from tests.shop import make_version

pytestmark = pytest.mark.django_db

LIST = "admin:styles_job_changelist"
PAGE = "admin:styles_job_change"
TRAIN = "admin:styles_modelversion_train"


@pytest.fixture
def staff_client(client: Client) -> Callable[..., Client]:
    """Give a function that signs in somebody with these permissions and no others."""

    def sign_in(*codenames: str) -> Client:
        user = User.objects.create_user("staff", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


def running_job() -> Job:
    now = timezone.now()
    job = queue_training({"datasets": ["catalogue"]})
    Job.objects.filter(pk=job.pk).update(
        status="running",
        leased_until=now + timedelta(minutes=1),
        stage="epochs",
        done=3,
        total=12,
        stage_started_at=now - timedelta(seconds=6),
        progressed_at=now,
        attempts=2,
    )
    job.refresh_from_db()
    return job


def text_of(client: Client, name: str, *arguments: int) -> str:
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_list_and_page_show_how_far_a_job_is_and_load_themselves_again(
    admin_client: Client,
) -> None:
    job = running_job()
    for page in (text_of(admin_client, LIST), text_of(admin_client, PAGE, job.pk)):
        assert 'value="0.2500"' in page
        assert "epochs 3 / 12" in page
        assert "0:00:18" in page
        assert "kfashion/live.js" in page
        assert '<meta http-equiv="refresh" content="5">' in page
    assert "save" not in text_of(admin_client, PAGE, job.pk).lower().split("submit-row")[-1]


def test_pages_of_what_has_ended_stand_still_and_say_why(admin_client: Client) -> None:
    job = running_job()
    Job.objects.update(
        status="failed", leased_until=None, finished_at=timezone.now(), error_message="No photos."
    )
    for page in (text_of(admin_client, LIST), text_of(admin_client, PAGE, job.pk)):
        assert "No photos." in page
        assert "kfashion/live.js" not in page


def test_a_finished_training_leads_to_its_version(admin_client: Client) -> None:
    version = make_version()
    job = running_job()
    Job.objects.update(
        status="done",
        leased_until=None,
        finished_at=timezone.now(),
        result={"model_version": version.number},
    )
    address = reverse("admin:styles_modelversion_change", args=[version.pk])
    assert f'href="{address}"' in text_of(admin_client, PAGE, job.pk)


def test_a_kind_that_this_process_does_not_know_is_listed_by_name(admin_client: Client) -> None:
    Job.objects.create(kind="dance", parameters={}, fingerprint="0" * 64)
    assert "dance" in text_of(admin_client, LIST)


def test_a_job_is_cancelled_and_tried_again_by_its_buttons(admin_client: Client) -> None:
    job = start_job(COUNT, {"steps": 1})
    cancel = reverse("admin:styles_job_cancel", args=[job.pk])
    again = reverse("admin:styles_job_try_again", args=[job.pk])
    page = text_of(admin_client, PAGE, job.pk)
    assert cancel in page
    assert again not in page
    assert admin_client.get(cancel).status_code == 405
    response = admin_client.post(cancel, follow=True)
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert again in response.content.decode()
    assert cancel not in response.content.decode()
    assert "too late" in admin_client.post(cancel, follow=True).content.decode()
    admin_client.post(again)
    job.refresh_from_db()
    assert job.status == "waiting"
    assert LogEntry.objects.filter(object_id=str(job.pk)).count() == 2


def test_many_jobs_are_cancelled_and_tried_again_at_once(admin_client: Client) -> None:
    keys = [start_job(COUNT, {"steps": steps}).pk for steps in range(3)]
    for action, status in (("cancel", "cancelled"), ("try_again", "waiting")):
        form = {"action": action, "_selected_action": keys}
        admin_client.post(reverse(LIST), form)
        assert set(Job.objects.values_list("status", flat=True)) == {status}


def test_who_may_only_look_changes_nothing(staff_client: Callable[..., Client]) -> None:
    client = staff_client("view_job", "view_modelversion")
    job = start_job(COUNT, {"steps": 1})
    cancel = reverse("admin:styles_job_cancel", args=[job.pk])
    assert cancel not in text_of(client, PAGE, job.pk)
    assert client.post(cancel).status_code == 403
    assert 'value="cancel"' not in text_of(client, LIST)
    assert reverse(TRAIN) not in text_of(client, "admin:styles_modelversion_changelist")
    assert client.get(reverse(TRAIN)).status_code == 403
    job.refresh_from_db()
    assert job.status == "waiting"


def test_staff_have_a_version_trained_on_the_catalogue(
    staff_client: Callable[..., Client], django_capture_on_commit_callbacks: Any
) -> None:
    client = staff_client("view_job", "view_modelversion", "add_job")
    assert reverse(TRAIN) in text_of(client, "admin:styles_modelversion_changelist")
    assert "efficientnet-lite2" in text_of(client, TRAIN)
    form = {"backbone": "efficientnet-lite1", "preset": "full"}
    response = client.post(reverse(TRAIN), form)
    job = Job.objects.get()
    assert response.headers["Location"] == reverse(PAGE, args=[job.pk])
    assert job.parameters == {"datasets": ["catalogue"], **form}
    assert job.requested_by is not None
    assert job.requested_by.username == "staff"
    assert client.post(reverse(TRAIN), {**form, "backbone": "guess"}).status_code == 200
    assert Job.objects.count() == 1


def test_a_list_of_many_jobs_takes_as_few_queries_as_one_of_few(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for steps in range(15):
        cancel_job(start_job(COUNT, {"steps": steps}))
    with django_assert_max_num_queries(10):
        admin_client.get(reverse(LIST))
