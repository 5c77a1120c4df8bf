"""Nobody makes temporary tables: one named like ours would hide it from a connection."""

from django.db import migrations

REVOKE = """
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_a_due_moment_is_held")]
    operations = [migrations.RunSQL(REVOKE, migrations.RunSQL.noop)]
