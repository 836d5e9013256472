"""Has the database drop what was made of a photo when its file is exchanged or its product changes.

A trigger sees every way to do that: the admin, an import, another program's SQL. What is dropped is
missing, and what is missing is embedded anew; nothing stale is ever compared with.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

FORWARD = """
CREATE FUNCTION products_forget_exchanged_photo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM products_productembedding WHERE image_id = OLD.id;
    DELETE FROM products_imageclassification WHERE image_id = OLD.id;
    DELETE FROM products_phototraits WHERE image_id = OLD.id;
    DELETE FROM products_clusterassignment WHERE product_id IN (OLD.product_id, NEW.product_id);
    NEW.error_code := '';
    NEW.embedding_queued_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER forget_exchanged_photo
    BEFORE UPDATE OF file, sha256, product_id ON products_productimage
    FOR EACH ROW WHEN (
        (OLD.file, OLD.sha256, OLD.product_id)
        IS DISTINCT FROM (NEW.file, NEW.sha256, NEW.product_id)
    )
    EXECUTE FUNCTION products_forget_exchanged_photo();
"""

BACKWARD = """
DROP TRIGGER forget_exchanged_photo ON products_productimage;
DROP FUNCTION products_forget_exchanged_photo;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0003_photo_traits_and_calibrations"),
    ]

    operations = [
        # For text search; `IF NOT EXISTS`, so whoever asks for it first has it.
        TrigramExtension(),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
