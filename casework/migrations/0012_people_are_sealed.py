"""People's numbers are sealed; parties, employers and reveals are guarded.

The old column of telephones held no row outside of tests: no procedure had been shipped
that writes parties.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import casework.models.fields
import casework.models.sealing
from casework.models.guards import guard_records

GUARD = """
CREATE TRIGGER reveal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON casework_reveal
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
ALTER TABLE casework_reveal ENABLE ALWAYS TRIGGER reveal_only_grows;
REVOKE UPDATE, DELETE, TRUNCATE ON casework_reveal FROM casework_app;
REVOKE DELETE, TRUNCATE ON casework_employer FROM casework_app;
"""
UNGUARD = """
DROP TRIGGER reveal_only_grows ON casework_reveal;
GRANT UPDATE, DELETE ON casework_reveal TO casework_app;
GRANT DELETE ON casework_employer TO casework_app;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_parties_are_records")]

    operations = [
        migrations.CreateModel(
            name="Employer",
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
                ("name", models.CharField(max_length=100, verbose_name="单位名称")),
                (
                    "uscc",
                    models.CharField(
                        blank=True, max_length=18, verbose_name="统一社会信用代码"
                    ),
                ),
                (
                    "ownership",
                    casework.models.fields.WordField(blank=True, max_length=40),
                ),
                (
                    "industry",
                    models.CharField(blank=True, max_length=60, verbose_name="行业"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("uscc",),
                        name="employer_uscc",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", "")),
                        fields=("name",),
                        name="employer_known_by_name",
                    ),
                ],
                "indexes": [models.Index(fields=["name"], name="employer_name")],
            },
        ),
        migrations.RemoveField(model_name="party", name="phone"),
        *(
            migrations.AddField(model_name="party", name=name, field=field)
            for name, field in (
                (
                    "employer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.employer",
                    ),
                ),
                ("phone", casework.models.sealing.SealedField(verbose_name="电话")),
                ("phone_index", casework.models.sealing.IndexField()),
                (
                    "id_number",
                    casework.models.sealing.SealedField(verbose_name="身份证号码"),
                ),
                ("id_index", casework.models.sealing.IndexField()),
                ("address", casework.models.sealing.SealedField(verbose_name="住址")),
                (
                    "tokens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
            )
        ),
        migrations.AddIndex(
            model_name="party",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("ended_by__isnull", True)),
                fields=["tokens"],
                name="party_tokens",
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["phone_index"], name="party_phone"),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["id_index"], name="party_id_number"),
        ),
        migrations.CreateModel(
            name="Reveal",
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
                (
                    "membership",
                    casework.models.fields.RecordedKey(to="casework.membership"),
                ),
                ("purpose", casework.models.fields.WordField(max_length=40)),
                ("reason", models.CharField(max_length=200, verbose_name="说明")),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reveals",
                        to="casework.case",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "case", "-until"], name="reveal_of_person"
                    )
                ],
            },
        ),
        guard_records("casework_party"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
