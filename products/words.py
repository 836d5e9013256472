"""Words in a search of the catalogue: what carries them, how they are spelt here, what comes first.

Filters read a text with ``spell`` and call ``carrying``, listings ``ranked_by_words``, and pages
say what was guessed. A word that no product carries is taken for a slip of the pen: the nearest
words that products do carry stand in for it. A word that some product carries is never widened, or
a search for skirts would show shirts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from unicodedata import normalize

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Upper

from products.models import Product
from products.querysets import ProductQuerySet

FIELDS: Final = ("name", "name_ko", "brand")
MOST_WORDS: Final = 16
MOST_SPELLINGS: Final = 3
# Names that are looked through for words spelt nearly alike.
NAMES_READ: Final = 60
# Low, so that a slip in a short word finds the names it could stand in; ``blouse`` and ``bluose``
# share 0.29 of their trigrams, a Korean word of three syllables with one wrong 0.25.
TRIGRAM_THRESHOLD: Final = 0.2
# Twice the letters in common by all letters: one slip in a word of four letters passes.
LEAST_LIKENESS: Final = 0.74
LEAST_LIKENESS_OFFERED: Final = 0.6

BY_SKU, BY_WHOLE_WORDS, BY_PARTS = 0, 1, 2


@dataclass(frozen=True)
class SpeltWord:
    """A word of a text, and how products here spell it: itself if any carries it, else a guess."""

    word: str
    spellings: tuple[str, ...]

    @property
    def is_guessed(self) -> bool:
        """Whether other words stand in for it."""
        return self.spellings != (self.word,)


Wording = tuple[SpeltWord, ...]


def spell(text: str) -> Wording:
    """Read a text: words apart by spaces, of which the first MOST_WORDS count.

    One query, and up to three for each word that no product carries.
    """
    words = list(dict.fromkeys(text.split()))[:MOST_WORDS]
    carried = _carried(words)
    return tuple(SpeltWord(word, (word,) if word in carried else _guess(word)) for word in words)


def carrying(products: ProductQuerySet, wording: Wording) -> ProductQuerySet:
    """Return the products that carry every word in name or brand, or as their SKU."""
    for word in wording:
        products = products.filter(_any(word.spellings))
    return products


def ranked_by_words(products: ProductQuerySet, text: str, wording: Wording) -> ProductQuerySet:
    """Return the products with ``word_rank``: BY_SKU, BY_WHOLE_WORDS or BY_PARTS, best first.

    Args:
        text: what was asked for.
        wording: what ``spell`` made of it.
    """
    whole = Q()
    for word in wording:
        patterns = "|".join(re.escape(spelling) for spelling in word.spellings)
        stands = Q(sku__iexact=word.word)
        for field in FIELDS:
            stands |= Q(**{f"{field}__iregex": rf"\m({patterns})\M"})
        whole &= stands
    return products.annotate(
        word_rank=Case(
            When(Q(sku__iexact=text.strip()), then=Value(BY_SKU)),
            When(whole, then=Value(BY_WHOLE_WORDS)) if wording else When(pk__isnull=True, then=0),
            default=Value(BY_PARTS),
            output_field=IntegerField(),
        )
    )


def close_words(wording: Wording) -> tuple[str, ...]:
    """Return words of the catalogue somewhat like those that no product carries, nearest first.

    Looser than what a search stands in by itself: to be offered where it found nothing.
    """
    close: dict[str, None] = {}
    for word in wording:
        known = {
            _letters(each): each for each in _words_near(Product.objects.published(), word.word)
        }
        near = get_close_matches(
            _letters(word.word), known, n=MOST_SPELLINGS, cutoff=LEAST_LIKENESS_OFFERED
        )
        close |= dict.fromkeys(known[letters] for letters in near)
    asked = {word.word.casefold() for word in wording}
    return tuple(word for word in close if word.casefold() not in asked)


def _guess(word: str) -> tuple[str, ...]:
    """Return the words that products carry nearest to one that none does.

    Korean is compared by the letters that make up its syllables: ``원피쓰`` is one letter from
    ``원피스``, not a third of the word. Where nothing is near, the word stands for itself.
    """
    known = {_letters(each): each for each in _words_near(Product.objects.published(), word)}
    found = get_close_matches(_letters(word), known, n=MOST_SPELLINGS, cutoff=LEAST_LIKENESS)
    return tuple(known[letters] for letters in found) or (word,)


def _carried(words: Sequence[str]) -> set[str]:
    """Return those of the words that any product carries, in one query for all."""
    shown = Product.objects.published().order_by()
    asked = [
        shown.filter(_any([word])).values_list(Value(place, IntegerField()), flat=True)[:1]
        for place, word in enumerate(words)
    ]
    if not asked:
        return set()
    found = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    return {words[place] for place in found}


def _any(spelt: Sequence[str]) -> Q:
    """Return the condition that a product carries one of these words."""
    found = Q()
    for word in spelt:
        for field in FIELDS:
            found |= Q(**{f"{field}__icontains": word})
        found |= Q(sku__iexact=word)
    return found


def _words_near(products: ProductQuerySet, word: str) -> set[str]:
    """Return the words of the names and brands that share most trigrams with a word."""
    near: set[str] = set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(TRIGRAM_THRESHOLD)],
        )
        for field in FIELDS:
            # In capitals, as the trigram indexes are.
            names = (
                products.annotate(
                    text=Upper(field), likeness=TrigramWordSimilarity(word.upper(), Upper(field))
                )
                .filter(text__trigram_word_similar=word.upper())
                .order_by("-likeness", "-pk")
                .values_list(field, flat=True)
            )
            for name in names[:NAMES_READ]:
                near.update(re.findall(r"\w+", name))
    return near


def _letters(word: str) -> str:
    return normalize("NFD", word.casefold())
