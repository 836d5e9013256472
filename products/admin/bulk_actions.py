"""What staff do with many products at once; a part of the admin of products.

Each changed product gets an entry in its history.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from products.models import Product
from products.re_embedding import embed_anew
from styles.models import Style

# A request answers within seconds; more products are a matter for an import.
MOST_AT_ONCE = 10_000


class StyleForm(forms.Form):
    """The style that products are."""

    style = forms.ModelChoiceField(
        label=_("style"), queryset=Style.objects.select_related("group"), empty_label=None
    )


class BulkActions(admin.ModelAdmin):
    """Hide and show products, have them embedded anew, say what style they are."""

    actions = ("publish", "hide", "embed_again", "set_style")

    @admin.action(description=_("Show in the shop"), permissions=["change"])
    def publish(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        """Publish the selected products."""
        self._show(request, products, is_published=True, said=gettext("Shown in the shop."))

    @admin.action(description=_("Hide from the shop"), permissions=["change"])
    def hide(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        """Hide the selected products."""
        self._show(request, products, is_published=False, said=gettext("Hidden from the shop."))

    @admin.action(description=_("Look at the photos anew"), permissions=["change"])
    def embed_again(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        """Have workers embed the photos of the selected products anew."""
        chosen = self._choose(request, products)
        if not chosen:
            return
        photos = embed_anew([product.pk for product in chosen])
        self._note(request, chosen, gettext("Photos are being looked at anew."))
        text = ngettext(
            "%(count)d photo is being looked at anew; until then no search finds it.",
            "%(count)d photos are being looked at anew; until then no search finds them.",
            photos,
        )
        self.message_user(request, text % {"count": photos}, messages.SUCCESS)

    @admin.action(description=_("Say what style they are"), permissions=["change"])
    def set_style(self, request: HttpRequest, products: QuerySet[Product]) -> HttpResponse | None:
        """Ask for a style and give it to the selected products; the next training learns it."""
        form = StyleForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            chosen = self._choose(request, products)
            style = form.cleaned_data["style"]
            with transaction.atomic():
                give_style([product.pk for product in chosen], style)
                said = gettext("Style set by hand: %(style)s.") % {"style": style}
                self._note(request, chosen, said)
            self._tell(request, len(chosen))
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Say what style they are"),
            "opts": self.opts,
            "form": form,
            "count": len(request.POST.getlist(ACTION_CHECKBOX_NAME)),
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", "0"),
        }
        return TemplateResponse(request, "admin/products/product/set_style.html", context)

    def _show(
        self, request: HttpRequest, products: QuerySet[Product], *, is_published: bool, said: str
    ) -> None:
        changed = self._choose(request, products.exclude(is_published=is_published))
        keys = [product.pk for product in changed]
        with transaction.atomic():
            Product.objects.filter(pk__in=keys).update(is_published=is_published, updated_at=Now())
            self._note(request, changed, said)
        self._tell(request, len(changed))

    def _choose(self, request: HttpRequest, products: QuerySet[Product]) -> list[Product]:
        """Return the products of an action; none where there are more than it can take on."""
        chosen = list(products.select_related(None).prefetch_related(None)[: MOST_AT_ONCE + 1])
        if len(chosen) <= MOST_AT_ONCE:
            return chosen
        text = gettext(
            "Choose at most %(most)d products at once. For more, import a file with the change."
        )
        self.message_user(request, text % {"most": MOST_AT_ONCE}, messages.ERROR)
        return []

    def _note(self, request: HttpRequest, products: list[Product], said: str) -> None:
        user_id: Any = request.user.pk
        LogEntry.objects.log_actions(user_id, products, CHANGE, change_message=said)

    def _tell(self, request: HttpRequest, count: int) -> None:
        text = ngettext("%(count)d product changed.", "%(count)d products changed.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)


def give_style(product_ids: list[int], style: Style) -> None:
    """Make a style the only one of products; in the caller's transaction."""
    held: Any = Product.styles.through
    held.objects.filter(product__in=product_ids).exclude(style=style).delete()
    held.objects.bulk_create(
        [held(product_id=product_id, style_id=style.pk) for product_id in product_ids],
        ignore_conflicts=True,
    )
    Product.objects.filter(pk__in=product_ids).update(updated_at=Now())
