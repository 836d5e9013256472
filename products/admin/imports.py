"""Admin pages of imports: send a file, see what it would do, confirm, watch, mend and undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.admin import import_words
from products.admin.upload_form import UploadForm
from products.importing import steering
from products.importing.refused_file import refused_response
from products.models import CatalogueImport
from styles.admin.read_only import ReadOnlyAdmin

State = CatalogueImport.State
SHOWN_ROWS: Final = 100
LIVE_STATES: Final = (State.PREVIEWING, State.IMPORTING, State.EMBEDDING, State.UNDOING)
ACTIONS: Final[dict[str, tuple[Callable[[CatalogueImport], None], Any]]] = {
    "confirm": (steering.confirm, _("The import has begun.")),
    "pause": (steering.pause, _("The import rests.")),
    "resume": (steering.resume, _("The import goes on.")),
    "cancel": (steering.cancel, _("The import is cancelled.")),
    "undo": (steering.undo, _("The import is being undone.")),
}
OFFERED: Final[dict[str, tuple[State, ...]]] = {
    "confirm": (State.PREVIEWED,),
    "pause": (State.IMPORTING,),
    "resume": (State.PAUSED,),
    "cancel": (State.PREVIEWING, State.UNMAPPED, State.PREVIEWED, State.IMPORTING, State.PAUSED),
    "undo": (State.DONE, State.EMBEDDING, State.CANCELLED),
}


@admin.register(CatalogueImport)
class CatalogueImportAdmin(ReadOnlyAdmin):
    """Imports, the latest first. Each has one page from its upload to its undo."""

    list_display = ("number", "file_name", "told_state", "course", "requested_by", "created_at")
    list_display_links = ("number", "file_name")
    list_filter = ("state", "format")
    list_per_page = 50
    list_select_related = ("job", "requested_by")
    search_fields = ("file_name",)
    change_list_template = "admin/products/catalogueimport/list.html"

    class Media:
        css = {"all": ("kfashion/jobs.css", "kfashion/imports.css")}

    @admin.display(description=_("number"), ordering="pk")
    def number(self, found: CatalogueImport) -> str:
        """Return what people call it by."""
        return f"{found.pk}"

    @admin.display(description=_("state"), ordering="state")
    def told_state(self, found: CatalogueImport) -> str:
        """Return how it stands."""
        return str(found.told_state)

    @admin.display(description=_("what came of it"))
    def course(self, found: CatalogueImport) -> str:
        """Return how far it is, or what came of it."""
        progress = import_words.progress_of(found)
        if progress:
            return format_html(
                '<progress class="job-progress" max="1" value="{}"></progress> {} / {}',
                f"{progress['fraction']:.4f}",
                progress["done"],
                progress["total"],
            )
        return found.error_message or ", ".join(
            f"{name} {count}" for name, count in import_words.counted(found) if count
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may add imports sends, confirms, stops and undoes them."""
        return request.user.has_perm("products.add_catalogueimport")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody edits one; what is done with it is done by its buttons."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add what the page of an import calls."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/map/", view(self.map_view), name="products_catalogueimport_map"),
            path(
                "<int:pk>/refused/",
                view(self.refused_view),
                name="products_catalogueimport_refused",
            ),
            path(
                "<int:pk>/do/<slug:action>/",
                view(self.action_view),
                name="products_catalogueimport_do",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Have the list loaded again while an import is under way."""
        _settle_all()
        is_live = CatalogueImport.objects.filter(state__in=LIVE_STATES).exists()
        return super().changelist_view(request, {**(extra_context or {}), "is_live": is_live})

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Take a file in, and show its page."""
        self._require_permission(request)
        mends = self._mended(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            cleaned = form.cleaned_data
            file = cleaned.pop("file")
            try:
                received = steering.receive_file(
                    file,
                    name=file.name,
                    options=cleaned,
                    requested_by=request.user if request.user.is_authenticated else None,
                    mends=mends,
                )
            except ValidationError as error:
                form.add_error("file", error)
            else:
                self.log_addition(request, received, gettext("Sent."))
                return HttpResponseRedirect(self._address(received))
        context = {
            **self._context(request, title=gettext("Import a catalogue file")),
            "form": form,
            "mends": mends,
        }
        return TemplateResponse(request, "admin/products/catalogueimport/upload.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show an import: its preview, how far it is, what came of it, what can be done."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        found.settle()
        may_act = self.has_add_permission(request)
        offered = {name: may_act and found.state in states for name, states in OFFERED.items()}
        offered["undo"] = offered["undo"] and found.products.exists()
        offered["resume"] = offered["resume"] or (may_act and found.failed_job is not None)
        offered["pause"] = offered["pause"] and found.failed_job is None
        context = {
            **self._context(request, title=gettext("Import %s") % found.pk),
            "found": found,
            "offered": offered,
            "may_map": may_act and found.state in (State.UNMAPPED, State.PREVIEWED),
            "is_live": found.state in LIVE_STATES and found.failed_job is None,
            "progress": import_words.progress_of(found),
            "counts": import_words.counted(found),
            "preview": import_words.told_preview(found),
            "columns": import_words.told_columns(found),
            "refused_rows": found.refused_rows.all()[:SHOWN_ROWS],
            "refused_count": found.refused_rows.count(),
            "not_restored": import_words.not_restored(found)[:SHOWN_ROWS],
            "shown_rows": SHOWN_ROWS,
        }
        return TemplateResponse(request, "admin/products/catalogueimport/import.html", context)

    def action_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Do with an import what one of its buttons says."""
        found = self._posted(request, pk)
        if isinstance(found, HttpResponse):
            return found
        do, told = ACTIONS.get(action, (None, ""))
        if do is None:
            return HttpResponse(status=404)
        try:
            if action == "confirm":
                steering.confirm(found, may_hide_most="may_hide_most" in request.POST)
            else:
                do(found)
        except steering.ImportStateError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.log_change(request, found, str(told))
            self.message_user(request, str(told), messages.SUCCESS)
        return HttpResponseRedirect(self._address(found))

    def map_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take what each column stands for, and look at the file again."""
        found = self._posted(request, pk)
        if isinstance(found, HttpResponse):
            return found
        mapping = {
            name: target
            for number, name in enumerate(found.header)
            if (target := request.POST.get(f"column-{number}"))
        }
        try:
            steering.map_columns(found, mapping)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        except steering.ImportStateError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.log_change(request, found, gettext("Columns named."))
        return HttpResponseRedirect(self._address(found))

    def refused_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the refused rows as a file, ready to be mended."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = get_object_or_404(CatalogueImport, pk=pk)
        return refused_response(found)

    def _posted(self, request: HttpRequest, pk: int) -> CatalogueImport | HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._require_permission(request)
        return get_object_or_404(CatalogueImport, pk=pk)

    def _require_permission(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _mended(self, request: HttpRequest) -> CatalogueImport | None:
        number = request.GET.get("mends", "")
        return CatalogueImport.objects.filter(pk=number).first() if number.isdecimal() else None

    def _context(self, request: HttpRequest, *, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "list_url": reverse("admin:products_catalogueimport_changelist"),
        }

    def _address(self, found: CatalogueImport) -> str:
        return reverse("admin:products_catalogueimport_change", args=[found.pk])


def _settle_all() -> None:
    for each in CatalogueImport.objects.filter(state=State.EMBEDDING):
        each.settle()
