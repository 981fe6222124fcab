-- name: find_site_key -> SiteKey
-- A site key that is still valid, with what ingest needs of its restaurant.
select k.restaurant_id, k.allowed_origins, k.events_per_minute, r.event_namespace, r.time_zone,
    r.business_day_cutoff_hour
from public.site_keys k
join public.restaurants r on r.id = k.restaurant_id
where k.restaurant_id = :restaurant_id and k.key = :key and k.revoked_at is null

-- name: find_site -> SiteKey
-- A restaurant as ingest knows it, without a key: for events out of the quarantine.
select r.id as restaurant_id, '{}'::text[] as allowed_origins, 1 as events_per_minute, r.event_namespace, r.time_zone,
    r.business_day_cutoff_hour
from public.restaurants r
where r.id = :restaurant_id

-- name: add_salt
-- A day's salt; the first process to ask makes it.
insert into app.visitor_salts (day, salt) values (:day, :salt) on conflict (day) do nothing

-- name: find_salt
-- A day's salt, if it is still kept.
select salt from app.visitor_salts where day = :day

-- name: forget_salts
-- Deletes the salts of days before one.
delete from app.visitor_salts where day < :first_kept

-- name: make_partitions
-- Makes the months' partitions of one table that are missing; answers how many.
select app.make_partitions(:parent, :first_month::date, :last_month::date)
