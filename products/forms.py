"""The forms by which a shopper points at a garment: on a new photo, or on one sent before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products.crops import Crop
from products.validators import image_validation_error
from styles import conf as styles_conf
from styles.images import ImageError, max_upload_bytes

ACCEPTED_TYPES = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic,image/heif"


class PartForm(forms.Form):
    """A part of a photo; none is the whole of it."""

    crop = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_crop(self) -> Crop | None:
        """Return the crop, or None for the whole photo."""
        try:
            return Crop.parse(self.cleaned_data["crop"])
        except ValidationError as error:
            raise ValidationError(error.error_dict["crop"]) from error

    def refuse(self, error: ValidationError, *, field: str) -> None:
        """Show an error beside the field it names, or else beside this one."""
        self.add_error(None if hasattr(error, "error_dict") else field, error)


class ImageSearchForm(PartForm):
    """One photo. What is in it is checked by ``products.validators`` when the search starts."""

    image = forms.FileField(
        label=_("Photo of an outfit"),
        allow_empty_file=True,  # Refused with its own code by the validator.
        error_messages={"required": _("Choose a photo first.")},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED_TYPES}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        limit = max_upload_bytes()
        # What a browser can tell before it sends anything, in the same words.
        self.fields["image"].widget.attrs |= {
            "data-max-bytes": limit,
            "data-max-side": styles_conf.get("MAX_STORED_SIDE"),
            "data-too-large": _sentence("image_too_large", max_bytes=limit),
            "data-is-empty": _sentence("image_empty"),
        }


def _sentence(code: str, **params: float) -> str:
    return image_validation_error(ImageError(code, **params)).messages[0]
