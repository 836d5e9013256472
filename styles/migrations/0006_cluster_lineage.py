"""Clusters keep numbers and staff's names over clusterings, and know their place in the head."""

from __future__ import annotations

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Max


def number_as_before(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write down what used to follow from the numbers, which were contiguous."""
    clusters = apps.get_model("styles", "Cluster").objects.using(schema_editor.connection.alias)
    clusters.update(class_index=F("number"))
    clusterings = apps.get_model("styles", "Clustering").objects.using(
        schema_editor.connection.alias
    )
    largest = clusterings.annotate(largest=Max("clusters__number")).values_list("pk", "largest")
    for key, number in largest:
        if number is not None:
            clusterings.filter(pk=key).update(next_number=number + 1)
    # Else the deferred checks of the rows just written forbid the constraint below.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("styles", "0005_previous_version_and_comparison")]

    operations = [
        migrations.AddField(
            model_name="clustering",
            name="job",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="What computed it, where that was a job of its own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="styles.job",
                verbose_name="job",
            ),
        ),
        migrations.AddField(
            model_name="clustering",
            name="next_number",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="Clusters of later clusterings without an ancestor are numbered from here.",
            ),
        ),
        migrations.AlterField(
            model_name="cluster",
            name="number",
            field=models.PositiveIntegerField(verbose_name="number"),
        ),
        migrations.AddField(
            model_name="cluster",
            name="is_named_by_staff",
            field=models.BooleanField(
                default=False,
                help_text="The name stays when products are grouped anew.",
                verbose_name="named by staff",
            ),
        ),
        migrations.AddField(
            model_name="cluster",
            name="class_index",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="Which output of the clustering's head stands for it.",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(number_as_before, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="cluster",
            constraint=models.UniqueConstraint(
                fields=("clustering", "class_index"), name="unique_class_index_of_cluster"
            ),
        ),
    ]
