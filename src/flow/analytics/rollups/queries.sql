-- name: lock_restaurant
-- One roll-up per restaurant at a time; released with the transaction.
select pg_advisory_xact_lock(hashtextextended('rollups ' || :restaurant::text, 0));

-- name: stored_days -> StoredDay
-- The days as they are rolled up now.
select
    m.date,
    m.updated_at,
    m.total_orders as orders,
    m.total_revenue as revenue,
    m.gross_revenue as subtotals,
    m.discounts,
    m.delivery_fees,
    m.refunds,
    m.tax_amount as tax,
    m.cancelled_orders,
    m.foreign_currency_orders as foreign_orders,
    m.known_customer_orders as known_orders,
    m.known_customer_revenue as known_revenue,
    m.new_customers + m.returning_customers as customers,
    m.new_customers as first_orders,
    m.orders_attributed as attributed_orders,
    m.ai_orders_created as ai_orders,
    m.items_sold as items,
    m.item_revenue,
    m.web_orders_known as web_orders,
    m.web_orders_captured,
    m.total_sessions as sessions,
    m.unique_visitors as visitors,
    m.new_visitors,
    m.session_seconds,
    m.session_page_views,
    m.bounced_sessions,
    m.converted_sessions,
    m.total_page_views as page_views,
    m.events_expected,
    m.events_captured,
    m.total_events as events,
    m.points_earned,
    m.points_redeemed,
    m.new_loyalty_members as new_members
from public.daily_metrics m
where m.restaurant_id = :restaurant and m.date between :first_day and :last_day;

-- name: stored_visit_splits -> StoredSplit
-- The visits by dimension of days whose visits are settled.
select
    b.date, b.dimension, b.value, b.sessions, b.visitors, b.converted_sessions, b.bounced_sessions, b.session_seconds,
    b.session_page_views
from public.daily_breakdowns b
where b.restaurant_id = :restaurant and b.dimension = any (:dimensions::text[]) and b.date = any (:days::date[])
  and b.sessions > 0;

-- name: stored_carts -> StoredCarts
-- The cart figures of days whose visits are settled.
select p.date, p.product_id, p.add_to_cart as cart_adds, p.removed_from_cart as cart_removals
from public.product_analytics p
where p.restaurant_id = :restaurant and p.date = any (:days::date[]) and p.add_to_cart + p.removed_from_cart > 0;

-- name: write_days
-- Writes whole days; columns that other parts fill (SMS, e-mail, conversations) are left alone.
insert into public.daily_metrics (
    restaurant_id, date, total_revenue, total_orders, avg_order_value, gross_revenue, discounts, delivery_fees, refunds,
    tax_amount, items_sold, item_revenue, cancelled_orders, foreign_currency_orders, orders_delivery, orders_pickup,
    orders_dine_in, orders_web, orders_app, orders_instagram, orders_facebook, orders_sms, orders_phone,
    orders_attributed, new_customers, returning_customers, known_customer_orders, known_customer_revenue,
    unique_visitors, new_visitors, total_sessions, session_page_views, total_page_views, total_events, session_seconds,
    avg_session_duration_sec, bounced_sessions, bounce_rate, converted_sessions, events_expected, events_captured,
    web_orders_known, web_orders_captured, ai_orders_created, points_earned, points_redeemed, new_loyalty_members,
    created_at, updated_at
)
select
    :restaurant::uuid, f.date, f.revenue, f.orders, coalesce(round(f.revenue::numeric / nullif(f.orders, 0)), 0), f.subtotals,
    f.discounts, f.delivery_fees, f.refunds, f.tax, f.items, f.item_revenue, f.cancelled_orders, f.foreign_orders,
    f.orders_delivery, f.orders_pickup, f.orders_dine_in, f.orders_web, f.orders_app, f.orders_instagram,
    f.orders_facebook, f.orders_sms, f.orders_phone, f.attributed_orders, f.first_orders, f.customers - f.first_orders,
    f.known_orders, f.known_revenue, f.visitors, f.new_visitors, f.sessions, f.session_page_views, f.page_views,
    f.events, f.session_seconds, f.session_seconds / nullif(f.sessions, 0), f.bounced_sessions,
    f.bounced_sessions::numeric / nullif(f.sessions, 0), f.converted_sessions, f.events_expected, f.events_captured,
    f.web_orders, f.web_orders_captured, f.ai_orders, f.points_earned, f.points_redeemed, f.new_members, :now::timestamptz, :now::timestamptz
from jsonb_to_recordset(:rows::jsonb) as f (
    date date, revenue bigint, orders int, subtotals bigint, discounts bigint, delivery_fees bigint, refunds bigint,
    tax bigint, items int, item_revenue bigint, cancelled_orders int, foreign_orders int, orders_delivery int,
    orders_pickup int, orders_dine_in int, orders_web int, orders_app int, orders_instagram int, orders_facebook int,
    orders_sms int, orders_phone int, attributed_orders int, first_orders int, customers int, known_orders int,
    known_revenue bigint, visitors int, new_visitors int, sessions int, session_page_views int, page_views int,
    events bigint, session_seconds bigint, bounced_sessions int, converted_sessions int, events_expected bigint,
    events_captured bigint, web_orders int, web_orders_captured int, ai_orders int, points_earned bigint,
    points_redeemed bigint, new_members int
)
on conflict (restaurant_id, date) do update set
    total_revenue = excluded.total_revenue,
    total_orders = excluded.total_orders,
    avg_order_value = excluded.avg_order_value,
    gross_revenue = excluded.gross_revenue,
    discounts = excluded.discounts,
    delivery_fees = excluded.delivery_fees,
    refunds = excluded.refunds,
    tax_amount = excluded.tax_amount,
    items_sold = excluded.items_sold,
    item_revenue = excluded.item_revenue,
    cancelled_orders = excluded.cancelled_orders,
    foreign_currency_orders = excluded.foreign_currency_orders,
    orders_delivery = excluded.orders_delivery,
    orders_pickup = excluded.orders_pickup,
    orders_dine_in = excluded.orders_dine_in,
    orders_web = excluded.orders_web,
    orders_app = excluded.orders_app,
    orders_instagram = excluded.orders_instagram,
    orders_facebook = excluded.orders_facebook,
    orders_sms = excluded.orders_sms,
    orders_phone = excluded.orders_phone,
    orders_attributed = excluded.orders_attributed,
    new_customers = excluded.new_customers,
    returning_customers = excluded.returning_customers,
    known_customer_orders = excluded.known_customer_orders,
    known_customer_revenue = excluded.known_customer_revenue,
    unique_visitors = excluded.unique_visitors,
    new_visitors = excluded.new_visitors,
    total_sessions = excluded.total_sessions,
    session_page_views = excluded.session_page_views,
    total_page_views = excluded.total_page_views,
    total_events = excluded.total_events,
    session_seconds = excluded.session_seconds,
    avg_session_duration_sec = excluded.avg_session_duration_sec,
    bounced_sessions = excluded.bounced_sessions,
    bounce_rate = excluded.bounce_rate,
    converted_sessions = excluded.converted_sessions,
    events_expected = excluded.events_expected,
    events_captured = excluded.events_captured,
    web_orders_known = excluded.web_orders_known,
    web_orders_captured = excluded.web_orders_captured,
    ai_orders_created = excluded.ai_orders_created,
    points_earned = excluded.points_earned,
    points_redeemed = excluded.points_redeemed,
    new_loyalty_members = excluded.new_loyalty_members,
    updated_at = excluded.updated_at;

-- name: remove_splits
-- Takes away the values of these days that are not among the new ones.
delete from public.daily_breakdowns b
where b.restaurant_id = :restaurant and b.dimension = any (:dimensions::text[]) and b.date = any (:days::date[])
  and (b.date, b.dimension, b.value) not in (
    select f.date, f.dimension, f.value
    from jsonb_to_recordset(:rows::jsonb) as f (date date, dimension text, value text));

-- name: write_splits
-- Writes the days' figures by dimension; what has not changed is not touched.
insert into public.daily_breakdowns as b (
    restaurant_id, dimension, date, value, orders, revenue, cancelled_orders, orders_containing, units, item_revenue,
    sessions, visitors, converted_sessions, bounced_sessions, session_seconds, session_page_views
)
select
    :restaurant::uuid, f.dimension, f.date, f.value, f.orders, f.revenue, f.cancelled_orders, f.orders_containing,
    f.items, f.item_revenue, f.sessions, f.visitors, f.converted_sessions, f.bounced_sessions, f.session_seconds, f.session_page_views
from jsonb_to_recordset(:rows::jsonb) as f (
    date date, dimension text, value text, orders int, revenue bigint, cancelled_orders int, orders_containing int,
    items int, item_revenue bigint, sessions int, visitors int, converted_sessions int, bounced_sessions int,
    session_seconds bigint, session_page_views int
)
on conflict (restaurant_id, dimension, date, value) do update set
    orders = excluded.orders,
    revenue = excluded.revenue,
    cancelled_orders = excluded.cancelled_orders,
    orders_containing = excluded.orders_containing,
    units = excluded.units,
    item_revenue = excluded.item_revenue,
    sessions = excluded.sessions,
    visitors = excluded.visitors,
    converted_sessions = excluded.converted_sessions,
    bounced_sessions = excluded.bounced_sessions,
    session_seconds = excluded.session_seconds,
    session_page_views = excluded.session_page_views
where (b.*) is distinct from (excluded.*);

-- name: remove_products
-- Takes away the products of these days that are not among the new ones.
delete from public.product_analytics p
where p.restaurant_id = :restaurant and p.date = any (:days::date[])
  and (p.date, p.product_id) not in (
    select f.date, f.product_id from jsonb_to_recordset(:rows::jsonb) as f (date date, product_id uuid));

-- name: write_products
-- Writes the days' figures by product; what has not changed is not touched.
insert into public.product_analytics as p (
    restaurant_id, product_id, date, units_sold, revenue, orders_containing, avg_order_quantity, add_to_cart,
    removed_from_cart, cart_to_purchase_rate
)
select
    :restaurant::uuid, f.product_id, f.date, f.items, f.item_revenue, f.orders_containing,
    round(f.items::numeric / nullif(f.orders_containing, 0), 2), f.cart_adds, f.cart_removals,
    round(f.orders_containing::numeric / nullif(f.cart_adds, 0), 4)
from jsonb_to_recordset(:rows::jsonb) as f (
    date date, product_id uuid, orders_containing int, items int, item_revenue bigint, cart_adds int, cart_removals int
)
on conflict (restaurant_id, date, product_id) do update set
    units_sold = excluded.units_sold,
    revenue = excluded.revenue,
    orders_containing = excluded.orders_containing,
    avg_order_quantity = excluded.avg_order_quantity,
    add_to_cart = excluded.add_to_cart,
    removed_from_cart = excluded.removed_from_cart,
    cart_to_purchase_rate = excluded.cart_to_purchase_rate
where (p.units_sold, p.revenue, p.orders_containing, p.add_to_cart, p.removed_from_cart)
    is distinct from (excluded.units_sold, excluded.revenue, excluded.orders_containing, excluded.add_to_cart,
        excluded.removed_from_cart);

-- name: compare_products
-- Sets the figures of a week before beside those of the days given and of the days a week after them. One look-up by key
-- per row: a join goes astray while the table is new and has no statistics.
update public.product_analytics p
set
    units_sold_prev = (
        select w.units_sold from public.product_analytics w
        where w.restaurant_id = :restaurant and w.date = p.date - 7 and w.product_id = p.product_id
    ),
    revenue_prev = (
        select w.revenue from public.product_analytics w
        where w.restaurant_id = :restaurant and w.date = p.date - 7 and w.product_id = p.product_id
    )
where p.restaurant_id = :restaurant and p.date between :first_day::date and :last_day::date + 7
  and not exists (
    select from (select 1) one
    left join public.product_analytics w
        on w.restaurant_id = :restaurant and w.date = p.date - 7 and w.product_id = p.product_id
    where p.units_sold_prev is not distinct from w.units_sold and p.revenue_prev is not distinct from w.revenue
  );

-- name: remove_pages
-- Takes away the pages of these days that are not among the new ones.
delete from public.page_view_aggregates a
where a.restaurant_id = :restaurant and a.date = any (:days::date[])
  and (a.date, a.page_path) not in (
    select f.date, f.page_path from jsonb_to_recordset(:rows::jsonb) as f (date date, page_path text));

-- name: write_pages
-- Writes the days' figures by page; what has not changed is not touched.
insert into public.page_view_aggregates as a (
    restaurant_id, page_path, date, views, visitors, entries, exits, time_on_page_ms, timed_views, scroll_depth_sum, clicks
)
select
    :restaurant::uuid, f.page_path, f.date, f.views, f.visitors, f.entries, f.exits, f.time_on_page_ms, f.timed_views,
    f.scroll_depth_sum, f.clicks
from jsonb_to_recordset(:rows::jsonb) as f (
    date date, page_path text, views int, visitors int, entries int, exits int, time_on_page_ms bigint, timed_views int,
    scroll_depth_sum bigint, clicks int
)
on conflict (restaurant_id, date, page_path) do update set
    views = excluded.views,
    visitors = excluded.visitors,
    entries = excluded.entries,
    exits = excluded.exits,
    time_on_page_ms = excluded.time_on_page_ms,
    timed_views = excluded.timed_views,
    scroll_depth_sum = excluded.scroll_depth_sum,
    clicks = excluded.clicks
where (a.views, a.visitors, a.entries, a.exits, a.time_on_page_ms, a.timed_views, a.scroll_depth_sum, a.clicks)
    is distinct from (excluded.views, excluded.visitors, excluded.entries, excluded.exits, excluded.time_on_page_ms,
        excluded.timed_views, excluded.scroll_depth_sum, excluded.clicks);

-- name: write_restatements
-- Says which figures of complete days changed, and why.
insert into public.daily_restatements (restaurant_id, date, restated_at, metric, old_value, new_value, reason)
select :restaurant::uuid, f.date, :now::timestamptz, f.metric, f.old_value, f.new_value, f.reason
from jsonb_to_recordset(:rows::jsonb) as f (date date, metric text, old_value numeric, new_value numeric, reason text);

-- name: later_orders
-- When the customers who ordered in a stretch of time ordered next, for those days' first orders may be others now.
select distinct n.created_at
from (
    select distinct o.customer_id
    from public.orders o
    where o.restaurant_id = :restaurant and o.created_at >= :starts_at and o.created_at < :ends_at
      and o.customer_id is not null
) c
cross join lateral (
    select o.created_at
    from public.orders o
    where o.restaurant_id = :restaurant and o.customer_id = c.customer_id and o.created_at >= :ends_at
      and o.status <> 'cancelled'
    order by o.created_at, o.id
    limit 1
) n;

-- name: last_rolled_up_day
-- The latest day of a restaurant that is rolled up.
select max(m.date) from public.daily_metrics m where m.restaurant_id = :restaurant;

-- name: mark_days
-- Marks days of one restaurant as changed.
insert into public.stale_days (restaurant_id, date, reason, marked_at)
select :restaurant::uuid, d.day, :reason::text, :now::timestamptz from unnest(:days::date[]) as d (day);

-- name: waiting_restaurants
-- The restaurants that wait for a roll-up, the longest waiting first.
select s.restaurant_id
from public.stale_days s
group by s.restaurant_id
order by min(s.marked_at);

-- name: take_marks -> Mark
-- Takes the marks of a restaurant's oldest waiting days after a day. A mark made later, even of the same day, is left for
-- the next run; what is visible here was committed with its rows, so the counting that follows sees them.
with taken as (
    delete from public.stale_days s
    using (
        select d.date, d.id
        from public.stale_days d
        where d.restaurant_id = :restaurant and d.date in (
            select distinct w.date from public.stale_days w
            where w.restaurant_id = :restaurant and w.date > :after_day::date
            order by w.date
            limit :most::int
        )
        for update skip locked
    ) t
    where s.restaurant_id = :restaurant and s.date = t.date and s.id = t.id
    returning s.date, s.reason
)
select t.date, string_agg(distinct t.reason, ', ' order by t.reason) as reasons
from taken t
group by t.date
order by t.date;

-- name: open_restaurants
-- Every restaurant that is not closed for good.
select r.id from public.restaurants r where r.status <> 'closed';

-- name: mark_unfinished_days
-- Marks a restaurant's days up to yesterday that have no roll-up, and yesterday where its roll-up was made before its end.
insert into public.stale_days (restaurant_id, date, reason, marked_at)
select :restaurant::uuid, d.day, 'day_ended', :now::timestamptz
from (
    select generate_series(coalesce(min(m.date), :yesterday::date), :yesterday::date, interval '1 day')::date as day
    from public.daily_metrics m
    where m.restaurant_id = :restaurant
) d
left join public.daily_metrics m on m.restaurant_id = :restaurant and m.date = d.day
where (m.date is null or (m.date = :yesterday::date and m.updated_at < :ended_at::timestamptz))
  and not exists (
    select from public.stale_days s where s.restaurant_id = :restaurant and s.date = d.day);

-- name: reaches -> Reach
-- How far back each restaurant's data go: in roll-ups, and in rows that the caller may read.
select
    r.id as restaurant_id,
    (
        select min(m.date) from public.daily_metrics m
        where m.restaurant_id = r.id and (m.total_orders > 0 or m.cancelled_orders > 0)
    ) as first_order_day,
    (select min(m.date) from public.daily_metrics m where m.restaurant_id = r.id and m.total_sessions > 0)
        as first_visit_day,
    (select min(o.created_at) from public.orders o where o.restaurant_id = r.id) as first_order_at,
    (select min(v.started_at) from public.sessions v where v.restaurant_id = r.id) as first_session_at
from unnest(:restaurants::uuid[]) as r (id);

-- name: waiting_days -> WaitingDay
-- Business days with changes since their roll-up, and recent ones without any roll-up (these have no mark).
select s.restaurant_id, s.date, min(s.marked_at) as marked_at
from public.stale_days s
where s.restaurant_id = any (:restaurants::uuid[]) and s.date between :first_day::date and :last_day::date
group by s.restaurant_id, s.date
union all
select w.restaurant_id, d.day::date, null
from unnest(:restaurants::uuid[], :since::date[], :until::date[]) as w (restaurant_id, since, until)
cross join generate_series(w.since, w.until, interval '1 day') as d (day)
left join (
    select m.restaurant_id, m.date
    from public.daily_metrics m
    where m.restaurant_id = any (:restaurants::uuid[]) and m.date >= :earliest::date
) m on m.restaurant_id = w.restaurant_id and m.date = d.day::date
where m.date is null;

-- The three queries below read each part as a range of the primary key. OFFSET 0 keeps the planner from joining whole
-- tables instead, where row level security would be asked for every row of every tenant.

-- name: rolled_up_days -> RolledUpDays
-- Sums of whole days per part's slice, by day or by restaurant where the slice wants it.
select
    p.slice,
    case when p.by_day then m.date end as date,
    case when p.by_restaurant then m.restaurant_id end as restaurant_id,
    sum(m.total_orders)::bigint as orders,
    sum(m.total_revenue)::bigint as revenue,
    sum(m.gross_revenue)::bigint as subtotals,
    sum(m.discounts)::bigint as discounts,
    sum(m.delivery_fees)::bigint as delivery_fees,
    sum(m.refunds)::bigint as refunds,
    sum(m.tax_amount)::bigint as tax,
    sum(m.cancelled_orders)::bigint as cancelled_orders,
    sum(m.foreign_currency_orders)::bigint as foreign_orders,
    sum(m.known_customer_orders)::bigint as known_orders,
    sum(m.known_customer_revenue)::bigint as known_revenue,
    sum(m.new_customers + m.returning_customers)::bigint as customers,
    sum(m.new_customers)::bigint as first_orders,
    sum(m.orders_attributed)::bigint as attributed_orders,
    sum(m.ai_orders_created)::bigint as ai_orders,
    sum(m.items_sold)::bigint as items,
    sum(m.item_revenue)::bigint as item_revenue,
    sum(m.web_orders_known)::bigint as web_orders,
    sum(m.web_orders_captured)::bigint as web_orders_captured,
    sum(m.total_sessions)::bigint as sessions,
    sum(m.unique_visitors)::bigint as visitors,
    sum(m.new_visitors)::bigint as new_visitors,
    sum(m.session_seconds)::bigint as session_seconds,
    sum(m.session_page_views)::bigint as session_page_views,
    sum(m.bounced_sessions)::bigint as bounced_sessions,
    sum(m.converted_sessions)::bigint as converted_sessions,
    sum(m.total_page_views)::bigint as page_views,
    sum(m.events_expected)::bigint as events_expected,
    sum(m.events_captured)::bigint as events_captured,
    sum(m.total_events)::bigint as events,
    sum(m.points_earned)::bigint as points_earned,
    sum(m.points_redeemed)::bigint as points_redeemed,
    sum(m.new_loyalty_members)::bigint as new_members
from unnest(
    :slices::int[], :restaurants::uuid[], :firsts::date[], :lasts::date[], :by_day::bool[], :by_restaurant::bool[]
) as p (slice, restaurant_id, first_day, last_day, by_day, by_restaurant)
cross join lateral (
    select m.* from public.daily_metrics m
    where m.restaurant_id = p.restaurant_id and m.date between p.first_day and p.last_day
    offset 0
) m
group by 1, 2, 3;

-- name: rolled_up_splits -> RolledUpSplits
-- Sums of whole days per part's slice and value of the slice's dimension, or of the one value it asks for.
select
    p.slice,
    case when p.by_day then b.date end as date,
    case when p.by_restaurant then b.restaurant_id end as restaurant_id,
    b.value,
    sum(b.orders)::bigint as orders,
    sum(b.revenue)::bigint as revenue,
    sum(b.cancelled_orders)::bigint as cancelled_orders,
    sum(b.orders_containing)::bigint as orders_containing,
    sum(b.units)::bigint as items,
    sum(b.item_revenue)::bigint as item_revenue,
    sum(b.sessions)::bigint as sessions,
    sum(b.visitors)::bigint as visitors,
    sum(b.converted_sessions)::bigint as converted_sessions,
    sum(b.bounced_sessions)::bigint as bounced_sessions,
    sum(b.session_seconds)::bigint as session_seconds,
    sum(b.session_page_views)::bigint as session_page_views
from unnest(
    :slices::int[], :restaurants::uuid[], :firsts::date[], :lasts::date[], :by_day::bool[], :by_restaurant::bool[],
    :dimensions::text[], :values::text[]
) as p (slice, restaurant_id, first_day, last_day, by_day, by_restaurant, dimension, value)
cross join lateral (
    select b.* from public.daily_breakdowns b
    where b.restaurant_id = p.restaurant_id and b.dimension = p.dimension
      and b.date between p.first_day and p.last_day and (p.value is null or b.value = p.value)
    offset 0
) b
group by 1, 2, 3, 4;

-- name: rolled_up_products -> RolledUpProducts
-- Sums of whole days per part's slice and product, or of the one product it asks for.
select
    p.slice,
    case when p.by_day then a.date end as date,
    case when p.by_restaurant then a.restaurant_id end as restaurant_id,
    a.product_id,
    sum(a.units_sold)::bigint as items,
    sum(a.revenue)::bigint as item_revenue,
    sum(a.orders_containing)::bigint as orders_containing,
    sum(a.add_to_cart)::bigint as cart_adds,
    sum(a.removed_from_cart)::bigint as cart_removals
from unnest(
    :slices::int[], :restaurants::uuid[], :firsts::date[], :lasts::date[], :by_day::bool[], :by_restaurant::bool[],
    :values::text[]
) as p (slice, restaurant_id, first_day, last_day, by_day, by_restaurant, value)
cross join lateral (
    select a.* from public.product_analytics a
    where a.restaurant_id = p.restaurant_id and a.date between p.first_day and p.last_day
      and (p.value is null or a.product_id = p.value::uuid)
    offset 0
) a
group by 1, 2, 3, 4;
