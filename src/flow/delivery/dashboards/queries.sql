-- name: restaurants -> DashboardRestaurant
-- The restaurants that a reader may choose, by name.
select id, name, is_simulated as simulated, currency, time_zone, business_day_cutoff_hour as cutoff_hour,
       id = any (:with_figures) as has_figures
from public.restaurants
where id = any (:restaurants) and status <> 'closed'
order by name, id;

-- name: active_by_status -> StatusCount
-- How many orders are on their way through the kitchen, by status, of those placed since a moment.
select status, count(*)::int as orders
from public.orders
where restaurant_id = any (:restaurants) and created_at >= :since
  and status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering')
group by status;

-- name: visitors_since
-- How many visitors were active since a moment.
select count(distinct visitor_id)::int
from public.sessions
where restaurant_id = any (:restaurants) and started_at >= :started_after and ended_at >= :active_after;

-- name: orders_since -> NewOrder
-- The orders stored since a moment, oldest first.
select id, order_number as number, channel, total, currency, recorded_at
from public.orders
where restaurant_id = any (:restaurants) and created_at >= :ordered_after and recorded_at > :recorded_after
order by recorded_at, id
limit 20;

-- name: starting_point -> StartingPoint
-- What the owner of a restaurant without any data needs to begin; no row when there are data.
select r.id, r.slug,
       (select k.key from public.site_keys k
        where k.restaurant_id = r.id and k.revoked_at is null
        order by k.created_at desc limit 1) as key
from public.restaurants r
where r.id = :restaurant
  and not exists (select from public.orders o where o.restaurant_id = r.id)
  and not exists (select from public.sessions s where s.restaurant_id = r.id);
