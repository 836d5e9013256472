"""The exam of a model version as people read it: figures, and what changed, with photos.

Called for the pages of jobs and of model versions; ``styles.exam`` makes what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from styles.catalogue import ProductPicture, get_catalogue
from styles.report_words import percent


def render_exam(comparison: Mapping[str, Any]) -> SafeString | str:
    """Return the table of an exam's report; empty where none was held.

    Args:
        comparison: ``styles.exam.ExamReport`` as a row keeps it.
    """
    if "mean_overlap" not in comparison:
        return ""
    pictures = get_catalogue().pictures(
        {
            sku
            for change in comparison["changed"]
            for sku in (
                *change["before"],
                *change["after"],
                *filter(None, [change["question"].get("sku")]),
            )
        }
    )
    return render_to_string(
        "admin/styles/_exam.html",
        {
            "version": comparison["model_version"],
            "questions": comparison["questions"],
            "photos": comparison["photos"],
            "figures": list(_figures(comparison)),
            "changes": [_describe_change(change, pictures) for change in comparison["changed"]],
        },
    )


def _figures(comparison: Mapping[str, Any]) -> list[tuple[str, str]]:
    before, after = comparison["same_type_before"], comparison["same_type_after"]
    return [
        (_("The same among the nearest ten"), percent(comparison["mean_overlap"])),
        (_("The same product first"), percent(comparison["same_first"])),
        (
            _("Of the type asked for"),
            "—" if before is None or after is None else f"{percent(before)} → {percent(after)}",
        ),
    ]


def _describe_change(
    change: Mapping[str, Any], pictures: Mapping[str, ProductPicture]
) -> dict[str, Any]:
    sku = change["question"].get("sku", "")
    return {
        "question": _picture(sku, pictures) if sku else None,
        "overlap": percent(change["overlap"]),
        "before": _answers(change["before"], others=change["after"], pictures=pictures),
        "after": _answers(change["after"], others=change["before"], pictures=pictures),
    }


def _answers(
    skus: Sequence[str], *, others: Sequence[str], pictures: Mapping[str, ProductPicture]
) -> list[dict[str, Any]]:
    return [{"product": _picture(sku, pictures), "is_only_here": sku not in others} for sku in skus]


def _picture(sku: str, pictures: Mapping[str, ProductPicture]) -> ProductPicture:
    return pictures.get(sku) or ProductPicture(sku=sku, name=_("deleted"), thumbnail="", page="")
