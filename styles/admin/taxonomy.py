"""Admin pages of styles and style groups."""

from __future__ import annotations

from django.contrib import admin

from styles.admin.read_only import ReadOnlyAdmin
from styles.models import Style, StyleGroup


@admin.register(StyleGroup)
class StyleGroupAdmin(ReadOnlyAdmin):
    """The style groups of the taxonomy."""

    list_display = ("code", "name_ko", "name_en")


@admin.register(Style)
class StyleAdmin(ReadOnlyAdmin):
    """The styles of the taxonomy."""

    list_display = ("code", "name_ko", "name_en", "group")
    list_filter = ("group",)
