"""Look-alike search, a small algebra that pages, API and commands share. SQL only, no model.

Four nouns: a *query vector* says what is looked for, *filters* what may be found
(``products.filters``), *rankers* reorder the nearest of it, a *page* is the part that is shown.
"More like this", "less like that", "complete the look" and "find this photo" are ways to make a
query vector, not searches of their own.
"""

from products.search.complements import FamilyPage, complements
from products.search.cursors import CatalogueCursor, CursorError, HitCursor
from products.search.doubles import without_doubles
from products.search.examples import Examples, query_of_examples
from products.search.look_alikes import look_alikes
from products.search.pages import Hit, Page
from products.search.query_vectors import (
    NOT_EMBEDDED,
    ProductNotEmbeddedError,
    QueryVector,
    predicted_group,
    query_of_product,
    query_of_search,
    see_as_answered,
    version_in_use,
)
from products.search.wishes import Wishes

__all__ = [
    "NOT_EMBEDDED",
    "CatalogueCursor",
    "CursorError",
    "Examples",
    "FamilyPage",
    "Hit",
    "HitCursor",
    "Page",
    "ProductNotEmbeddedError",
    "QueryVector",
    "Wishes",
    "complements",
    "look_alikes",
    "predicted_group",
    "query_of_examples",
    "query_of_product",
    "query_of_search",
    "see_as_answered",
    "version_in_use",
    "without_doubles",
]
