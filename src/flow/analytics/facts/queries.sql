-- Every query takes spans as parallel arrays (restaurants, starts, ends) and numbers them from 1 in their order.
-- A lateral aggregate per span keeps the plan an index range per span, and what belongs to the span's orders is looked up
-- by an array of their ids: so the policy of row level security is one index condition per span, read once, and never a
-- filter that parses the claims again for every row.

-- name: restaurants -> Restaurant
-- The restaurants asked for that the caller may see.
select r.id, r.name, r.currency::text, r.time_zone, r.business_day_cutoff_hour as cutoff_hour, r.is_simulated
from public.restaurants r
where r.id = any (:restaurants::uuid[]);

-- name: order_facts -> OrderFacts
-- What was ordered in each span. A refund counts on the day of its order; an order refunded without an amount in full.
select
    s.span::int, f.orders, f.revenue, f.subtotals, f.discounts, f.delivery_fees, f.refunds, f.tax, f.cancelled_orders,
    f.foreign_orders, f.known_orders, f.known_revenue, f.customers, a.attributed_orders, f.ai_orders
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, currency, span)
cross join lateral (
    select
        array_agg(c.id) filter (where c.counts) as ids,
        count(*) filter (where c.counts) as orders,
        coalesce(sum(c.total - c.refunded) filter (where c.counts), 0)::bigint as revenue,
        coalesce(sum(c.subtotal) filter (where c.counts), 0)::bigint as subtotals,
        coalesce(sum(c.discount_amount) filter (where c.counts), 0)::bigint as discounts,
        coalesce(sum(c.delivery_fee) filter (where c.counts), 0)::bigint as delivery_fees,
        coalesce(sum(c.refunded) filter (where c.counts), 0)::bigint as refunds,
        coalesce(sum(c.tax_amount) filter (where c.counts), 0)::bigint as tax,
        count(*) filter (where not c.is_foreign and c.status = 'cancelled') as cancelled_orders,
        count(*) filter (where c.is_foreign) as foreign_orders,
        count(c.customer_id) filter (where c.counts) as known_orders,
        coalesce(sum(c.total - c.refunded) filter (where c.counts and c.customer_id is not null), 0)::bigint
            as known_revenue,
        count(distinct c.customer_id) filter (where c.counts) as customers,
        count(*) filter (where c.counts and c.channel = 'ai_chat') as ai_orders
    from (
        select
            o.*,
            o.currency <> s.currency as is_foreign,
            o.currency = s.currency and o.status <> 'cancelled' as counts,
            case when o.status = 'refunded' and o.refunded_amount = 0 then o.total else o.refunded_amount end as refunded
        from public.orders o
        where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
    ) c
) f
cross join lateral (
    select count(*) as attributed_orders
    from public.channel_attribution a
    where a.restaurant_id = s.restaurant_id and a.order_id = any (f.ids) and a.last_touch_channel is not null
) a;

-- name: first_order_facts -> FirstOrderFacts
-- Orders of each span that were their customer's first, cancelled ones aside; a look-up per order, so asked only if wanted.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, currency, span)
cross join lateral (
    select count(*) as first_orders
    from public.orders o
    where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
      and o.currency = s.currency and o.status <> 'cancelled' and o.customer_id is not null
      and (
        select e.id
        from public.orders e
        where e.restaurant_id = s.restaurant_id and e.customer_id = o.customer_id and e.created_at <= o.created_at
          and e.status <> 'cancelled'
        order by e.created_at, e.id
        limit 1
      ) = o.id
) f;

-- name: item_facts -> ItemFacts
-- The lines of the orders that count, per span.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, currency, span)
cross join lateral (
    select array_agg(o.id) as ids
    from public.orders o
    where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
      and o.status <> 'cancelled' and o.currency = s.currency
) o
cross join lateral (
    select
        coalesce(sum(i.quantity), 0)::bigint as items,
        coalesce(sum(i.line_total - i.discount_amount), 0)::bigint as item_revenue
    from public.order_items i
    where i.restaurant_id = s.restaurant_id and i.order_id = any (o.ids)
) f;

-- name: web_order_facts -> WebOrderFacts
-- Orders that FLOW took on the web and how many of them a checkout_completed event tells about, within a day either way.
-- Grouped instead of joined: a planner that expects few rows would compare every order with every event.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, currency, span)
cross join lateral (
    select
        count(*) filter (where w.is_order) as web_orders,
        count(*) filter (where w.is_order and w.is_told) as web_orders_captured
    from (
        select u.id, bool_or(u.is_order) as is_order, bool_or(not u.is_order) as is_told
        from (
            select o.id::text as id, true as is_order
            from public.orders o
            where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
              and o.channel = 'web' and o.source = 'flow' and o.status <> 'cancelled' and o.currency = s.currency
            union all
            select e.event_data ->> 'order_id', false
            from public.events e
            where e.restaurant_id = s.restaurant_id and e.event_name = 'checkout_completed'
              and e.timestamp >= s.starts_at - interval '1 day' and e.timestamp < s.ends_at + interval '1 day'
              and e.timestamp >= :earliest::timestamptz - interval '1 day'
              and e.timestamp < :latest::timestamptz + interval '1 day'
        ) u
        group by u.id
    ) w
) f;

-- name: visit_facts -> VisitFacts
-- The sessions that began in each span.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, span)
cross join lateral (
    select
        count(*) as sessions,
        count(distinct v.visitor_id) as visitors,
        coalesce(sum(v.duration_seconds), 0)::bigint as session_seconds,
        coalesce(sum(v.page_views), 0)::bigint as session_page_views,
        count(*) filter (where v.is_bounce) as bounced_sessions,
        count(*) filter (where v.orders_created > 0) as converted_sessions
    from public.sessions v
    where v.restaurant_id = s.restaurant_id and v.started_at >= s.starts_at and v.started_at < s.ends_at
) f;

-- name: new_visitor_facts -> NewVisitorFacts
-- Consented visitors of each span who are in no earlier session; a look-up per session, so asked only if wanted.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, span)
cross join lateral (
    select count(distinct v.visitor_id) as new_visitors
    from public.sessions v
    where v.restaurant_id = s.restaurant_id and v.started_at >= s.starts_at and v.started_at < s.ends_at
      and v.is_consented and (
        select e.started_at
        from public.sessions e
        where e.restaurant_id = s.restaurant_id and e.visitor_id = v.visitor_id
        order by e.started_at
        limit 1
      ) >= s.starts_at
) f;

-- name: page_facts -> PageFacts
-- The pages entered in each span; the earliest and latest times let whole partitions be left out.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, span)
cross join lateral (
    select
        count(p.page_path) as page_views,
        coalesce(sum(p.max_seq), 0)::bigint as events_expected,
        coalesce(sum(least(p.events_received, p.max_seq)), 0)::bigint as events_captured
    from public.page_views p
    where p.restaurant_id = s.restaurant_id and p.entered_at >= s.starts_at and p.entered_at < s.ends_at
      and p.entered_at >= :earliest::timestamptz and p.entered_at < :latest::timestamptz
) f;

-- name: event_facts -> EventFacts
-- The events stored with a time in each span.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, span)
cross join lateral (
    select count(*) as events
    from public.events e
    where e.restaurant_id = s.restaurant_id and e.timestamp >= s.starts_at and e.timestamp < s.ends_at
      and e.timestamp >= :earliest::timestamptz and e.timestamp < :latest::timestamptz
) f;

-- name: loyalty_facts -> LoyaltyFacts
-- Points booked and members won in each span.
select s.span::int, f.*, m.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, span)
cross join lateral (
    select
        coalesce(sum(t.points) filter (where t.kind = 'earned'), 0)::bigint as points_earned,
        coalesce(-sum(t.points) filter (where t.kind = 'redeemed'), 0)::bigint as points_redeemed
    from public.loyalty_transactions t
    where t.restaurant_id = s.restaurant_id and t.created_at >= s.starts_at and t.created_at < s.ends_at
) f
cross join lateral (
    select count(*) as new_members
    from public.loyalty_points l
    where l.restaurant_id = s.restaurant_id and l.created_at >= s.starts_at and l.created_at < s.ends_at
) m;

-- name: order_splits -> OrderSplit
-- The orders of each span by the dimensions asked; an order without a recorded touch has the value ''. What belongs to an
-- order is grouped by its id, not joined, for the same reason as above.
select s.span::int, f.*
from unnest(
    :restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[], :time_zones::text[]
) with ordinality as s (restaurant_id, starts_at, ends_at, currency, time_zone, span)
cross join lateral (
    select array_agg(o.id) as ids
    from public.orders o
    where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
      and o.currency = s.currency
) k
cross join lateral (
    select
        d.dimension,
        d.value,
        count(*) filter (where o.status <> 'cancelled') as orders,
        coalesce(sum(o.net) filter (where o.status <> 'cancelled'), 0)::bigint as revenue,
        count(*) filter (where o.status = 'cancelled') as cancelled_orders,
        coalesce(sum(o.items) filter (where o.status <> 'cancelled'), 0)::bigint as items,
        coalesce(sum(o.item_revenue) filter (where o.status <> 'cancelled'), 0)::bigint as item_revenue
    from (
        select
            max(u.status) as status,
            max(u.net) as net,
            max(u.created_at) as created_at,
            max(u.channel) as channel,
            max(u.fulfillment_type) as fulfillment_type,
            max(u.first_touch_channel) as first_touch_channel,
            max(u.last_touch_channel) as last_touch_channel,
            sum(u.items) as items,
            sum(u.item_revenue) as item_revenue
        from (
            select
                o.id,
                o.status,
                case when o.status = 'refunded' and o.refunded_amount = 0 then 0 else o.total - o.refunded_amount end
                    as net,
                o.created_at,
                o.channel,
                o.fulfillment_type,
                null as first_touch_channel,
                null as last_touch_channel,
                0 as items,
                0 as item_revenue
            from public.orders o
            where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
              and o.currency = s.currency
            union all
            select a.order_id, null, null, null, null, null, a.first_touch_channel, a.last_touch_channel, 0, 0
            from public.channel_attribution a
            where a.restaurant_id = s.restaurant_id and a.order_id = any (k.ids)
            union all
            select i.order_id, null, null, null, null, null, null, null, i.quantity, i.line_total - i.discount_amount
            from public.order_items i
            where i.restaurant_id = s.restaurant_id and i.order_id = any (k.ids)
        ) u
        group by u.id
    ) o
    cross join lateral (values
        ('hour', to_char(o.created_at at time zone s.time_zone, 'HH24')),
        ('order_channel', o.channel),
        ('fulfillment', o.fulfillment_type),
        ('first_touch', coalesce(o.first_touch_channel, '')),
        ('last_touch', coalesce(o.last_touch_channel, ''))
    ) d (dimension, value)
    where d.dimension = any (:dimensions::text[])
    group by d.dimension, d.value
) f;

-- name: item_splits -> ItemSplit
-- The lines of each span by category.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, currency, span)
cross join lateral (
    select array_agg(o.id) as ids
    from public.orders o
    where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
      and o.status <> 'cancelled' and o.currency = s.currency
) o
cross join lateral (
    select
        'category' as dimension,
        coalesce(i.product_category, '') as value,
        count(distinct i.order_id) as orders_containing,
        sum(i.quantity)::bigint as items,
        sum(i.line_total - i.discount_amount)::bigint as item_revenue
    from public.order_items i
    where i.restaurant_id = s.restaurant_id and i.order_id = any (o.ids)
    group by coalesce(i.product_category, '')
) f;

-- name: visit_splits -> VisitSplit
-- The sessions of each span by the dimensions asked; '' is unknown.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :time_zones::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, time_zone, span)
cross join lateral (
    select
        d.dimension,
        d.value,
        count(*) as sessions,
        count(distinct v.visitor_id) as visitors,
        count(*) filter (where v.orders_created > 0) as converted_sessions,
        count(*) filter (where v.is_bounce) as bounced_sessions,
        coalesce(sum(v.duration_seconds), 0)::bigint as session_seconds,
        coalesce(sum(v.page_views), 0)::bigint as session_page_views
    from public.sessions v
    cross join lateral (values
        ('hour', to_char(v.started_at at time zone s.time_zone, 'HH24')),
        ('traffic_channel', v.channel),
        ('device', coalesce(v.device_type, '')),
        ('country', coalesce(v.country_code, ''))
    ) d (dimension, value)
    where v.restaurant_id = s.restaurant_id and v.started_at >= s.starts_at and v.started_at < s.ends_at
      and d.dimension = any (:dimensions::text[])
    group by d.dimension, d.value
) f;

-- name: product_sales -> ProductSales
-- The lines of each span by product; lines without a product of the menu are left out.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, currency, span)
cross join lateral (
    select array_agg(o.id) as ids
    from public.orders o
    where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
      and o.status <> 'cancelled' and o.currency = s.currency
) o
cross join lateral (
    select
        i.product_id,
        count(distinct i.order_id) as orders_containing,
        sum(i.quantity)::bigint as items,
        sum(i.line_total - i.discount_amount)::bigint as item_revenue
    from public.order_items i
    where i.restaurant_id = s.restaurant_id and i.order_id = any (o.ids) and i.product_id is not null
    group by i.product_id
) f;

-- name: product_carts -> ProductCarts
-- Cart events of each span by product, which a page names by FLOW's id or by article number.
select s.span::int, p.id as product_id, sum(f.cart_adds)::bigint as cart_adds, sum(f.cart_removals)::bigint as cart_removals
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, span)
cross join lateral (
    select
        e.event_data ->> 'product_id' as named,
        count(*) filter (where e.event_name = 'checkout_item_added') as cart_adds,
        count(*) filter (where e.event_name = 'checkout_item_removed') as cart_removals
    from public.events e
    where e.restaurant_id = s.restaurant_id and e.event_name in ('checkout_item_added', 'checkout_item_removed')
      and e.timestamp >= s.starts_at and e.timestamp < s.ends_at
      and e.timestamp >= :earliest::timestamptz and e.timestamp < :latest::timestamptz
    group by e.event_data ->> 'product_id'
) f
join public.products p on p.restaurant_id = s.restaurant_id and f.named in (p.id::text, p.sku)
group by s.span, p.id;

-- name: page_splits -> PageSplit
-- The pages of each span by path.
select s.span::int, f.*
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, span)
cross join lateral (
    select
        w.page_path,
        count(*) as views,
        count(distinct w.visitor_id) as visitors,
        count(*) filter (where w.place = 1) as entries,
        count(*) filter (where w.place_from_end = 1) as exits,
        coalesce(sum(w.time_on_page_ms), 0)::bigint as time_on_page_ms,
        count(w.time_on_page_ms) as timed_views,
        coalesce(sum(w.max_scroll_depth_percent), 0)::bigint as scroll_depth_sum,
        coalesce(sum(w.clicks_count), 0)::bigint as clicks
    from (
        select
            p.*,
            coalesce(v.visitor_id, p.session_id) as visitor_id,
            row_number() over (partition by p.session_id order by p.entered_at, p.id) as place,
            row_number() over (partition by p.session_id order by p.entered_at desc, p.id desc) as place_from_end
        from public.page_views p
        left join public.sessions v on v.restaurant_id = p.restaurant_id and v.session_id = p.session_id
        where p.restaurant_id = s.restaurant_id and p.entered_at >= s.starts_at and p.entered_at < s.ends_at
          and p.entered_at >= :earliest::timestamptz and p.entered_at < :latest::timestamptz
          and p.page_path is not null
    ) w
    group by w.page_path
) f;

-- name: active_customers -> ActiveCustomers
-- Different known customers with an order that counts, per span.
select s.span::int, f.customers
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[], :currencies::text[]) with ordinality
    as s (restaurant_id, starts_at, ends_at, currency, span)
cross join lateral (
    select count(distinct o.customer_id) as customers
    from public.orders o
    where o.restaurant_id = s.restaurant_id and o.created_at >= s.starts_at and o.created_at < s.ends_at
      and o.status <> 'cancelled' and o.currency = s.currency
) f;

-- name: active_orders -> ActiveOrders
-- Orders underway now, of those placed since a moment.
select r.id as restaurant_id, f.orders
from unnest(:restaurants::uuid[]) as r (id)
cross join lateral (
    select count(*) as orders
    from public.orders o
    where o.restaurant_id = r.id and o.created_at >= :since::timestamptz
      and o.status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering')
) f;

-- name: product_names -> ProductName
-- Names of products as they are on the menu now.
select p.id, p.name from public.products p
where p.restaurant_id = any (:restaurants::uuid[]) and p.id = any (:products::uuid[]);
