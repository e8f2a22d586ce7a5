"""The audit log: append-only by triggers.

Two things are let through, if a transaction says that it is about them (SET LOCAL clicker.audit): the retention job
removes entries, and privacy changes whom an entry names and from where, but never what was done and when.
"""

UP = """
CREATE TABLE audit (
    id text PRIMARY KEY,
    at timestamp NOT NULL,
    role text NOT NULL,
    who text NOT NULL,
    action text NOT NULL,
    resource text NOT NULL,
    request_id text NOT NULL,
    address inet,
    details jsonb NOT NULL,
    once text UNIQUE
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_who ON audit (who, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_resource ON audit (resource, at, id);
CREATE INDEX audit_whole_address ON audit (at) WHERE masklen(address) IN (32, 128);

CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('clicker.audit', true) = 'retention' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('clicker.audit', true) = 'privacy'
        AND (NEW.id, NEW.at, NEW.role, NEW.action, NEW.request_id)
            IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.role, OLD.action, OLD.request_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_guard_all BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_guard();
"""


def up(migrator, db):
    db.execute_sql(UP)


def down(migrator, db):
    db.execute_sql("DROP TABLE audit; DROP FUNCTION audit_guard")
