"""The rows of the taxonomy, and names in two languages; imported through ``styles.models``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from styles.languages import is_korean


class BilingualName(models.Model):
    """A row with a Korean and an English name, shown in the language of the request."""

    name_ko = models.CharField(_("Korean name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language: Korean for ``ko``, else English."""
        return self.name_ko if is_korean() else self.name_en


class StyleGroup(BilingualName):
    """One of the 10 style groups of the taxonomy, or ``other``."""

    code = models.SlugField(unique=True, max_length=40)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        verbose_name = _("style group")
        verbose_name_plural = _("style groups")


class Style(BilingualName):
    """One of the 23 styles of the taxonomy, or ``other``."""

    code = models.SlugField(unique=True, max_length=40)
    group = models.ForeignKey(StyleGroup, on_delete=models.PROTECT, related_name="styles")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        verbose_name = _("style")
        verbose_name_plural = _("styles")
