-- name: orders -> OrderRow
-- Orders of some restaurants within their spans of time, newest first, one page of them; what led to an order is null
-- where the caller may not know. As the figures have it, an
-- order refunded without an amount is refunded in full.
with span as (
    select * from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) as s (restaurant_id, first, past)
)
select o.restaurant_id, r.name as restaurant, o.id, o.order_number as number, o.created_at, o.status, o.channel,
       o.fulfillment_type as fulfillment,
       case when o.restaurant_id = any (:with_touch) then coalesce(a.last_touch_channel, '') end as last_touch,
       coalesce(lines.items, '') as items, o.subtotal, o.discount_amount as discount, o.delivery_fee, o.total,
       case when o.status = 'refunded' and o.refunded_amount = 0 then o.total else o.refunded_amount end as refunded,
       o.currency
from span s
join public.restaurants r on r.id = s.restaurant_id
join public.orders o on o.restaurant_id = s.restaurant_id and o.created_at >= s.first and o.created_at < s.past
left join public.channel_attribution a on a.restaurant_id = o.restaurant_id and a.order_id = o.id
left join lateral (
    select string_agg(i.quantity || ' × ' || i.product_name, ', ' order by i.line_total desc, i.id) as items
    from public.order_items i
    where i.restaurant_id = o.restaurant_id and i.order_id = o.id
) lines on true
where (:status::text is null or o.status = :status
       or (:status = 'active' and o.status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering')))
  and (:channel::text is null or o.channel = :channel)
  and (:touch::text is null or coalesce(a.last_touch_channel, '') = :touch)
  and (:product::uuid is null or exists (
        select from public.order_items i
        where i.restaurant_id = o.restaurant_id and i.order_id = o.id and i.product_id = :product))
  and (:before_at::timestamptz is null or (o.created_at, o.id) < (:before_at, :before_id::uuid))
order by o.created_at desc, o.id desc
limit :page_size;

-- name: order_sums -> OrderSums
-- How many orders match in all, and what they come to; cancelled ones and those in a foreign currency stand apart.
with span as (
    select * from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) as s (restaurant_id, first, past)
),
matching as (
    select o.status, r.currency, o.currency <> r.currency as is_foreign,
           case when o.status = 'refunded' and o.refunded_amount = 0 then 0 else o.total - o.refunded_amount end as paid
    from span s
    join public.restaurants r on r.id = s.restaurant_id
    join public.orders o on o.restaurant_id = s.restaurant_id and o.created_at >= s.first and o.created_at < s.past
    left join public.channel_attribution a on a.restaurant_id = o.restaurant_id and a.order_id = o.id
    where (:status::text is null or o.status = :status
           or (:status = 'active' and o.status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering')))
      and (:channel::text is null or o.channel = :channel)
      and (:touch::text is null or coalesce(a.last_touch_channel, '') = :touch)
      and (:product::uuid is null or exists (
            select from public.order_items i
            where i.restaurant_id = o.restaurant_id and i.order_id = o.id and i.product_id = :product))
)
select count(*) filter (where status <> 'cancelled' and not is_foreign)::int as orders,
       count(*) filter (where status = 'cancelled' and not is_foreign)::int as cancelled,
       count(*) filter (where is_foreign)::int as foreign,
       coalesce(sum(paid) filter (where status <> 'cancelled' and not is_foreign), 0)::bigint as revenue,
       case when count(distinct currency) = 1 then min(currency)::text end as currency
from matching;

-- name: visits -> VisitRow
-- Visits of some restaurants within their spans of time, newest first, one page of them.
with span as (
    select * from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) as s (restaurant_id, first, past)
)
select r.name as restaurant, v.session_id, v.started_at, v.duration_seconds as seconds, v.page_views,
       v.events_count as events, v.channel, v.source, v.device_type as device, v.landing_page,
       v.orders_created > 0 as ordered, v.is_bounce as bounced
from span s
join public.restaurants r on r.id = s.restaurant_id
join public.sessions v on v.restaurant_id = s.restaurant_id and v.started_at >= s.first and v.started_at < s.past
where :before_at::timestamptz is null or (v.started_at, v.session_id) < (:before_at, :before_id::uuid)
order by v.started_at desc, v.session_id desc
limit :page_size;

-- name: visit_sums -> VisitSums
-- How many visits match in all, and in how many of them something was ordered.
with span as (
    select * from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) as s (restaurant_id, first, past)
)
select count(*)::int as visits, count(*) filter (where v.orders_created > 0)::int as ordered
from span s
join public.sessions v on v.restaurant_id = s.restaurant_id and v.started_at >= s.first and v.started_at < s.past;
