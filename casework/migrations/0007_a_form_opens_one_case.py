"""A form that registers a case and is sent twice registers one: its command opens once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_expiry_is_waived_by_a_reversal")]
    operations = [
        migrations.AddConstraint(
            model_name="act",
            constraint=models.UniqueConstraint(
                condition=models.Q(version=1),
                fields=["command"],
                name="act_opens_one_case",
            ),
        ),
    ]
