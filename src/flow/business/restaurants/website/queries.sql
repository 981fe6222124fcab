-- name: site_keys -> PublicKey
-- The keys in force, the oldest first.
select key, name, allowed_origins, created_at
from public.site_keys
where restaurant_id = :restaurant_id and revoked_at is null
order by created_at, key;

-- name: count_site_keys
-- How many keys are in force.
select count(*) from public.site_keys where restaurant_id = :restaurant_id and revoked_at is null;

-- name: allow_origins
-- Says anew which pages may use a key.
update public.site_keys
set name = :name, allowed_origins = :allowed_origins::text[]
where restaurant_id = :restaurant_id and key = :key and revoked_at is null;

-- name: revoke_site_key
-- Ends a key for good.
update public.site_keys set revoked_at = :now where restaurant_id = :restaurant_id and key = :key and revoked_at is null;

-- name: latest_visit
-- When the last visit began that reached FLOW.
select max(started_at) from public.sessions where restaurant_id = :restaurant_id;
