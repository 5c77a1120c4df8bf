"""Materials: records like others; their bytes beside them, written once."""

import django.db.models.deletion
from django.db import migrations, models

import casework.models.records
import casework.models.sealing
from casework.models.guards import guard_records

# The owner may still seal the bytes anew with a newer key; nobody deletes them.
GUARD = """
CREATE TRIGGER content_is_never_deleted
    BEFORE DELETE OR TRUNCATE ON casework_materialcontent
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_deletion();
ALTER TABLE casework_materialcontent ENABLE ALWAYS TRIGGER content_is_never_deleted;
REVOKE UPDATE, DELETE, TRUNCATE ON casework_materialcontent FROM casework_app;
"""
UNGUARD = """
DROP TRIGGER content_is_never_deleted ON casework_materialcontent;
GRANT UPDATE, DELETE ON casework_materialcontent TO casework_app;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0014_case_number_tail")]

    operations = [
        migrations.CreateModel(
            name="Material",
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
                ("code", models.CharField(max_length=40, verbose_name="材料种类")),
                ("title", models.CharField(max_length=100, verbose_name="材料名称")),
                (
                    "file_name",
                    casework.models.sealing.SealedField(verbose_name="文件名"),
                ),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("pages", models.PositiveSmallIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_records",
                        to="casework.case",
                    ),
                ),
            ],
            options={"ordering": ["version", "id"], "abstract": False},
        ),
        migrations.CreateModel(
            name="MaterialContent",
            fields=[
                (
                    "material",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="kept",
                        serialize=False,
                        to="casework.material",
                    ),
                ),
                (
                    "content",
                    casework.models.sealing.SealedBytesField(verbose_name="内容"),
                ),
            ],
        ),
        guard_records("casework_material"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
