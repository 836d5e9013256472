"""The sentence behind each stable code of a failed search; page and API both say it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from products.validators import IMAGE_MESSAGES, image_validation_error
from styles.conf import image_limits
from styles.images import ImageError

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: dict[str, StrPromise] = {
    "no_active_model_version": _(
        "The shop is still learning what its products look like. Please try again in a few minutes."
    ),
    "artifact_unusable": _("The shop cannot look at photos at the moment. Please try again later."),
    "image_missing": _("The photo is gone. Please upload it again."),
    "heat_map_unknown": _("Where the model looked was not kept. Please upload the photo again."),
    "photo_not_kept": _("This shop deletes photos as soon as it has looked at them."),
    "model_version_gone": _(
        "The shop has learnt its products anew since this search. Please upload the photo again."
    ),
}
UNKNOWN = _("The photo could not be looked at. Please try another one.")


def failure_sentence(code: str) -> str:
    """Return what a person is told about a failed search or photo."""
    if code in IMAGE_MESSAGES:
        return image_validation_error(ImageError(code, **asdict(image_limits()))).messages[0]
    return str(SENTENCES.get(code, UNKNOWN))
