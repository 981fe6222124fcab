-- Requests of persons (Art. 15 to 21 GDPR), what a job has done for each of them, and who was erased or restricted.
-- A request is about a person in one restaurant, or with FLOW itself (no restaurant): these tables are the platform's.

create table public.privacy_requests (
    id uuid primary key,
    restaurant_id uuid,
    kind text not null check (kind in ('access', 'portability', 'erasure', 'restriction', 'objection', 'offboarding')),
    status text not null default 'received' check (status in
        ('received', 'running', 'completed', 'refused', 'held', 'failed')),
    subject text not null,
    subject_hint text,
    sealed bytea,
    user_id uuid,
    identity_method text check (identity_method in
        ('logged_in', 'code_to_contact', 'document', 'in_person', 'known_order', 'other')),
    identity_note text,
    identity_checked_by uuid,
    identity_checked_at timestamptz,
    received_at timestamptz not null,
    due_at timestamptz not null check (due_at > received_at),
    extended_reason text,
    extended_at timestamptz,
    reminded smallint not null default 0 check (reminded between 0 and 3),
    decided_by uuid,
    decided_at timestamptz,
    decision_reason text,
    outcome jsonb,
    file_name text,
    file_expires_at timestamptz,
    completed_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check ((extended_at is null) = (extended_reason is null)),
    check ((identity_checked_at is null) = (identity_method is null))
);
create index privacy_requests_restaurant on public.privacy_requests (restaurant_id, received_at);
create index privacy_requests_open on public.privacy_requests (due_at) where status in ('received', 'running', 'held', 'failed');
comment on table public.privacy_requests is 'platform: what persons asked of a restaurant or of FLOW: access, erasure, restriction; with its clock.';
comment on column public.privacy_requests.subject is 'Pseudonym of the person; of a restaurant when it is offboarded, its id.';
comment on column public.privacy_requests.subject_hint is 'The contact with most of it hidden, to tell requests apart; gone once erased.';
comment on column public.privacy_requests.sealed is 'The contacts, sealed in the context privacy_request:<id>; wiped when the request is closed.';
comment on column public.privacy_requests.user_id is 'The account, where the person has one; null once erased.';
comment on column public.privacy_requests.due_at is '30 days after it was received; may be extended once, with a reason (Art. 12(3)).';
comment on column public.privacy_requests.reminded is 'Reminders sent: 1 a week before, 2 the day before, 3 overdue.';
comment on column public.privacy_requests.outcome is 'Counts per table and rule; no personal data.';

create table public.privacy_request_steps (
    request_id uuid not null,
    position integer not null,
    table_name text not null,
    rule text not null,
    rows_found bigint not null default 0 check (rows_found >= 0),
    rows_changed bigint not null default 0 check (rows_changed >= 0),
    rows_deleted bigint not null default 0 check (rows_deleted >= 0),
    started_at timestamptz,
    finished_at timestamptz,
    primary key (request_id, table_name, rule)
);
comment on table public.privacy_request_steps is
    'platform: how far a request is: a row per table and rule, counted in the transaction of each batch, so that a killed job goes on.';

create table app.privacy_request_keys (
    request_id uuid not null,
    kind text not null,
    key text not null,
    primary key (request_id, kind, key)
);
comment on table app.privacy_request_keys is
    'platform: ids of the person''s rows while an erasure runs, since it removes what led to them; deleted at its end.';

create table public.privacy_tombstones (
    id uuid primary key,
    restaurant_id uuid,
    subject text not null check (subject ~ '^[0-9a-f]{64}$'),
    request_id uuid not null,
    erased_at timestamptz not null,
    unique nulls not distinct (restaurant_id, subject)
);
comment on table public.privacy_tombstones is
    'platform: pseudonyms of those who were erased, so that an old backup or a late import does not bring them back.';
comment on column public.privacy_tombstones.restaurant_id is 'Null: erased everywhere.';
comment on column public.privacy_tombstones.erased_at is 'What happened before is not to come back; what the person does later is theirs to do.';

create table public.privacy_restrictions (
    id uuid primary key,
    restaurant_id uuid,
    subject text not null check (subject ~ '^[0-9a-f]{64}$'),
    kind text not null check (kind in ('restriction', 'objection')),
    request_id uuid not null,
    since timestamptz not null,
    ended_at timestamptz check (ended_at >= since)
);
create index privacy_restrictions_subject on public.privacy_restrictions (subject) where ended_at is null;
create index privacy_restrictions_restaurant on public.privacy_restrictions (restaurant_id, since);
comment on table public.privacy_restrictions is
    'platform: persons whose data are stored and otherwise left alone (Art. 18), or not used for marketing and profiling (Art. 21).';

create function app.is_restricted(a_restaurant uuid, a_subject text) returns boolean
    language sql stable security definer set search_path = ''
    as $$
        select exists (
            select from public.privacy_restrictions r
            where r.subject = a_subject and r.ended_at is null
              and (r.restaurant_id is null or r.restaurant_id = a_restaurant))
    $$;
comment on function app.is_restricted(uuid, text) is 'Whether a person, by pseudonym, has restricted or objected to the use of their data.';

-- The account goes with what hangs on it by foreign key: credentials, log-ins, memberships, second factor. On Supabase the
-- owner may delete users as well.
create function app.erase_account(an_id uuid) returns boolean
    language plpgsql security definer set search_path = ''
    as $$
begin
    delete from auth.users u where u.id = an_id;
    return found;
end
$$;
comment on function app.erase_account(uuid) is 'Deletes a user; the service alone may, at the end of an erasure.';

create function app.sole_admin_of(a_user uuid) returns setof uuid
    language sql stable security definer set search_path = ''
    as $$
        select a.restaurant_id from public.user_restaurant_access a
        where a.user_id = a_user and a.role = 'admin'
          and not exists (
            select from public.user_restaurant_access o
            where o.restaurant_id = a.restaurant_id and o.role = 'admin' and o.user_id <> a_user)
    $$;
comment on function app.sole_admin_of(uuid) is 'Restaurants that would be without an administrator if the user were gone.';

alter table public.restaurants add column offboarded_at timestamptz;
comment on column public.restaurants.offboarded_at is 'When the restaurant left: its bookkeeping is kept without persons, all else is gone.';

alter table public.privacy_requests add foreign key (restaurant_id) references public.restaurants (id);
alter table public.privacy_request_steps add foreign key (request_id) references public.privacy_requests (id);
alter table app.privacy_request_keys add foreign key (request_id) references public.privacy_requests (id);

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('privacy.read', '{admin,compliance,super_admin}'),
    ('privacy.write', '{admin,compliance,super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

revoke all on public.privacy_requests, public.privacy_request_steps, app.privacy_request_keys, public.privacy_tombstones,
    public.privacy_restrictions from public, anon, authenticated, service_role;
alter table public.privacy_requests enable row level security;
alter table public.privacy_request_steps enable row level security;
alter table app.privacy_request_keys enable row level security;
alter table public.privacy_tombstones enable row level security;
alter table public.privacy_restrictions enable row level security;

create policy "Those with privacy.read read requests" on public.privacy_requests for select to authenticated
    using (restaurant_id = any (app.restaurants_with('privacy.read')));
create policy "Those with privacy.read read tombstones" on public.privacy_tombstones for select to authenticated
    using (restaurant_id = any (app.restaurants_with('privacy.read')));
create policy "Those with privacy.read read restrictions" on public.privacy_restrictions for select to authenticated
    using (restaurant_id = any (app.restaurants_with('privacy.read')));

grant select (id, restaurant_id, kind, status, subject, subject_hint, user_id, identity_method, identity_note,
    identity_checked_by, identity_checked_at, received_at, due_at, extended_reason, extended_at, reminded, decided_by,
    decided_at, decision_reason, outcome, file_name, file_expires_at, completed_at, created_by, created_at, updated_at)
    on public.privacy_requests to authenticated;
grant select on public.privacy_tombstones, public.privacy_restrictions to authenticated;
grant select, insert, update on public.privacy_requests, public.privacy_request_steps, public.privacy_restrictions
    to service_role;
grant delete on public.privacy_requests, public.privacy_request_steps to service_role;  -- retention, after five years
grant select, insert, update (erased_at) on public.privacy_tombstones to service_role;
grant select, insert, delete on app.privacy_request_keys to service_role;
grant execute on function app.is_restricted(uuid, text) to service_role;
grant execute on function app.erase_account(uuid) to service_role;
grant execute on function app.sole_admin_of(uuid) to service_role;

-- Erasure deletes where a privacy.py says that a row goes; offboarding deletes what is not bookkeeping.
grant delete on public.loyalty_points, public.loyalty_transactions, public.activities, public.customers,
    public.product_prices, public.product_option_groups, public.product_options, public.discount_codes,
    public.site_keys, public.daily_restatements, public.order_counters, public.imports, public.products
    to service_role;
