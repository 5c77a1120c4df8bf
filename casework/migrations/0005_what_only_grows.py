"""Acts and events are appended and nothing else; cases and clocks are never deleted."""

from django.db import migrations

# ENABLE ALWAYS: session_replication_role does not switch the guards off (audit.md 2.5).
GUARD = """
CREATE FUNCTION casework_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only appended', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON casework_event
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
ALTER TABLE casework_event ENABLE ALWAYS TRIGGER event_only_grows;

CREATE TRIGGER act_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON casework_act
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
ALTER TABLE casework_act ENABLE ALWAYS TRIGGER act_only_grows;

REVOKE UPDATE, DELETE, TRUNCATE ON casework_event, casework_act FROM casework_app;
REVOKE DELETE, TRUNCATE ON casework_case, casework_clock, casework_clockpause,
    casework_clockrung, casework_casesegment, casework_chainhead, casework_outbox,
    casework_rule, casework_ruleedition, casework_calendar, casework_calendarversion,
    casework_calendarday FROM casework_app;
REVOKE UPDATE ON casework_rule, casework_calendarversion, casework_calendarday
    FROM casework_app;
"""

UNGUARD = """
DROP TRIGGER event_only_grows ON casework_event;
DROP TRIGGER act_only_grows ON casework_act;
DROP FUNCTION casework_refuse_change();
GRANT UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO casework_app;
REVOKE DELETE, TRUNCATE ON casework_membership, casework_person, casework_user,
    casework_unit FROM casework_app;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_cases_clocks_rules_and_audit")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
