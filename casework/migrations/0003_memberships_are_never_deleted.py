"""A hat ends; the row that says who could do what, and when, stays."""

from django.db import migrations

# ENABLE ALWAYS: session_replication_role does not switch the guard off.
GUARD = """
CREATE FUNCTION casework_refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER membership_is_never_deleted
    BEFORE DELETE OR TRUNCATE ON casework_membership
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_deletion();
ALTER TABLE casework_membership ENABLE ALWAYS TRIGGER membership_is_never_deleted;
REVOKE DELETE, TRUNCATE ON casework_membership, casework_person, casework_user,
    casework_unit FROM casework_app;
"""

UNGUARD = """
DROP TRIGGER membership_is_never_deleted ON casework_membership;
DROP FUNCTION casework_refuse_deletion();
GRANT DELETE ON casework_membership, casework_person, casework_user, casework_unit
    TO casework_app;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_network_and_people")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
