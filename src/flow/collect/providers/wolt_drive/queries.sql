-- name: add_delivery
-- A courier is wanted; nothing where one is underway.
insert into public.courier_deliveries (restaurant_id, id, order_id, requested_by, created_at, updated_at)
values (:restaurant_id, :id, :order_id, :requested_by, :now, :now)
on conflict do nothing

-- name: delivery_by_id -> CourierDelivery
-- A delivery by our id.
select restaurant_id, id, order_id, status, reference, tracking_url, price, currency, pickup_at, dropoff_at, reason,
    requested_by, created_at, delivered_at, updated_at
from public.courier_deliveries
where restaurant_id = :restaurant_id and id = :id

-- name: lock_delivery -> CourierDelivery
-- A delivery that is about to change.
select restaurant_id, id, order_id, status, reference, tracking_url, price, currency, pickup_at, dropoff_at, reason,
    requested_by, created_at, delivered_at, updated_at
from public.courier_deliveries
where restaurant_id = :restaurant_id and id = :id
for update

-- name: change_delivery
-- Writes a delivery anew.
update public.courier_deliveries
set status = :status, reference = :reference, tracking_url = :tracking_url, price = :price, currency = :currency,
    pickup_at = :pickup_at, dropoff_at = :dropoff_at, reason = :reason, delivered_at = :delivered_at,
    updated_at = :updated_at
where restaurant_id = :restaurant_id and id = :id

-- name: deliveries_of -> CourierDelivery
-- The deliveries of an order, the newest first.
select restaurant_id, id, order_id, status, reference, tracking_url, price, currency, pickup_at, dropoff_at, reason,
    requested_by, created_at, delivered_at, updated_at
from public.courier_deliveries
where restaurant_id = :restaurant_id and order_id = :order_id
order by created_at desc, id desc

-- name: wanted -> Wanted
-- Confirmed deliveries of restaurants that send for a courier by themselves, without one so far.
select o.restaurant_id, o.id as order_id
from public.integration_configs c
join public.orders o on o.restaurant_id = c.restaurant_id
where c.integration_name = 'wolt-drive' and c.status = 'active'
  and lower(c.config ->> 'sends_by_itself') in ('yes', 'ja', 'true', '1', 'on')
  and o.created_at >= :since and o.status in ('confirmed', 'preparing') and o.fulfillment_type = 'delivery'
  and o.source = 'flow'
  and not exists (select from public.courier_deliveries d where d.restaurant_id = o.restaurant_id and d.order_id = o.id)
order by o.created_at
limit :most

-- name: to_call_off -> CourierDelivery
-- Couriers who are underway for orders that were cancelled.
select d.restaurant_id, d.id, d.order_id, d.status, d.reference, d.tracking_url, d.price, d.currency, d.pickup_at,
    d.dropoff_at, d.reason, d.requested_by, d.created_at, d.delivered_at, d.updated_at
from public.courier_deliveries d
join public.orders o on o.restaurant_id = d.restaurant_id and o.id = d.order_id
where d.status in ('requested', 'received', 'pickup_started', 'pickup_arrival') and d.created_at >= :since
  and o.status = 'cancelled'
  and not exists (
    select from public.provider_calls p
    where p.restaurant_id = d.restaurant_id and p.provider = 'wolt-drive' and p.key = 'cancel:' || d.id
  )
limit :most
