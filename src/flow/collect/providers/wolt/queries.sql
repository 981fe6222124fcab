-- name: link
-- Keeps what Wolt says of a new order.
insert into public.wolt_orders
    (restaurant_id, order_id, wolt_number, kind, delivery_type, is_carried_by_us, wolt_status, seen_status, accept_until,
     created_at, updated_at)
values
    (:restaurant_id, :order_id, :wolt_number, :kind, :delivery_type, :is_carried_by_us, :wolt_status, :seen_status,
     :accept_until, :created_at, :updated_at)
on conflict (restaurant_id, order_id) do nothing

-- name: lock_followed -> Followed
-- An order by its number at Wolt, with Wolt's view of it held until the transaction ends.
select w.restaurant_id, w.order_id, o.external_id as wolt_id, w.kind, w.is_carried_by_us, w.wolt_status, o.status,
    o.fulfillment_type, o.cancel_reason, w.accept_until
from public.orders o
join public.wolt_orders w on w.restaurant_id = o.restaurant_id and w.order_id = o.id
where o.restaurant_id = :restaurant_id and o.source = 'wolt' and o.external_id = :wolt_id
for update of w

-- name: note_wolt_status
-- How far the order is at Wolt now.
update public.wolt_orders
set wolt_status = :wolt_status, updated_at = :now,
    accept_until = case when :is_decided::boolean then null else accept_until end
where restaurant_id = :restaurant_id and order_id = :order_id

-- name: moved_orders -> Followed
-- Orders that moved since they were last compared with Wolt's view of them.
select w.restaurant_id, w.order_id, o.external_id as wolt_id, w.kind, w.is_carried_by_us, w.wolt_status, o.status,
    o.fulfillment_type, o.cancel_reason, w.accept_until
from public.wolt_orders w
join public.orders o on o.restaurant_id = w.restaurant_id and o.id = w.order_id
where w.seen_status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering') and o.status <> w.seen_status
order by w.created_at
limit :most
for update of w skip locked

-- name: note_seen
-- The order's status has been looked at.
update public.wolt_orders
set seen_status = :status, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id

-- name: undecided_orders -> Followed
-- Orders that nobody accepted in time; Wolt has given them up by now, or will have been told so.
select w.restaurant_id, w.order_id, o.external_id as wolt_id, w.kind, w.is_carried_by_us, w.wolt_status, o.status,
    o.fulfillment_type, o.cancel_reason, w.accept_until
from public.wolt_orders w
join public.orders o on o.restaurant_id = w.restaurant_id and o.id = w.order_id
where w.seen_status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering') and w.accept_until <= :now
order by w.created_at
limit :most
for update of w skip locked

-- name: note_decided
-- Nobody has to decide about the order any more.
update public.wolt_orders
set accept_until = null, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id

-- name: unfinished_orders -> Followed
-- Orders that have not reached their end at Wolt.
select w.restaurant_id, w.order_id, o.external_id as wolt_id, w.kind, w.is_carried_by_us, w.wolt_status, o.status,
    o.fulfillment_type, o.cancel_reason, w.accept_until
from public.wolt_orders w
join public.orders o on o.restaurant_id = w.restaurant_id and o.id = w.order_id
where w.created_at >= :since and w.wolt_status not in ('delivered', 'rejected')
order by w.created_at
limit :most

-- name: order_at_wolt -> Linked
-- Wolt's view of an order.
select restaurant_id, order_id, wolt_number, kind, delivery_type, is_carried_by_us, wolt_status, seen_status, accept_until,
    created_at, updated_at
from public.wolt_orders
where restaurant_id = :restaurant_id and order_id = :order_id
