from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from products.models import Product
from products.words import carrying, close_words, ranked_by_words, spell
from tests.shop import make_product

pytestmark = pytest.mark.django_db


def found(text: str) -> set[str]:
    return set(carrying(Product.objects.all(), spell(text)).values_list("sku", flat=True))


def spelt(word: str) -> tuple[str, ...]:
    (only,) = spell(word)
    return only.spellings


@pytest.fixture
def clothes() -> None:
    make_product("blouse", name="Lace blouse", name_ko="레이스 블라우스", brand="Maru")
    make_product("jacket", name="Denim jacket", name_ko="데님 재킷")
    make_product("dress", name="Summer dress", name_ko="여름 원피스")
    make_product("shirt", name="White shirt", name_ko="흰 셔츠")


@pytest.mark.usefixtures("clothes")
@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("bluose", "blouse"),
        ("Jaket", "jacket"),
        ("dres", "dress"),
        ("sumer dress", "dress"),
        ("원피쓰", "dress"),
        ("완피스", "dress"),
        ("블라우쓰", "blouse"),
        ("marru", "blouse"),
    ],
)
def test_a_slip_of_the_pen_finds_what_was_meant(text: str, sku: str) -> None:
    assert found(text) == {sku}


@pytest.mark.usefixtures("clothes")
def test_a_word_that_is_sold_is_never_widened() -> None:
    assert found("shirt") == {"shirt"}
    assert spelt("skirt") == ("shirt",)
    make_product("skirt", name="Long skirt")
    assert found("skirt") == {"skirt"}


@pytest.mark.usefixtures("clothes")
@pytest.mark.parametrize("text", ["umbrella", "우산", "x", "%", "\\", "a'b", "(", "🙂"])
def test_a_word_like_none_finds_nothing(text: str) -> None:
    make_product("plain", name="Nothing special")
    assert found(text) <= {"blouse", "jacket", "dress", "shirt", "plain"}
    assert spelt("umbrella") == ("umbrella",)
    assert found("umbrella") == set()


@pytest.mark.usefixtures("clothes")
def test_what_was_guessed_is_told_and_words_are_looked_up_at_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        wording = spell("white  shirt white")
    assert [(word.word, word.is_guessed) for word in wording] == [
        ("white", False),
        ("shirt", False),
    ]
    assert [word.is_guessed for word in spell("white shrit")] == [False, True]
    assert spell("  ") == ()


@pytest.mark.usefixtures("clothes")
def test_words_somewhat_like_what_was_asked_are_offered() -> None:
    assert close_words(spell("blazers")) == ()
    assert close_words(spell("jackdaw")) == ("jacket",)
    assert "shirt" not in close_words(spell("shirt"))


def test_whole_words_come_before_parts_and_a_sku_before_both(client: Client) -> None:
    make_product("part", name="Coatdress")
    make_product("whole", name="Wool coat")
    make_product("coat", name="Something else")
    make_product("part-2", name="Overcoats")
    ranked = ranked_by_words(Product.objects.all(), "coat", spell("coat"))
    ranks = {product.sku: product.word_rank for product in ranked}  # type: ignore[attr-defined]
    assert ranks == {"coat": 0, "whole": 1, "part-2": 2, "part": 2}
    listed = client.get("/api/v1/products/?q=coat&limit=3").json()
    assert [product["sku"] for product in listed["results"]] == ["coat", "whole", "part-2"]
    make_product("whole-2", name="New coat")
    rest = client.get(f"/api/v1/products/?q=coat&limit=3&cursor={listed['next_cursor']}").json()
    assert [product["sku"] for product in rest["results"]] == ["part"]
    page = client.get(reverse("products:list"), {"q": "coat"})
    assert [product.sku for product in page.context["products"]][:2] == ["coat", "whole-2"]


def test_words_with_signs_of_patterns_are_taken_as_they_stand() -> None:
    make_product("plus", name="A+ shirt (new)")
    ranked = ranked_by_words(Product.objects.all(), "(new) a+", spell("(new) a+")).get()
    assert ranked.word_rank in (1, 2)  # type: ignore[attr-defined]  # Annotated.
    assert found("(new)") == {"plus"}
