"""The role in which the application works, and a range of text for exclusion constraints."""

from django.db import migrations

# The role belongs to the whole server, so another database's migration may have made it,
# or be making it at this moment; or an administrator made and granted it. Who makes a
# role in PostgreSQL 16 or newer is its member, but may not work as it until granted.
CREATE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'casework_app') THEN
        CREATE ROLE casework_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    EXECUTE format('GRANT casework_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege OR unique_violation THEN NULL;
END $$;
"""

# Tables made before and after this moment; what is append-only takes rights back.
GRANTS = """
GRANT USAGE ON SCHEMA public TO casework_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO casework_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO casework_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO casework_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO casework_app;
"""

# GiST has no equality for text without an extension: textrange(x, x, '[]') stands for x.
TEXTRANGE = 'CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");'


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(TEXTRANGE, "DROP TYPE textrange;"),
    ]
