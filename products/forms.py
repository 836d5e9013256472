"""The upload form of the storefront."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED_TYPES = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic,image/heif"


class ImageSearchForm(forms.Form):
    """One photo. What is in it is checked by ``products.validators`` when the search starts."""

    image = forms.FileField(
        label=_("Photo of an outfit"),
        allow_empty_file=True,  # Refused with its own code by the validator.
        error_messages={"required": _("Choose a photo first.")},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED_TYPES}),
    )
