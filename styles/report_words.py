"""The words of a report in the active language: label sets, labels, figures; for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from styles.languages import is_korean
from styles.taxonomy import STYLE_GROUPS, STYLES, Style, StyleGroup

LABEL_SETS = {
    "colour": _("Colour"),
    "garment": _("Garment"),
    "gender": _("Gender"),
    "product_type": _("Product type"),
    "style": _("Style"),
    "style_group": _("Style group"),
    "usage": _("Usage"),
}
FIGURES = {
    "accuracy": _("Accuracy"),
    "top_3": _("Among the first three"),
    "macro_f1": _("Macro F1"),
    "calibration_error": _("Calibration error"),
    "precision_at_1": "P@1",
    "precision_at_10": "P@10",
    "mean_average_precision": "mAP",
    "loss": _("Loss"),
}
STAGES = {"head": _("head"), "fine_tuning": _("fine-tuning")}
_TAXONOMY: Mapping[str, Sequence[Style | StyleGroup]] = {
    "style": STYLES,
    "style_group": STYLE_GROUPS,
}


def name_label_set(label_set: str) -> str:
    """Return a label set's name; one that is not known is called what the data set calls it."""
    return str(LABEL_SETS.get(label_set, label_set))


def name_label(label_set: str, code: str) -> str:
    """Return a label's name: that of the taxonomy for styles, else the word of the data set."""
    for entry in _TAXONOMY.get(label_set, ()):
        if entry.code == code:
            return entry.name_ko if is_korean() else entry.name_en
    return code


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a percentage with one decimal."""
    return f"{100 * share:.1f}%"


def points(difference: float) -> str:
    """Return a difference in hundredths with its sign, a true minus for a minus."""
    return f"{difference:+.2f}".replace("-", "\N{MINUS SIGN}")
