-- Retention: who is held back from it, what it has done so far, and the indexes that it finds rows by.

alter table public.restaurants add column financial_year_first_month smallint not null default 1
    check (financial_year_first_month between 1 and 12);
comment on column public.restaurants.financial_year_first_month is
    'First month of the financial year; bookkeeping is kept until five years after the end of it.';

create table public.legal_holds (
    restaurant_id uuid not null,
    id uuid not null,
    subject text not null check (subject ~ '^[0-9a-f]{64}$'),
    reason text not null check (length(reason) between 1 and 500),
    created_by uuid,
    created_at timestamptz not null default now(),
    ended_at timestamptz check (ended_at >= created_at),
    ended_by uuid,
    primary key (restaurant_id, id)
);
create unique index legal_holds_in_force on public.legal_holds (restaurant_id, subject) where ended_at is null;
comment on table public.legal_holds is 'tenant: persons whose rows retention and erasure leave alone, by pseudonym.';
comment on column public.legal_holds.subject is 'Pseudonym of the contact (flow.privacy.subjects); never the contact itself.';
comment on column public.legal_holds.reason is 'The case, without names.';

create table app.retention_tallies (
    table_name text not null,
    restaurant_id uuid not null default '00000000-0000-0000-0000-000000000000',
    rows bigint not null check (rows >= 0),
    began_at timestamptz not null,
    primary key (table_name, restaurant_id)
);
comment on table app.retention_tallies is
    'platform: rows done but not yet told to the audit log; counted in the transaction that did them, so a crash loses none.';
comment on column app.retention_tallies.restaurant_id is 'Zeros where all restaurants went at once, as with partitions.';

alter table public.import_errors add column created_at timestamptz not null default now();
create index import_errors_created on public.import_errors (restaurant_id, created_at);
create index channel_attribution_created on public.channel_attribution (restaurant_id, created_at);
create index order_items_noted on public.order_items (restaurant_id, created_at) where notes is not null;
create index order_status_changes_signed on public.order_status_changes (restaurant_id, changed_at)
    where changed_by is not null or reason is not null;

-- One month goes in one short statement. Who cannot have the lock at once gives way to the writers, and tries again.
drop function app.drop_partitions(text, date);
create function app.drop_partition(part text) returns void
    language plpgsql security definer set search_path = '' set lock_timeout = '100ms'
    as $$
begin
    if not exists (
        select from pg_catalog.pg_inherits i
        where i.inhrelid = to_regclass(format('parts.%I', part))
          and i.inhparent in ('public.events'::regclass, 'public.page_views'::regclass, 'public.heatmap_events'::regclass))
    then
        raise exception '% is not a month of a partitioned table', part using errcode = '22023';
    end if;
    execute format('drop table parts.%I', part);
end
$$;
comment on function app.drop_partition(text) is 'Retention: drops one month; fails at once when it would have to wait.';

alter table public.legal_holds add foreign key (restaurant_id) references public.restaurants (id);

insert into app.role_permissions (role, permission)
values ('compliance', 'holds.write'), ('super_admin', 'holds.write');

revoke all on public.legal_holds, app.retention_tallies from public, anon, authenticated, service_role;
revoke all on function app.drop_partition(text) from public, anon, authenticated, service_role;
alter table public.legal_holds enable row level security;
alter table app.retention_tallies enable row level security;

create policy "Those with audit.read read legal_holds" on public.legal_holds for select to authenticated
    using (restaurant_id = any (app.restaurants_with('audit.read')));
create policy "Those with holds.write begin holds" on public.legal_holds for insert to authenticated
    with check (restaurant_id = any (app.restaurants_with('holds.write'))
        and created_by = app.user_id() and ended_at is null);
create policy "Those with holds.write end holds" on public.legal_holds for update to authenticated
    using (restaurant_id = any (app.restaurants_with('holds.write')) and ended_at is null)
    with check (restaurant_id = any (app.restaurants_with('holds.write')) and ended_by = app.user_id());

grant select, insert on public.legal_holds to authenticated;
grant update (ended_at, ended_by) on public.legal_holds to authenticated;
grant select, insert, update, delete on public.legal_holds, app.retention_tallies to service_role;
grant delete on public.activities, public.loyalty_points, public.loyalty_transactions to service_role;
grant execute on function app.drop_partition(text) to service_role;
