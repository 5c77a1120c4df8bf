import django.db.models.deletion
from django.db import migrations, models

import casework.models.fields
import casework.models.records


class Migration(migrations.Migration):
    """A party becomes a record: stated by one act, ended by another.

    The table is made anew: no procedure has been shipped that writes parties, so it
    never held a row outside of tests.
    """

    dependencies = [
        ("casework", "0010_what_a_person_has_done"),
    ]

    operations = [
        migrations.DeleteModel(name="Party"),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=casework.models.records.record_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField()),
                ("ended_by", models.IntegerField(null=True)),
                ("part", casework.models.fields.WordField(max_length=40)),
                ("name", models.CharField(max_length=100, verbose_name="姓名或名称")),
                (
                    "phone",
                    models.CharField(blank=True, max_length=30, verbose_name="电话"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_records",
                        to="casework.case",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.person",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "id"],
                "abstract": False,
            },
        ),
    ]
