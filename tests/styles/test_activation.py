from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from products.models import ProductEmbedding
from styles.activation import activate_model_version
from styles.exceptions import ArtifactError, UnknownModelVersionError
from styles.models import Cluster, ModelVersion
from tests.photos import draw_photo, encode
from tests.shop import add_photo, direction, make_product, make_version, place

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_version_is_embedded_by_the_worker_clustered_and_flipped_to(
    learnt: ModelVersion, worker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = make_version(status="retired")
    ModelVersion.objects.filter(pk=learnt.pk).update(status="trained")
    ModelVersion.objects.filter(pk=old.pk).update(status="active")
    for number in range(6):
        product = place(make_product(f"p{number}"), direction(a=1), version=old)
        photo = encode(draw_photo(60 + 20 * number, 80))
        add_photo(product, photo)
    call_command("activate_model_version", str(learnt.number), "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed["embedding"]["embedded"] == 12
    assert printed["embedding"]["failed"] == 0
    statuses = dict(ModelVersion.objects.values_list("pk", "status"))
    assert statuses == {learnt.pk: "active", old.pk: "retired"}
    assert Cluster.objects.in_force().exists()
    # The old vectors stay, so that the way back is short.
    assert ProductEmbedding.objects.filter(model_version=old).count() == 6
    call_command("activate_model_version", str(learnt.number))
    assert "12 already were" in capsys.readouterr().out


def test_a_version_without_its_artifact_is_refused_and_nothing_changes() -> None:
    serving = make_version()
    lost = make_version(status="trained")
    with pytest.raises(ArtifactError, match=f"model version {lost.number} cannot be used"):
        activate_model_version(lost)
    statuses = dict(ModelVersion.objects.values_list("pk", "status"))
    assert statuses == {serving.pk: "active", lost.pk: "trained"}


def test_an_unknown_number_is_answered_with_the_known_ones() -> None:
    version = make_version()
    with pytest.raises(UnknownModelVersionError, match=f"known versions: {version.number}"):
        ModelVersion.objects.numbered(999_999)
    with pytest.raises(CommandError, match="There is no model version 999999"):
        call_command("activate_model_version", "999999")
