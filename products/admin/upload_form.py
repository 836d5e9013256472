"""The form that takes a catalogue file in; for ``products.admin.imports``."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from products.importing.sources import SUFFIXES


class UploadForm(forms.Form):
    """A catalogue file, and how to take it."""

    file = forms.FileField(
        label=_("file"),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=_(
            "CSV, Excel (.xlsx), JSON Lines, a Google Merchant feed (.xml, .tsv), or a ZIP of one "
            "of these with its photos, or of photos alone whose names are SKUs."
        ),
    )
    with_photos = forms.BooleanField(
        label=_("Import the photos too"),
        required=False,
        initial=True,
        help_text=_("Else the photos of all products stay as they are."),
    )
    is_full_feed = forms.BooleanField(
        label=_("The file holds the whole catalogue"),
        required=False,
        help_text=_("Products that are missing from it are hidden, never deleted."),
    )
