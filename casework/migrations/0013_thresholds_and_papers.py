"""Editions give figures and papers beside periods; no row of them is ever changed."""

import django.db.models.deletion
from django.db import migrations, models

import casework.models.fields

GUARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON casework_threshold, casework_requiredpaper
    FROM casework_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0012_people_are_sealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequiredPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("terms", models.JSONField()),
                ("basis", models.CharField(max_length=300)),
                ("mark", casework.models.fields.WordField(max_length=40)),
                ("paper", models.CharField(max_length=60)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="casework.ruleedition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "paper"),
                        name="required_paper_once_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis", ""), _negated=True),
                        name="required_paper_has_a_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Threshold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("terms", models.JSONField()),
                ("basis", models.CharField(max_length=300)),
                ("mark", casework.models.fields.WordField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thresholds",
                        to="casework.ruleedition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "name"),
                        name="threshold_name_once_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis", ""), _negated=True),
                        name="threshold_has_a_basis",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
