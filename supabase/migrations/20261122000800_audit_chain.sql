-- The audit log becomes tamper-evident: every entry is chained to the one before it by SHA-256 (docs/decisions/0012).
--   app.audit_chain        one link per entry, in the order of commits, without a gap
--   app.audit_head         the last link; its row lock puts committing writers in order
--   app.audit_checkpoints  signed states of the head; copies of them belong on another machine
--   app.audit_expiries     where the chain begins since entries older than seven years were deleted

alter table public.gdpr_audit_log
    add column reason text,
    add column recorded_at timestamptz not null default clock_timestamp(),
    add column recorded_by text not null default session_user;
comment on column public.gdpr_audit_log.reason is 'Why it was done, in the words of who did it, e.g. a support case.';
comment on column public.gdpr_audit_log.recorded_at is 'When the database took the entry; no writer can set it.';
comment on column public.gdpr_audit_log.recorded_by is 'The log-in role of the process that wrote it; no writer can set it.';

create table app.audit_chain (
    seq bigint primary key,
    entry_id uuid not null unique,
    entry_hash bytea not null check (octet_length(entry_hash) = 32),
    hash bytea not null check (octet_length(hash) = 32),
    recorded_at timestamptz not null default clock_timestamp()
);
comment on table app.audit_chain is
    'platform: one link per audit entry. hash = sha256(hash of the link before, seq as 8 bytes, entry_hash).';

create table app.audit_head (
    is_only boolean primary key default true check (is_only),
    seq bigint not null,
    hash bytea not null check (octet_length(hash) = 32)
);
comment on table app.audit_head is 'platform: the last link of the audit chain; one row.';
insert into app.audit_head (seq, hash) values (0, sha256('flow audit chain'));

create table app.audit_checkpoints (
    seq bigint not null,
    hash bytea not null check (octet_length(hash) = 32),
    made_at timestamptz not null,
    key_id text not null,
    signature bytea not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (seq, key_id)
);
comment on table app.audit_checkpoints is 'platform: signed states of the audit chain (Ed25519).';

create table app.audit_expiries (
    through_seq bigint primary key,
    hash bytea not null check (octet_length(hash) = 32),
    entries bigint not null,
    recorded_at timestamptz not null default clock_timestamp()
);
comment on table app.audit_expiries is 'platform: the last links that were deleted with their entries after seven years.';

-- What is hashed of an entry: every column as text, each as a netstring (bytes:text), `-` for null, joined by commas.
create function app.audit_entry_hash(entry public.gdpr_audit_log) returns bytea
    language sql stable set search_path = ''
    as $$
        select sha256(convert_to(string_agg(
            coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field, '-'), ',' order by place), 'UTF8'))
        from unnest(array[
            entry.id::text, entry.restaurant_id::text, entry.action, entry.description, entry.reason,
            entry.performed_by::text, entry.performed_by_role, entry.subject, entry.legal_basis,
            entry.before::text, entry.after::text, entry.request_id,
            to_char(entry.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
            to_char(entry.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
            entry.recorded_by
        ]) with ordinality as fields (field, place)
    $$;
comment on function app.audit_entry_hash(public.gdpr_audit_log) is 'SHA-256 of an audit entry; flow.privacy.audit.chain makes the same.';

-- Runs when the writer commits, so the head is locked for the length of a commit, not of a transaction.
create function app.chain_audit_entry() returns trigger
    language plpgsql security definer set search_path = ''
    as $$
declare
    head app.audit_head;
    fingerprint bytea := app.audit_entry_hash(new);
begin
    select * into strict head from app.audit_head for update;
    head.seq := head.seq + 1;
    head.hash := sha256(head.hash || int8send(head.seq) || fingerprint);
    insert into app.audit_chain (seq, entry_id, entry_hash, hash) values (head.seq, new.id, fingerprint, head.hash);
    update app.audit_head set seq = head.seq, hash = head.hash where is_only;
    return null;
end
$$;
comment on function app.chain_audit_entry() is 'Trigger: links a new audit entry to the one before it.';

-- Entries that are there already are linked in the order of their time.
do $$
declare
    entry public.gdpr_audit_log;
    head app.audit_head;
begin
    select * into strict head from app.audit_head;
    for entry in select * from public.gdpr_audit_log order by created_at, id loop
        head.seq := head.seq + 1;
        head.hash := sha256(head.hash || int8send(head.seq) || app.audit_entry_hash(entry));
        insert into app.audit_chain (seq, entry_id, entry_hash, hash)
        values (head.seq, entry.id, app.audit_entry_hash(entry), head.hash);
    end loop;
    update app.audit_head set seq = head.seq, hash = head.hash where is_only;
end
$$;

create constraint trigger gdpr_audit_log_chained after insert on public.gdpr_audit_log
    deferrable initially deferred for each row execute function app.chain_audit_entry();

-- Append-only for everybody, the owner too; only what is older than seven years may be deleted.
create function app.refuse_change_for_seven_years() returns trigger
    language plpgsql set search_path = ''
    as $$
begin
    if tg_op = 'DELETE' and old.recorded_at < now() - interval '7 years' then
        return old;
    end if;
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '42501';
end
$$;
comment on function app.refuse_change_for_seven_years() is 'Trigger of the audit tables: no change; no deletion before seven years.';

drop trigger gdpr_audit_log_append_only on public.gdpr_audit_log;
create trigger gdpr_audit_log_append_only before update or delete on public.gdpr_audit_log
    for each row execute function app.refuse_change_for_seven_years();
create trigger audit_chain_append_only before update or delete on app.audit_chain
    for each row execute function app.refuse_change_for_seven_years();
create trigger audit_chain_no_truncate before truncate on app.audit_chain
    for each statement execute function app.refuse_change();
create trigger audit_checkpoints_append_only before update or delete on app.audit_checkpoints
    for each row execute function app.refuse_change_for_seven_years();
create trigger audit_checkpoints_no_truncate before truncate on app.audit_checkpoints
    for each statement execute function app.refuse_change();
create trigger audit_expiries_append_only before update or delete on app.audit_expiries
    for each row execute function app.refuse_change();
create trigger audit_expiries_no_truncate before truncate on app.audit_expiries
    for each statement execute function app.refuse_change();
create trigger audit_head_stays before insert or delete on app.audit_head
    for each row execute function app.refuse_change();
create trigger audit_head_no_truncate before truncate on app.audit_head
    for each statement execute function app.refuse_change();

-- The one way out: a beginning of the chain whose every entry is older than seven years, at most `most` entries of it.
create function app.expire_audit(most integer) returns bigint
    language plpgsql security definer set search_path = ''
    as $$
declare
    first_kept bigint;
    last_link app.audit_chain;
    deleted bigint;
begin
    perform from app.audit_head for update;
    select c.seq into first_kept from app.audit_chain c
    where c.recorded_at >= now() - interval '7 years' order by c.seq limit 1;
    select * into last_link from app.audit_chain c
    where c.seq < coalesce(first_kept, 9223372036854775807)
      and c.seq < (select min(f.seq) from app.audit_chain f) + most
    order by c.seq desc limit 1;
    if last_link.seq is null then
        return 0;
    end if;
    delete from public.gdpr_audit_log l using app.audit_chain c where c.entry_id = l.id and c.seq <= last_link.seq;
    delete from app.audit_chain c where c.seq <= last_link.seq;
    get diagnostics deleted = row_count;
    delete from app.audit_checkpoints p
    where p.seq < last_link.seq and p.recorded_at < now() - interval '7 years';
    insert into app.audit_expiries (through_seq, hash, entries) values (last_link.seq, last_link.hash, deleted);
    return deleted;
end
$$;
comment on function app.expire_audit(integer) is
    'Deletes the oldest audit entries, none younger than seven years, and notes where the chain begins now.';

-- Whether the caller reads what concerns the platform and no single restaurant.
create function app.audits_platform() returns boolean
    language sql stable security definer set search_path = ''
    as $$
        select exists (
            select from public.user_roles r join app.role_permissions p on p.role = r.role
            where r.user_id = app.user_id() and p.permission = 'audit.read')
    $$;
comment on function app.audits_platform() is 'Whether the caller holds audit.read by a role on the platform.';

drop policy "Compliance reads the audit log" on public.gdpr_audit_log;
create policy "Compliance reads the audit log" on public.gdpr_audit_log for select to authenticated
    using (restaurant_id = any (app.restaurants_with('audit.read'))
        or (restaurant_id is null and app.audits_platform()));

alter table app.audit_chain enable row level security;
alter table app.audit_head enable row level security;
alter table app.audit_checkpoints enable row level security;
alter table app.audit_expiries enable row level security;
revoke all on app.audit_chain, app.audit_head, app.audit_checkpoints, app.audit_expiries
    from public, anon, authenticated, service_role;
revoke all on function app.audit_entry_hash(public.gdpr_audit_log), app.chain_audit_entry(),
    app.refuse_change_for_seven_years(), app.expire_audit(integer), app.audits_platform()
    from public, anon, authenticated, service_role;

-- The service adds entries, but says neither when nor as whom; the links are made by the trigger alone.
revoke insert, update, delete on public.gdpr_audit_log from service_role;
grant insert (id, restaurant_id, action, description, reason, performed_by, performed_by_role, subject, legal_basis,
    before, after, request_id, created_at) on public.gdpr_audit_log to service_role;
grant select on app.audit_chain, app.audit_head, app.audit_checkpoints, app.audit_expiries to service_role;
grant insert (seq, hash, made_at, key_id, signature) on app.audit_checkpoints to service_role;
grant execute on function app.expire_audit(integer) to service_role;
grant execute on function app.audits_platform() to authenticated;
