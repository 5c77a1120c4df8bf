from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0019_drafts_of_forms"),
    ]

    operations = [
        migrations.RenameField(
            model_name="clock",
            old_name="expiry_waived",
            new_name="expiry_taken",
        ),
    ]
