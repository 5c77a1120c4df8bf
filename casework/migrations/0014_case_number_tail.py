"""A search for the end of a case number goes by an index."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0013_thresholds_and_papers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Substr(
                        "number",
                        django.db.models.functions.text.StrIndex(
                            "number", models.Value("〔")
                        ),
                    ),
                    name="text_pattern_ops",
                ),
                name="case_number_tail",
            ),
        ),
    ]
