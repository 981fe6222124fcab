-- name: places -> Place
-- Every restaurant, with the first business day that waits for its roll-up.
select
    r.id, r.time_zone, r.business_day_cutoff_hour, r.financial_year_first_month,
    (select min(s.date) from public.stale_days s where s.restaurant_id = r.id) as oldest_stale_day
from public.restaurants r
order by r.id;

-- name: months -> Month
-- The months of a partitioned table that end at or before a moment, the oldest first.
select part, first_day, starts_at, ends_at
from (
    select
        c.relname::text as part,
        to_date(right(c.relname, 6), 'YYYYMM') as first_day,
        to_date(right(c.relname, 6), 'YYYYMM')::timestamp at time zone 'UTC' as starts_at,
        (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month')::timestamp at time zone 'UTC' as ends_at
    from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
    where i.inhparent = format('public.%I', :parent::text)::regclass and c.relnamespace = 'parts'::regnamespace
) as months
where ends_at <= :before
order by part;

-- name: drop_month
-- Drops one month; fails at once when it would have to wait for its lock.
select app.drop_partition(:part);

-- name: add_tally
-- Counts rows in the transaction that did them.
insert into app.retention_tallies (table_name, restaurant_id, rows, began_at)
values (:table_name, :restaurant_id, :rows, :at)
on conflict (table_name, restaurant_id) do update set rows = retention_tallies.rows + excluded.rows;

-- name: do_not_wait_for_disk
-- For this transaction: its commit lets its locks go without waiting until its log is on disk.
select set_config('synchronous_commit', 'off', true);

-- name: take_tallies -> Tally
-- Takes the tallies of some tables, to tell them to the audit log in the same transaction.
delete from app.retention_tallies where table_name = any (:tables::text[])
returning table_name, restaurant_id, rows;

-- name: holds_in_force -> Hold
-- The legal holds in force, of one restaurant or of all.
select restaurant_id, id, subject, reason, created_at, ended_at
from public.legal_holds
where ended_at is null and (:restaurant::uuid is null or restaurant_id = :restaurant)
order by restaurant_id, id;

-- name: is_held
-- Whether one of these pseudonyms is under a legal hold; with no restaurant given, in any.
select exists (
    select from public.legal_holds
    where ended_at is null and subject = any (:subjects::text[])
      and (:restaurant::uuid is null or restaurant_id = :restaurant));

-- name: holds -> Hold
-- The legal holds of a restaurant, those in force first.
select restaurant_id, id, subject, reason, created_at, ended_at
from public.legal_holds
where restaurant_id = :restaurant
order by ended_at is not null, created_at desc
limit 200;

-- name: begin_hold
-- Begins a legal hold; nothing when the person is held already.
insert into public.legal_holds (restaurant_id, id, subject, reason, created_by, created_at)
values (:restaurant, :id, :subject, :reason, :by, :at)
on conflict (restaurant_id, subject) where ended_at is null do nothing;

-- name: end_hold
-- Ends a legal hold that is in force.
update public.legal_holds set ended_at = :at, ended_by = :by
where restaurant_id = :restaurant and id = :id and ended_at is null;

-- name: recent_runs -> Past
-- What retention last did in a restaurant, by the audit log.
select created_at, after as facts
from public.gdpr_audit_log
where restaurant_id = :restaurant and action = 'retention'
order by created_at desc
limit 20;
