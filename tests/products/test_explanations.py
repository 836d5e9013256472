from __future__ import annotations

import pytest
from django.utils import translation

from products.explanations import explain_hits, shared_styles
from products.models import ImageClassification, PhotoTraits, Product
from products.search import query_of_product, query_of_search
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_search, place

pytestmark = pytest.mark.django_db

RED, BLUE = "#c41f2d", "#2e62b6"


def sell(
    sku: str, version: ModelVersion, *, mix: dict[str, float], colours: list[tuple[str, float]]
) -> Product:
    product = place(make_product(sku), direction(a=1), version=version)
    image = product.images.get()
    ImageClassification.objects.create(
        image=image, model_version=version, probabilities={"style": mix}
    )
    PhotoTraits.objects.create(image=image, palette=colours, fingerprint=bytes(32))
    return product


def test_a_search_shares_styles_and_colours_with_its_hits(version: ModelVersion) -> None:
    hit = sell("a", version, mix={"punk": 0.6, "classic": 0.4}, colours=[(RED, 0.7), (BLUE, 0.3)])
    search = make_search(version, direction(a=1), palette=[(RED, 1.0)])
    explanation = explain_hits(query_of_search(search), [hit.pk])[hit.pk]
    # The search is classic by 0.7 and punk by 0.3.
    assert [(style.code, style.share) for style in explanation.styles] == [
        ("classic", 0.4),
        ("punk", 0.3),
    ]
    assert [(c.code, c.hex, c.share) for c in explanation.colours] == [("red", RED, 0.7)]


def test_a_product_is_explained_by_its_own_photo(version: ModelVersion) -> None:
    asked = sell("asked", version, mix={"punk": 1.0}, colours=[(BLUE, 1.0)])
    hit = sell("hit", version, mix={"punk": 0.5, "kitsch": 0.5}, colours=[(BLUE, 1.0)])
    query = query_of_product(asked, model_version=version)
    explanation = explain_hits(query, [hit.pk])[hit.pk]
    assert [style.code for style in explanation.styles] == ["punk"]
    assert [colour.code for colour in explanation.colours] == ["blue"]


def test_names_are_in_the_language_of_the_request() -> None:
    (style,) = shared_styles({"punk": 1.0}, {"punk": 1.0})
    with translation.override("ko"):
        assert style.name == "펑크"
    with translation.override("en"):
        assert style.name == "Punk"


def test_a_mix_of_groups_is_compared_with_the_groups_of_the_other() -> None:
    (group,) = shared_styles({"subculture": 0.8, "casual": 0.2}, {"punk": 0.5, "kitsch": 0.5})
    assert (group.code, group.share) == ("subculture", 0.8)


def test_traces_are_not_called_shared() -> None:
    assert shared_styles({"punk": 0.04, "classic": 0.96}, {"punk": 1.0}) == ()


def test_what_is_not_known_is_not_made_up(version: ModelVersion) -> None:
    hit = place(make_product("a"), direction(a=1), version=version)
    search = make_search(version, direction(a=1), probabilities={})
    explanation = explain_hits(query_of_search(search), [hit.pk])[hit.pk]
    assert (explanation.styles, explanation.colours) == ((), ())
