"""Clusterings get a head of their own and a report."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("styles", "0001_taxonomy_and_models")]

    operations = [
        migrations.AddField(
            model_name="clustering",
            name="artifact_prefix",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Folder of the clustering's own head; without one, centroids tell clusters.",
                max_length=200,
                verbose_name="artifact",
            ),
        ),
        migrations.AddField(
            model_name="clustering",
            name="report",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Why this many clusters, and how well a photo's cluster is recognised.",
                verbose_name="report",
            ),
        ),
    ]
