"""What is said of a cluster: styles, types, typical and borderline products, and a report."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.core.management import call_command

from products.models import ImageClassification, Product
from styles.clustering import recluster
from styles.models import Clustering, ModelVersion
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def heaps(version: ModelVersion) -> ModelVersion:
    """Embed ten coats about axis a, the last one half way to the six shirts about axis b."""
    for number in range(10):
        coat = make_product(f"coat-{number}", category="Coats" if number else "Jackets")
        vector = direction(a=1, c=0.02 * number) if number < 9 else direction(a=1, b=0.8)
        place(coat, vector, version=version)
        look(coat, version, {"style": {"classic": 0.6, "punk": 0.4}})
    for number in range(6):
        shirt = make_product(f"shirt-{number}", category="Shirts")
        place(shirt, direction(b=1, d=0.02 * number), version=version)
        look(shirt, version, {"style": {"punk": 1.0 if number else 0.5}})
    return version


def look(product: Product, version: ModelVersion, seen: dict[str, dict[str, float]]) -> None:
    image = product.images.get()
    ImageClassification.objects.create(image=image, model_version=version, probabilities=seen)


def test_a_profile_has_the_mean_style_mix_and_the_types(heaps: ModelVersion) -> None:
    coats, shirts = recluster(heaps, clusters=2).profiles
    assert coats.styles == {"classic": 0.6, "punk": 0.4}
    assert shirts.styles == {"punk": 0.917}
    assert coats.product_types == {"Coats": 0.9, "Jackets": 0.1}
    assert shirts.product_types == {"Shirts": 1.0}


def test_typical_products_are_near_the_centroid_and_borderline_ones_near_another(
    heaps: ModelVersion,
) -> None:
    coats, shirts = recluster(heaps, clusters=2).profiles
    assert (coats.borderline[0].sku, coats.borderline[0].runner_up) == ("coat-9", 1)
    assert "coat-9" not in [mention.sku for mention in coats.typical]
    assert all(mention.sku.startswith("shirt") for mention in shirts.typical)
    assert coats.typical[0].product_id == Product.objects.get(sku=coats.typical[0].sku).pk


def test_one_cluster_has_no_borderline(heaps: ModelVersion) -> None:
    (only,) = recluster(heaps, clusters=1).profiles
    assert only.borderline == ()
    assert only.sharpness == 1.0


def test_style_groups_stand_in_where_no_styles_were_learnt(version: ModelVersion) -> None:
    product = place(make_product("p"), direction(a=1), version=version)
    look(product, version, {"style_group": {"casual": 1.0}})
    (only,) = recluster(version).profiles
    assert only.styles == {"casual": 1.0}


def test_the_row_keeps_report_and_profiles(heaps: ModelVersion) -> None:
    result = recluster(heaps, clusters=2)
    clustering = Clustering.objects.get()
    assert clustering.pk == result.clustering
    assert result.report is not None
    assert clustering.report["classifier"]["accuracy"] == result.report.accuracy
    assert clustering.report["choice"] == "2 clusters were asked for."
    assert clustering.report["clusters"][0]["borderline"][0]["sku"] == "coat-9"
    cluster = clustering.clusters.get(number=0)
    # Listed to everyone by the API: no product that may not be published.
    assert set(cluster.profile) == {"labels", "styles", "product_types"}
    assert cluster.profile["styles"] == {"classic": 0.6, "punk": 0.4}


def test_the_command_prints_curve_choice_profiles_and_report(
    heaps: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("recluster")
    printed = capsys.readouterr().out
    assert "have the highest silhouette" in printed
    assert "coat-9 (or 1)" in printed
    assert "classic 60%, punk 40%" in printed
    assert "precision" in printed
    assert "held out: accuracy 1.0000" in printed
    call_command("recluster", "--clusters", "2", "--dry-run", "--json")
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert np.array(result["report"]["confusion"]).sum() == result["report"]["held_out"]
