from __future__ import annotations

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from products.models import Product, ProductImage
from products.outcomes import outcome_of
from products.templatetags import shop
from products.views.refinement import Refinement


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("29000", "KRW", "ko", "29,000원"),
        ("29000", "KRW", "en", "₩29,000"),
        ("1234567", "KRW", "ko", "1,234,567원"),
        ("29.5", "USD", "en", "$29.50"),
        ("29.5", "USD", "ko", "$29.50"),
        ("2900", "JPY", "en", "¥2,900"),
        ("49", "CHF", "en", "CHF\u00a049.00"),
        ("0", "KRW", "en", "₩0"),
    ],
)
def test_a_price_is_written_as_its_currency_and_the_language_ask(
    amount: str, currency: str, language: str, shown: str
) -> None:
    with translation.override(language):
        assert shop.price(Product(price=Decimal(amount), currency=currency)) == shown


def test_a_product_without_a_price_shows_none() -> None:
    assert shop.price(Product(price=None, currency="KRW")) == ""


@pytest.mark.parametrize(("share", "shown"), [(0.0, 0), (0.29, 29), (0.996, 99), (1.0, 100)])
def test_only_what_is_exactly_alike_is_a_hundred_percent_alike(share: float, shown: int) -> None:
    assert shop.percent(share) == shown


def test_thousands_are_set_apart() -> None:
    with translation.override("ko"):
        assert [shop.grouped(number) for number in (0, 999, 6874)] == ["0", "999", "6,874"]


def test_a_photo_is_described_by_kind_and_colour_in_the_language_of_the_page() -> None:
    product = Product(category="Skirts", colour="Blue")
    with translation.override("ko"):
        assert shop.alt_text(product) == "스커트, 블루"
    with translation.override("en"):
        assert shop.alt_text(product) == "Skirts, Blue"
    assert shop.alt_text(Product(category="", colour="")) == ""


@pytest.mark.parametrize(("width", "height", "fills"), [(512, 640, True), (224, 224, False)])
def test_tall_photos_fill_their_frame_and_square_ones_stand_in_it(
    width: int, height: int, fills: bool
) -> None:
    image = ProductImage(file="products/ab/photo.jpg", width=width, height=height)
    page = Template("{% load shop %}{% photo image alt %}").render(
        Context({"image": image, "alt": 'A "red" coat'})
    )
    assert ("photo--filled" in page) is fills
    assert f'width="{width}" height="{height}"' in page
    assert 'alt="A &quot;red&quot; coat"' in page
    assert 'loading="lazy"' in page


def test_a_product_without_a_photo_keeps_its_frame() -> None:
    page = Template("{% load shop %}{% photo image %}").render(Context({"image": None}))
    assert "<img" not in page
    assert "No photo yet" in page


def mix_of(**probabilities: dict[str, float]) -> shop.Mix:
    return shop.style_mix(outcome_of(probabilities, cluster=None, cluster_probability=None))


def test_the_mix_gathers_styles_under_their_groups_largest_first() -> None:
    mix = mix_of(style={"romantic": 0.3, "punk": 0.35, "feminine": 0.25, "resort": 0.1})
    assert [(part.group.code, part.group.percent) for part in mix.parts] == [
        ("feminine", 55),
        ("subculture", 35),
        ("natural", 10),
    ]
    assert [style.code for style in mix.parts[0].styles] == ["romantic", "feminine"]
    assert mix.rest == 0


def test_small_shares_are_summed_up() -> None:
    mix = mix_of(style={"punk": 0.95, "resort": 0.02, "classic": 0.02, "sporty": 0.01})
    assert [part.group.code for part in mix.parts] == ["subculture"]
    assert mix.rest == 5


def test_a_version_that_learnt_groups_alone_shows_no_styles_under_them() -> None:
    mix = mix_of(style_group={"feminine": 0.6, "sporty": 0.4})
    assert [part.group.code for part in mix.parts] == ["feminine", "sporty"]
    assert all(part.styles == () for part in mix.parts)
    assert not mix.knows_styles


def test_a_version_that_learnt_no_style_has_an_empty_mix() -> None:
    mix = mix_of(product_type={"Coats": 1.0})
    assert (mix.parts, mix.rest) == ((), 0)


def test_product_types_are_named_in_the_language_of_the_page() -> None:
    with translation.override("ko"):
        outcome = outcome_of(
            {"product_type": {"Coats": 0.9, "Shirts": 0.09, "Hats": 0.01}},
            cluster=None,
            cluster_probability=None,
        )
        assert [share.name for share in shop.product_type_mix(outcome)] == ["코트", "셔츠"]


def render(source: str, refinement: Refinement, **context: str) -> str:
    template = Template("{% load shop %}{% autoescape off %}" + source + "{% endautoescape %}")
    return template.render(Context({"refinement": refinement, **context}))


@pytest.mark.django_db
def test_narrowing_keeps_the_other_words_and_starts_at_the_first_page() -> None:
    refinement = Refinement.parse({"min_price": "5", "style": "sporty", "page": "3", "x": "y"})
    narrow = "{% narrowed 'style' value %}"
    assert render(narrow, refinement, value="casual") == "?style=casual&min_price=5"
    assert render(narrow, refinement, value="") == "?min_price=5"


@pytest.mark.django_db
def test_a_product_that_is_liked_is_no_longer_disliked() -> None:
    refinement = Refinement.parse({"like": "a,b", "unlike": "c,d", "cursor": "x"})
    assert render("{% like 'c' %}", refinement) == "?like=a,b,c&unlike=d"
    assert render("{% unlike 'a' %}", refinement) == "?like=b&unlike=c,d,a"
    assert render("{% like 'a' %}", refinement) == "?like=a,b&unlike=c,d"


def test_the_next_part_of_a_list_keeps_its_words() -> None:
    refinement = Refinement.parse({"sort": "price"})
    assert render("{% next_part 'abc' 2 %}", refinement) == "?sort=price&page=2&cursor=abc"
    assert render("{% next_part 'abc' %}", Refinement()) == "?cursor=abc"


def test_shoppers_are_told_the_limits_that_are_enforced() -> None:
    terms = shop.photo_terms()
    assert (terms.megabytes, terms.hours) == (10, 24)
