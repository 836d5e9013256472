"""Notes the codes of styles that stand in their table before their product does.

An import writes the styles of new products first, as the deferred foreign key allows: then the
product comes with its codes, and need not be changed, and all its indexes, a second time.
"""

from django.db import migrations

FORWARD = """
DROP TRIGGER note_first_style_code ON products_product;
CREATE TRIGGER note_first_style_code BEFORE INSERT ON products_product
    FOR EACH ROW EXECUTE FUNCTION products_note_style_codes();
"""

BACKWARD = """
DROP TRIGGER note_first_style_code ON products_product;
CREATE TRIGGER note_first_style_code BEFORE INSERT ON products_product
    FOR EACH ROW EXECUTE FUNCTION products_note_first_style_code();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0010_catalogue_imports"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
