-- name: key_of -> KeyOf
-- A table's schema, name, key, column with the restaurant, and the policy by which people read it.
select n.nspname::text as schema, c.relname::text as name,
    array(select a.attname::text from pg_catalog.pg_index i
          join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
          where i.indrelid = c.oid and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)) as key,
    case when c.relname = 'restaurants' then 'id'
        else (select a.attname::text from pg_catalog.pg_attribute a
              where a.attrelid = c.oid and a.attname = 'restaurant_id') end as restaurant_column,
    exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id') as has_user,
    (select p.polname::text from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polcmd = 'r') as policy
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relname = :table and n.nspname in ('public', 'app') and c.relkind in ('r', 'p') and not c.relispartition;

-- name: holders -> Holder
-- Everybody with a role in the restaurant, or on the whole platform, or known there as a guest who logs in, and whom
-- the row is about, with no role at all.
with held as (
    select a.user_id, a.role, false as on_platform, a.created_at as since
    from public.user_restaurant_access a where a.restaurant_id = :restaurant_id
    union all
    select r.user_id, r.role, true, r.created_at from public.user_roles r
    union
    select o.user_id, 'customer', false, null
    from public.orders o where o.restaurant_id = :restaurant_id and o.user_id is not null
    union
    select g.user_id, 'customer', false, null
    from public.customers g where g.restaurant_id = :restaurant_id and g.user_id is not null
    union
    select :user_id, '', false, null where :user_id::uuid is not null
)
select h.user_id, c.email, c.name, h.role, h.on_platform, h.since,
    (select max(s.expires_at) from public.support_accesses s
     where h.role = 'support' and s.user_id = h.user_id and s.restaurant_id = :restaurant_id
       and s.ended_at is null and s.expires_at > now()) as door_until
from held h join app.accounts c on c.id = h.user_id
where not c.is_barred
order by h.on_platform, h.role, lower(c.email);
