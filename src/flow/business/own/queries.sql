-- name: own_orders -> OrderKey
-- A page of the caller's own orders, newest first: those placed while logged in, and those of the guest that they are.
select o.restaurant_id, o.id
from (
    select restaurant_id, id, created_at from public.orders where user_id = app.user_id()
    union
    select restaurant_id, id, created_at from public.orders
    where restaurant_id = any (app.restaurants_with('own.read')) and customer_id = any (app.own_customers())
) o
where (:after_id::uuid is null or (o.created_at, o.id) < (:after_time::timestamptz, :after_id))
  and (:order_id::uuid is null or o.id = :order_id)
order by o.created_at desc, o.id desc
limit :row_limit;

-- name: places -> PlaceName
-- The restaurants that the caller may name.
select id, name from public.restaurants where id = any (app.restaurants_with('own.read'));

-- name: profiles -> OwnProfile
-- What each restaurant knows of the caller.
select c.restaurant_id, r.name as restaurant_name, c.name, c.phone, c.email, c.first_order_at, c.last_order_at, l.points
from public.customers c
join public.restaurants r on r.id = c.restaurant_id
left join public.loyalty_points l on l.restaurant_id = c.restaurant_id and l.customer_id = c.id
where c.user_id = app.user_id()
order by r.name, c.restaurant_id;
