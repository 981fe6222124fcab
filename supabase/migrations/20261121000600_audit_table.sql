-- The audit log: rows are added and read, never changed. No foreign keys: an erased user must not reach in here.

create table public.gdpr_audit_log (
    id uuid primary key,
    restaurant_id uuid,
    action text not null,
    description text not null,
    performed_by uuid,
    performed_by_role text,
    subject text,
    legal_basis text,
    before jsonb,
    after jsonb,
    request_id text,
    created_at timestamptz not null default now()
);
create index gdpr_audit_log_restaurant on public.gdpr_audit_log (restaurant_id, created_at);
create index gdpr_audit_log_created on public.gdpr_audit_log (created_at);
comment on table public.gdpr_audit_log is 'platform: who did what to whose data and why; append-only.';
comment on column public.gdpr_audit_log.subject is 'Pseudonymous reference to the person concerned; never a name, phone number or e-mail.';

create function app.refuse_change() returns trigger
    language plpgsql set search_path = ''
    as $$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '42501';
end
$$;
comment on function app.refuse_change() is 'Trigger of append-only tables: stops even the owner.';

create trigger gdpr_audit_log_append_only before update or delete on public.gdpr_audit_log
    for each row execute function app.refuse_change();
create trigger gdpr_audit_log_no_truncate before truncate on public.gdpr_audit_log
    for each statement execute function app.refuse_change();
