"""``manage.py recluster``: group the products anew, or go back to the grouping before."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from styles.clustering import undo_recluster
from styles.console import StartingCommand
from styles.models import Job, ModelVersion
from styles.reclustering_jobs import start_reclustering


def cluster_count(text: str) -> int | None:
    """Read ``--clusters``: a number of at least 1, or ``auto`` for None."""
    if text == "auto":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a number of clusters or 'auto', received {text!r}")
    return int(text)


def describe_choice(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the curve over k, and why this k was chosen."""
    for point in result.get("curve", ()):
        silhouette = "" if point["silhouette"] is None else f"{point['silhouette']:.4f}"
        yield f"k = {point['k']:2}   inertia {point['inertia']:10.1f}   silhouette {silhouette}"
    if "choice" in result:
        yield result["choice"]


def describe_profile(profile: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is in a cluster, indented below its name."""
    for title, shares in (("styles", profile["styles"]), ("types", profile["product_types"])):
        if shares:
            listed = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
            yield f"       {title:10} {listed}"
    for title in ("typical", "borderline"):
        if profile[title]:
            listed = ", ".join(
                product["sku"]
                if product["runner_up"] is None
                else f"{product['sku']} (or {product['runner_up']})"
                for product in profile[title]
            )
            yield f"       {title:10} {listed}"


def describe_report(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the study's classification report and the confusion matrix."""
    yield f"{'cluster':>8} {'precision':>10} {'recall':>8} {'F1':>8} {'products':>9}   predicted as"
    for scores, row in zip(report["clusters"], report["confusion"], strict=True):
        yield (
            f"{scores['code']:>8} {scores['precision']:10.4f} {scores['recall']:8.4f} "
            f"{scores['f1']:8.4f} {scores['support']:9}   {' '.join(f'{n:5}' for n in row)}"
        )
    yield (
        f"Learnt from {report['trained']} products; on the {report['held_out']} held out: accuracy "
        f"{report['accuracy']:.4f}, loss {report['loss']:.4f}, macro F1 {report['macro_f1']:.4f}."
    )


def describe_changes(changes: Mapping[str, Any]) -> Iterator[str]:
    """Yield what becomes of each cluster, then splits and merges in a sentence each."""
    yield (
        f"Compared with clustering {changes['compared_with']} of model version "
        f"{changes['compared_model_version']}, in products:"
    )
    yield f"{'before':>10} {'after':>7} {'stay':>7} {'in':>7} {'out':>7} {'added':>7} {'gone':>7}"
    for change in changes["clusters"]:
        columns = ("before", "after", "kept", "moved_in", "moved_out", "added", "gone")
        yield (
            f"{change['number']:3}" + " ".join(f"{change[name]:7}" for name in columns) + "  "
            f"{change['name_en']} / {change['name_ko']}{_fate(change)}"
        )
    for split in changes["splits"]:
        yield f"{split['number']} splits into {_listed(split['into'])}."
    for merge in changes["merges"]:
        yield f"{_listed(merge['of'])} merge into {merge['number']}."


def _fate(change: Mapping[str, Any]) -> str:
    if change["fate"] != "kept":
        return f" ({change['fate']})"
    former = f"{change['former_name_en']} / {change['former_name_ko']}"
    return "" if former == f"{change['name_en']} / {change['name_ko']}" else f" (was {former})"


def _listed(parts: Sequence[Mapping[str, int]]) -> str:
    *others, last = (f"{part['number']} ({part['products']})" for part in parts)
    return f"{', '.join(others)} and {last}"


class Command(StartingCommand):
    """Cluster the active model version's embeddings with k-means and put the outcome in force.

    Clusters that go on from one of before keep its number, and its name where staff gave it.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--clusters",
            type=cluster_count,
            default=None,
            metavar="K|auto",
            help="number of clusters; auto (default) chooses 2 to 12 by silhouette",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would move, split and merge"
        )
        parser.add_argument("--undo", action="store_true", help="go back to the clustering before")

    def start(self, options: dict[str, Any], **how: Any) -> dict[str, Any] | Job:
        version = ModelVersion.objects.active()
        if options["undo"]:
            clustering = undo_recluster(version)
            clusters = clustering.clusters.values("number", "name_ko", "name_en", "size")
            return {
                "model_version": version.number,
                "clustering": clustering.pk,
                "clusters": list(clusters),
            }
        return start_reclustering(
            version, clusters=options["clusters"], dry_run=options["dry_run"], **how
        )

    def describe_outcome(self, result: dict[str, Any]) -> Iterator[str]:
        yield from describe_choice(result)
        profiles = result.get("profiles") or [None] * len(result["clusters"])
        for cluster, profile in zip(result["clusters"], profiles, strict=True):
            yield (
                f"{cluster['number']:3}  {cluster['size']:6} products  "
                f"{cluster['name_en']} / {cluster['name_ko']}"
            )
            if profile:
                yield from describe_profile(profile)
        if result.get("report"):
            yield from describe_report(result["report"])
        if result.get("head"):
            yield result["head"]
        if result.get("changes"):
            yield from describe_changes(result["changes"])
            yield f"{result['moved']} of {result['products']} products change their cluster number."
        if result["clustering"] is None:
            yield "Dry run: nothing was stored."
        else:
            yield (
                f"Clustering {result['clustering']} of model version "
                f"{result['model_version']} is in force."
            )
