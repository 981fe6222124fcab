-- name: find_restaurant -> Restaurant
-- A restaurant by its id.
select id, name, slug, phone, address, postal_code, city, country_code, currency, time_zone, business_day_cutoff_hour,
    language, vat_rate_percent, delivery_fee, free_delivery_from, minimum_order, status, is_simulated
from public.restaurants
where id = :restaurant_id

-- name: find_restaurant_by_slug -> Restaurant
-- A restaurant by the name in its addresses.
select id, name, slug, phone, address, postal_code, city, country_code, currency, time_zone, business_day_cutoff_hour,
    language, vat_rate_percent, delivery_fee, free_delivery_from, minimum_order, status, is_simulated
from public.restaurants
where slug = :slug

-- name: find_site_key -> SiteKey
-- A site key that is still valid.
select key, allowed_origins
from public.site_keys
where restaurant_id = :restaurant_id and key = :key and revoked_at is null

-- name: newest_site_key -> SiteKey
-- The key that FLOW's own pages of a restaurant use.
select key, allowed_origins
from public.site_keys
where restaurant_id = :restaurant_id and revoked_at is null
order by created_at desc, key
limit 1

-- name: add_restaurant
-- A new restaurant; nothing when its slug or its namespace is taken.
insert into public.restaurants
    (id, name, slug, event_namespace, country_code, currency, time_zone, language, created_at, updated_at)
values
    (:id, :name, :slug, :event_namespace, :country_code, :currency, :time_zone, :language, :now, :now)
on conflict do nothing
returning id

-- name: add_site_key
-- A key for the restaurant's pages.
insert into public.site_keys (restaurant_id, key, name, allowed_origins, created_at)
values (:restaurant_id, :key, :name, :allowed_origins::text[], :now)

-- name: tell_people
-- A message to all of the restaurant's people.
insert into public.notifications (restaurant_id, id, kind, severity, title, body, facts, link, created_at)
values (:restaurant_id, :id, :kind, :severity, :title, :body, :facts, :link, :now)
