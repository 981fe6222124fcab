-- name: to_capture -> Errand
-- Reserved payments whose orders the kitchen has begun, and for which nothing was queued yet.
select p.restaurant_id, p.provider, p.id as payment_id, null::uuid as refund_id, 'capture:' || p.id as key
from public.payments p
join public.orders o on o.restaurant_id = p.restaurant_id and o.id = p.order_id
where p.status = 'authorized' and p.provider in ('stripe', 'mobilepay')
  and o.status in ('preparing', 'ready', 'delivering', 'completed')
  and not exists (
    select from public.provider_calls c
    where c.restaurant_id = p.restaurant_id and c.provider = p.provider and c.key = 'capture:' || p.id)
limit :most

-- name: to_cancel -> Errand
-- Payments underway of orders that were cancelled. A page that is closed and a reservation that is let go are two things:
-- the guest may have paid in between.
select p.restaurant_id, p.provider, p.id as payment_id, null::uuid as refund_id, k.key
from public.payments p
join public.orders o on o.restaurant_id = p.restaurant_id and o.id = p.order_id
cross join lateral (
    select case when p.status = 'authorized' then 'release:' else 'cancel:' end || p.id as key
) k
where p.status in ('pending', 'processing', 'authorized') and p.provider in ('stripe', 'mobilepay')
  and o.status = 'cancelled' and (p.provider_transaction_id is not null or p.checkout_id is not null)
  and not exists (
    select from public.provider_calls c
    where c.restaurant_id = p.restaurant_id and c.provider = p.provider and c.key = k.key)
limit :most

-- name: to_refund -> Errand
-- Refunds that were asked for, and for which nothing was queued yet.
select r.restaurant_id, p.provider, p.id as payment_id, r.id as refund_id, 'refund:' || r.id as key
from public.payment_refunds r
join public.payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
where r.status = 'requested'
  and not exists (
    select from public.provider_calls c
    where c.restaurant_id = r.restaurant_id and c.provider = p.provider and c.key = 'refund:' || r.id)
order by r.created_at
limit :most

-- name: to_look_at -> Errand
-- Payments that their provider was to tell of, with the moment of the next look moved on: in growing steps, for a day.
update public.payments
set next_look_at = case when :now::timestamptz < initiated_at + interval '1 day'
    then :now::timestamptz + least(greatest(:now::timestamptz - initiated_at, interval '10 seconds'), interval '10 minutes') end
where (restaurant_id, id) in (
    select restaurant_id, id from public.payments
    where next_look_at <= :now::timestamptz
    order by next_look_at
    limit :most
    for update skip locked)
returning restaurant_id, provider, id as payment_id, null::uuid as refund_id,
    'look:' || id || ':' || extract(epoch from :now::timestamptz)::bigint as key

-- name: never_opened -> OnlinePayment
-- Payments of cancelled orders for which no guest ever came to the provider's page.
select p.restaurant_id, p.id, p.order_id, p.amount, p.currency, p.status, p.provider, p.provider_transaction_id,
    p.card_last_four, p.card_brand, p.captured_amount, p.refunded_amount, p.refunding_amount, p.reported_refunded,
    p.dispute, p.initiated_at, p.authorized_at, p.completed_at, p.failed_at, p.told_at, p.checkout_id, p.checkout_url,
    p.next_look_at
from public.payments p
join public.orders o on o.restaurant_id = p.restaurant_id and o.id = p.order_id
where p.status in ('pending', 'processing') and p.provider in ('stripe', 'mobilepay') and o.status = 'cancelled'
  and p.provider_transaction_id is null and p.checkout_id is null
limit :most

-- name: unpaid_orders -> UnpaidOrder
-- Orders of guests that waited for their payment for too long.
select o.restaurant_id, o.id
from public.orders o
where o.status = 'pending' and o.created_at < :before and o.payment_method in ('card', 'mobilepay')
  and exists (
    select from public.payments p
    where p.restaurant_id = o.restaurant_id and p.order_id = o.id and p.provider in ('stripe', 'mobilepay'))
  and not exists (
    select from public.payments p
    where p.restaurant_id = o.restaurant_id and p.order_id = o.id
      and p.status not in ('pending', 'processing', 'failed', 'cancelled', 'expired'))
limit :most

-- name: payments_since -> OnlinePayment
-- A restaurant's payments through a provider that began since a moment.
select restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, captured_amount, refunded_amount, refunding_amount, reported_refunded, dispute, initiated_at,
    authorized_at, completed_at, failed_at, told_at, checkout_id, checkout_url, next_look_at
from public.payments
where restaurant_id = :restaurant_id and provider = :provider and created_at >= :since
order by created_at, id

-- name: note_difference
-- Keeps a difference, once while it is open.
insert into public.provider_differences
    (restaurant_id, id, provider, kind, object_id, field, ours, theirs, found_at, seen_at)
values (:restaurant_id, :id, :provider, :kind, :object_id, :field, :ours, :theirs, :now, :now)
on conflict (restaurant_id, provider, kind, object_id, field) where settled_at is null
    do update set ours = excluded.ours, theirs = excluded.theirs, seen_at = excluded.seen_at

-- name: settle_differences
-- Settles the differences that a comparison did not find again.
update public.provider_differences
set settled_at = :now
where restaurant_id = :restaurant_id and provider = :provider and kind = :kind and settled_at is null
  and seen_at < :now and found_at >= :since

-- name: open_differences -> Difference
-- What a provider and FLOW say differently, the newest first.
select id, provider, kind, object_id, field, ours, theirs, found_at
from public.provider_differences
where restaurant_id = :restaurant_id and settled_at is null
order by found_at desc, object_id, field
limit :most
