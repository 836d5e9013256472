"""Admin pages of clusterings, where staff rename clusters and have products grouped anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from styles.admin.cluster_page import describe_clustering, describe_map
from styles.admin.start_page import StartPageAdmin
from styles.catalogue import get_catalogue
from styles.models import Cluster, Clustering, Job, ModelVersion
from styles.reclustering_jobs import queue_reclustering

NAMES = ("name_ko", "name_en")


class ClusterForm(forms.ModelForm):
    """A cluster's names; whoever changes one names the cluster."""

    class Meta:
        model = Cluster
        fields = (*NAMES, "is_named_by_staff")

    def clean(self) -> dict[str, Any]:
        """Remember that staff named the cluster; without the mark, its name is made anew again."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if set(NAMES) & set(self.changed_data):
            cleaned["is_named_by_staff"] = True
        return cleaned


class ClusterInline(admin.TabularInline):
    """The clusters of a clustering; only their names are for staff to change."""

    model = Cluster
    form = ClusterForm
    fields = ("number", *NAMES, "is_named_by_staff", "size")
    readonly_fields = ("number", "size")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Clusters come from k-means alone."""
        return False


class ReclusteringForm(forms.Form):
    """How to group the products."""

    clusters = forms.IntegerField(
        label=_("number of groups"),
        min_value=1,
        required=False,
        help_text=_("As many as fit best if left empty."),
    )
    dry_run = forms.BooleanField(
        label=_("only try it out"),
        required=False,
        help_text=_("The job then tells what would move, split and merge, and changes nothing."),
    )


@admin.register(Clustering)
class ClusteringAdmin(StartPageAdmin):
    """The clusterings and the curve behind k."""

    list_display = ("id", "model_version", "status", "silhouette", "created_at")
    list_filter = ("status",)
    change_form_template = "admin/styles/clustering/change_form.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "model_version",
                    "status",
                    "silhouette",
                    "created_at",
                    "activated_at",
                    "previous",
                )
            },
        ),
    )
    inlines = (ClusterInline,)
    start_form = ReclusteringForm
    start_address = "recluster"
    start_title = _("Group the products anew")
    start_text = _(
        "A worker groups look-alike products anew. Groups that go on keep their numbers, and the "
        "names that staff gave them. Shoppers see the groups of before until all is ready."
    )
    start_button = _("Group")
    started_text = _("The grouping waits for a worker.")

    class Media:
        css = {"all": ("kfashion/jobs.css", "kfashion/admin/models.css")}

    def start(self, cleaned: dict[str, Any], *, user: User | None) -> Job:
        """Queue a reclustering of the active version."""
        return queue_reclustering(ModelVersion.objects.active(), **cleaned, requested_by=user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field, times and the way back among them."""
        return [*super().get_readonly_fields(request, obj), "created_at", "previous"]

    def get_urls(self) -> list[URLPattern]:
        """Add the map, the photos of its products, and the way back."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/map/", view(self.map_view), name="styles_clustering_map"),
            path("picture/", view(self.picture_view), name="styles_clustering_picture"),
            path("<int:pk>/undo/", view(self.undo_view), name="styles_clustering_undo"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the curve behind k and what is in the groups, and lead to the map and back."""
        clustering = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if clustering is not None:
            context |= describe_clustering(clustering)
            context["links"] = [
                {
                    "address": reverse("admin:styles_clustering_map", args=[clustering.pk]),
                    "text": gettext("Map of the catalogue"),
                }
            ]
            if _may_be_undone(clustering) and self.has_change_permission(request):
                address = reverse("admin:styles_clustering_undo", args=[clustering.pk])
                text = gettext("Go back to the groups before")
                context["links"].append({"address": address, "text": text})
        return super().change_view(request, object_id, form_url, context)

    def map_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the products of a clustering on a plane, in the colours of their groups."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        clustering = get_object_or_404(Clustering, pk=pk)
        title = gettext("Map of the catalogue")
        context = self.page_context(request, title=title, row=clustering)
        context |= describe_map(clustering)
        context["picture_url"] = reverse("admin:styles_clustering_picture")
        return TemplateResponse(request, "admin/styles/clustering/map.html", context)

    def picture_view(self, request: HttpRequest) -> HttpResponse:
        """Tell the map what a product looks like."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        sku = request.GET.get("sku", "")
        picture = get_catalogue().pictures([sku]).get(sku)
        if picture is None:
            raise Http404
        told = f"{picture.sku} {picture.name}"
        return JsonResponse({"thumbnail": picture.thumbnail, "page": picture.page, "told": told})

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once more, then put the groups of before back in force."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        clustering = get_object_or_404(Clustering, pk=pk)
        if not _may_be_undone(clustering):
            raise Http404
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            from styles.clustering import undo_recluster  # not above: it loads all of clustering

            previous = undo_recluster(clustering.model_version)
            said = gettext("Clustering %(number)d is in force again.") % {"number": previous.pk}
            self.log_change(request, clustering, said)
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(
                reverse("admin:styles_clustering_change", args=[previous.pk])
            )
        return self.form_page(
            request,
            form,
            title=gettext("Go back to the groups before"),
            text=gettext(
                "Shoppers see the groups of before at once, with the numbers and names that they "
                "had. The present ones are kept."
            ),
            button=gettext("Go back"),
            row=clustering,
        )


def _may_be_undone(clustering: Clustering) -> bool:
    is_active = clustering.status == Clustering.Status.ACTIVE
    return is_active and clustering.previous is not None
