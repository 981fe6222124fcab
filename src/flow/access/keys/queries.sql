-- name: add_key
-- Keeps a new key's hash.
insert into public.api_keys
    (restaurant_id, id, name, key_hash, ending, scopes, created_by, created_at, expires_at)
values (:restaurant_id, :id, :name, :key_hash, :ending, :scopes, :by, :at, :expires_at);

-- name: keys_of -> ApiKey
-- A restaurant's keys that were not revoked, the newest first; those that ran out too, so that people see why a till stopped.
select restaurant_id, id, name, ending, scopes, created_at, expires_at, last_used_at
from public.api_keys
where restaurant_id = :restaurant_id and revoked_at is null
order by created_at desc, id desc;

-- name: count_keys
-- How many keys of the restaurant hold.
select count(*)::int from public.api_keys
where restaurant_id = :restaurant_id and revoked_at is null and expires_at > :now;

-- name: use_key -> UsedKey
-- The key if it holds; notes at most once a minute that it was used.
with held as (
    select k.restaurant_id, k.id, k.name, k.last_used_at
    from public.api_keys k
    where k.restaurant_id = :restaurant_id and k.id = :id and k.key_hash = :key_hash
      and k.revoked_at is null and k.expires_at > :now
),
noted as (
    update public.api_keys k set last_used_at = :now
    from held h
    where k.restaurant_id = :restaurant_id and k.restaurant_id = h.restaurant_id and k.id = h.id
      and (h.last_used_at is null or h.last_used_at < :now::timestamptz - interval '1 minute')
)
select restaurant_id, id, name from held;

-- name: revoke_key
-- The key is worth nothing from now on.
update public.api_keys set revoked_at = :at, revoked_by = :by
where restaurant_id = :restaurant_id and id = :id and revoked_at is null;
