"""Products whose own label a model version contradicts, and what staff decide; for the admin.

What is decided changes the product's label or confirms it, and the next training learns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from products.models import LabelReview, Product
from styles.models import ModelVersion, Style, StyleGroup

# So many of the latest classifications are looked through: a second, however large the catalogue.
MOST_READ = 200_000

_MAIN_STYLE = """
    LEFT JOIN LATERAL (
        SELECT style.code, of_style.code AS group_code
        FROM products_product_styles AS held
        JOIN styles_style AS style ON style.id = held.style_id
        JOIN styles_stylegroup AS of_style ON of_style.id = style.group_id
        WHERE held.product_id = product.id ORDER BY style."order" LIMIT 1
    ) AS main ON true
    LEFT JOIN styles_stylegroup AS own_group ON own_group.id = product.style_group_id
"""
# Label set -> the SQL of a product's own label, as training reads it.
OWN_LABELS: Final = {
    "style": "main.code",
    "style_group": "coalesce(main.group_code, own_group.code)",
    "product_type": "product.category",
    "colour": "product.colour",
    "gender": "product.gender",
}
Row = TypeVar("Row", Style, StyleGroup)
_COLUMNS: Final = {"product_type": "category", "colour": "colour", "gender": "gender"}


@dataclass(frozen=True)
class Mistake:
    """A product, the label it carries, and the one that a model is surer of."""

    product_id: int
    own: str
    own_probability: float
    predicted: str
    probability: float


def reviewable_label_sets(model_version: ModelVersion) -> list[str]:
    """Return the label sets that a version names and a product can be corrected in."""
    return [name for name in OWN_LABELS if name in model_version.label_sets]


def find_mistakes(
    model_version: ModelVersion, *, label_set: str, limit: int, offset: int = 0
) -> list[Mistake]:
    """Return products whose first photo the version names otherwise, those it is surest of first.

    Labels that staff have confirmed, and those that the version has never learnt, are left out.

    Args:
        model_version: whose stored classifications are read.
        label_set: one of ``reviewable_label_sets``.
        limit: of so many.
        offset: how many to pass over.
    """
    own = OWN_LABELS[label_set]
    joins = _MAIN_STYLE if label_set.startswith("style") else ""
    # The label's SQL is one of the constants above; whatever comes from outside is a parameter.
    query = f"""
        SELECT product.id, {own}, coalesce((said.found->>{own})::float, 0), guess.key, guess.share
        FROM (
            SELECT image_id, probabilities->%(set)s AS found
            FROM products_imageclassification
            WHERE model_version_id = %(version)s ORDER BY id DESC LIMIT %(most)s
        ) AS said
        JOIN products_productimage AS image ON image.id = said.image_id
        JOIN products_product AS product ON product.id = image.product_id
        {joins}
        CROSS JOIN LATERAL (
            SELECT key, value::float AS share FROM jsonb_each_text(said.found)
            ORDER BY value::float DESC, key LIMIT 1
        ) AS guess
        WHERE {own} = ANY(%(known)s) AND {own} <> guess.key
        AND NOT EXISTS (
            SELECT FROM products_productimage AS other
            WHERE other.product_id = image.product_id
            AND (other.position, other.id) < (image.position, image.id)
        )
        AND NOT EXISTS (
            SELECT FROM products_labelreview AS review
            WHERE review.product_id = product.id AND review.label_set = %(set)s
            AND review.label = {own}
        )
        ORDER BY guess.share DESC, product.id DESC LIMIT %(limit)s OFFSET %(offset)s
    """  # noqa: S608
    asked: dict[str, Any] = {
        "set": label_set,
        "version": model_version.pk,
        "most": MOST_READ,
        "known": model_version.label_sets[label_set],
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return [Mistake(*row) for row in cursor.fetchall()]


def settle_label(product: Product, *, label_set: str, label: str, reviewed_by: User | None) -> None:
    """Give a product a label that somebody has looked at; the same one confirms it.

    Raises:
        ValidationError: the label is not one that a product can carry.
    """
    with transaction.atomic():
        if label_set in _COLUMNS:
            column = _COLUMNS[label_set]
            setattr(product, column, label)
            product.clean_fields(exclude=_other_fields(column))
            product.save(update_fields=[column, "updated_at"])
        elif label_set == "style":
            product.styles.set([_find(Style, label)])
            product.save(update_fields=["updated_at"])
        elif label_set == "style_group":
            _give_group(product, _find(StyleGroup, label))
        else:
            raise _unknown(label)
        LabelReview.objects.update_or_create(
            product=product,
            label_set=label_set,
            defaults={"label": label, "reviewed_by": reviewed_by},
        )


def _other_fields(column: str) -> set[str]:
    return {field.name for field in Product._meta.fields} - {column}


def _give_group(product: Product, group: StyleGroup) -> None:
    """Make a group the product's; styles of other groups would say otherwise."""
    product.styles.set(product.styles.filter(group=group))
    product.style_group = group
    product.save(update_fields=["style_group", "updated_at"])


def _find(model: type[Row], code: str) -> Row:
    row: Row | None = model._default_manager.filter(code=code).first()
    if row is None:
        raise _unknown(code)
    return row


def _unknown(label: str) -> ValidationError:
    return ValidationError(_("There is no label “%(label)s”."), "unknown", {"label": label})
