-- name: record
-- Adds an entry; the log takes no other change.
insert into public.gdpr_audit_log
    (id, restaurant_id, action, description, performed_by, performed_by_role, subject, after, request_id, created_at)
values (:id, :restaurant_id, :action, :description, :performed_by, :performed_by_role, :subject, :facts, :request_id, :at);
