import uuid

import django.db.models.deletion
from django.db import migrations, models

import products.models.search


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0007_recall_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeletionReceipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "search_sha256",
                    models.CharField(
                        editable=False,
                        help_text="Of the id of the search.",
                        max_length=64,
                        unique=True,
                    ),
                ),
                (
                    "photos",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="photos deleted"),
                ),
                (
                    "vectors",
                    models.PositiveSmallIntegerField(
                        editable=False, verbose_name="vectors deleted"
                    ),
                ),
                ("deleted_at", models.DateTimeField(auto_now_add=True, verbose_name="deleted")),
            ],
            options={
                "verbose_name": "deletion receipt",
                "verbose_name_plural": "deletion receipts",
                "ordering": ("-deleted_at",),
            },
        ),
        migrations.AddField(
            model_name="imagesearch",
            name="first_search",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The search this photo was sent for, where another part of it was meant.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="further_searches",
                to="products.imagesearch",
            ),
        ),
        migrations.AddField(
            model_name="imagesearch",
            name="owner",
            field=models.CharField(
                blank=True,
                db_index=True,
                editable=False,
                help_text="Who may delete it, see products.ownership; empty for whoever has its id.",
                max_length=80,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            model_name="imagesearch",
            name="photo",
            field=models.FileField(
                blank=True,
                help_text="Empty once it was looked at, where the shop keeps no photos.",
                upload_to=products.models.search.search_photo_path,
                verbose_name="photo",
            ),
        ),
    ]
