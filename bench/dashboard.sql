-- A year of restaurants in SQL alone: ids of restaurants, customers and products are hashes of their numbers, so that a
-- month needs nothing but its bounds. `shares` are the upper bounds of the restaurants' parts of 1.

-- name: make_restaurants
-- The restaurants, the largest first.
insert into public.restaurants (id, name, slug, event_namespace, is_simulated)
select md5('restaurant ' || n)::uuid, 'Restaurant ' || n, 'restaurant-' || n, 'restaurant_' || n, true
from generate_series(:first_number::int, :last_number::int) n;

-- name: make_products
-- Forty dishes each.
insert into public.products (restaurant_id, id, name, category, sku, price, position)
select
    md5('restaurant ' || n)::uuid, md5('product ' || n || ' ' || k)::uuid, 'Dish ' || k,
    (array['Pizza', 'Pasta', 'Salad', 'Drinks'])[1 + k % 4], 'D' || k, 5000 + 250 * k, k
from generate_series(:first_number::int, :last_number::int) n, generate_series(0, 39) k;

-- name: make_customers
-- A restaurant's guests.
insert into public.customers (restaurant_id, id, name)
select md5('restaurant ' || :number)::uuid, md5('customer ' || :number || ' ' || k)::uuid, 'Guest ' || k
from generate_series(0, :count::int - 1) k;

-- name: make_sessions
-- Visits between two moments, most of them late in the day; three in ten end with an order.
insert into public.sessions (
    restaurant_id, session_id, visitor_id, is_consented, started_at, ended_at, device_type, browser, os,
    screen_resolution, language, channel, source, landing_page, page_views, events_count, interactions, orders_created,
    country_code, created_at
)
select
    md5('restaurant ' || s.n)::uuid, uuidv7(s.at - clock_timestamp()), gen_random_uuid(), s.kind < 0.4, s.at,
    s.at + s.pages * interval '40 seconds', (array['mobile', 'mobile', 'desktop', 'tablet'])[1 + (s.kind * 3.99)::int % 4],
    'Chrome', 'Android', '390x844', 'da-DK',
    (array['direct', 'organic_search', 'social', 'paid_search', 'email'])[1 + (s.kind * 1000)::int % 5], 'google', '/menu',
    s.pages, s.pages * 4, s.pages - 1, (s.kind < 0.3)::int, 'DK', s.at
from (
    select
        width_bucket(random(), :shares::float8[]) + :first_number::int as n,
        :starts_at::timestamptz + (:ends_at::timestamptz - :starts_at::timestamptz)
            * ((floor(random() * :days::int) + 0.05 + 0.45 * (random() + random())) / :days::int) as at,
        1 + floor(random() * 4)::int as pages,
        random() as kind
    from generate_series(1, :count::int)
) s
order by s.at;

-- name: make_page_views
-- The pages of the visits that began between two moments.
insert into public.page_views (
    restaurant_id, entered_at, id, session_id, exited_at, time_on_page_ms, max_scroll_depth_percent, clicks_count,
    events_received, max_seq, page_url, page_path, page_title, created_at
)
select
    p.restaurant_id, p.at, uuidv7(p.at - clock_timestamp()), p.session_id, p.at + interval '38 seconds', 38000, 75, 1,
    4, 4, 'https://restaurant.example' || p.path, p.path, 'The menu of the restaurant', p.at
from (
    select
        v.restaurant_id, v.session_id, v.started_at + (k - 1) * interval '40 seconds' as at,
        (array['/menu', '/', '/menu/pizza', '/kurv', '/om-os'])[1 + floor(random() * 5)::int] as path
    from public.sessions v, generate_series(1, v.page_views) k
    where v.started_at >= :starts_at::timestamptz and v.started_at < :ends_at::timestamptz
      and v.restaurant_id = any (:restaurants::uuid[])
    order by v.started_at
) p;

-- name: make_events
-- Four events for each page entered between two moments: opened, scrolled, clicked or put into the cart, left.
insert into public.events (
    restaurant_id, timestamp, id, session_id, page_view_id, created_at, seq, time_on_page_ms, page_x, page_y, event_name,
    event_category, page_url, page_title, element_id, element_class, element_text, event_data
)
select
    p.restaurant_id, e.at, case k when 1 then p.id else uuidv7(e.at - clock_timestamp()) end, p.session_id, p.id,
    e.at, k, case k when 4 then 38000 end, case k when 3 then 310 end, case k when 3 then 1240 end,
    case k when 1 then 'page_view' when 2 then 'page_scroll' when 4 then 'page_exit'
        else case when e.adds then 'checkout_item_added' else 'element_click' end end,
    case k when 3 then 'ecommerce' else 'navigation' end,
    p.page_url, p.page_title, case k when 3 then 'add-margherita' end, case k when 3 then 'button button-primary' end,
    case k when 3 then 'Læg i kurv' end,
    case k
        when 1 then jsonb_build_object('page_path', p.page_path)
        when 2 then jsonb_build_object('scroll_depth_pct', 75, 'page_path', p.page_path)
        when 4 then jsonb_build_object('page_path', p.page_path, 'time_on_page_ms', 38000)
        else case when e.adds
            then jsonb_build_object('product_id', 'D' || floor(random() * 40)::int, 'quantity', 1, 'price', 8900)
            else jsonb_build_object('element_id', 'add-margherita', 'page_path', p.page_path) end
    end
from public.page_views p
cross join generate_series(1, 4) k
cross join lateral (select p.entered_at + (k - 1) * interval '9 seconds' as at, random() < 0.3 as adds) e
where p.entered_at >= :starts_at::timestamptz and p.entered_at < :ends_at::timestamptz
  and p.restaurant_id = any (:restaurants::uuid[]);

-- name: make_orders
-- Orders between two moments: those of visits, and as many others as it takes to make the count.
insert into public.orders (
    restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, subtotal, total, tax_amount,
    item_count, customer_id, session_id, visitor_id, created_at, recorded_at, completed_at
)
select
    o.restaurant_id, uuidv7(o.at - clock_timestamp()), :first_order::bigint + row_number() over (order by o.at),
    case when o.kind < 0.03 then 'cancelled' when o.at > now() - interval '40 minutes' then 'preparing' else 'completed' end,
    o.channel, case when o.kind < 0.5 then 'delivery' else 'pickup' end, 'card', o.lines * 8900, o.lines * 8900,
    o.lines * 1780, o.lines,
    case when o.kind < 0.8 then md5('customer ' || o.n || ' ' || floor(power(random(), 2)
        * (:customers::int[])[o.n - :first_number::int + 1])::int)::uuid end,
    o.session_id, o.visitor_id, o.at, o.at, o.at + interval '40 minutes'
from (
    select
        v.restaurant_id, substr(r.slug, 12)::int as n, v.ended_at as at, 'web' as channel, v.session_id, v.visitor_id,
        random() as kind, 1 + floor(random() * 3)::int as lines
    from public.sessions v join public.restaurants r on r.id = v.restaurant_id
    where v.orders_created > 0 and v.started_at >= :starts_at::timestamptz and v.started_at < :ends_at::timestamptz
      and v.restaurant_id = any (:restaurants::uuid[])
    union all
    select
        md5('restaurant ' || s.n)::uuid, s.n, s.at,
        (array['phone', 'wolt', 'pos', 'app'])[1 + floor(random() * 4)::int], null, null, random(),
        1 + floor(random() * 3)::int
    from (
        select
            width_bucket(random(), :shares::float8[]) + :first_number::int as n,
            :starts_at::timestamptz + (:ends_at::timestamptz - :starts_at::timestamptz)
                * ((floor(random() * :days::int) + 0.05 + 0.45 * (random() + random())) / :days::int) as at
        from generate_series(1, :count::int)
    ) s
) o
order by o.at;

-- name: make_order_items
-- The lines of the orders between two moments.
insert into public.order_items (
    restaurant_id, id, order_id, product_id, product_name, product_category, unit_price, quantity, line_total, created_at
)
select
    o.restaurant_id, uuidv7(o.created_at - clock_timestamp()), o.id, p.id, p.name, p.category, 8900, 1, 8900, o.created_at
from public.orders o
cross join lateral generate_series(1, o.item_count) k
cross join lateral (select floor(random() * 40 + 0 * k)::int as place) d
join public.products p on p.restaurant_id = o.restaurant_id and p.position = d.place
where o.created_at >= :starts_at::timestamptz and o.created_at < :ends_at::timestamptz
  and o.restaurant_id = any (:restaurants::uuid[]);

-- name: make_attributions
-- The visits behind the web orders between two moments.
insert into public.channel_attribution (
    restaurant_id, order_id, first_touch_channel, first_touch_at, last_touch_channel, last_touch_source, last_touch_at,
    touchpoint_count
)
select o.restaurant_id, o.id, 'social', v.started_at, v.channel, v.source, v.started_at, 2
from public.orders o
join public.sessions v on v.restaurant_id = o.restaurant_id and v.session_id = o.session_id
where o.created_at >= :starts_at::timestamptz and o.created_at < :ends_at::timestamptz
  and o.restaurant_id = any (:restaurants::uuid[]);

-- name: count_rows
-- What there is.
select
    (select count(*) from public.events) as events,
    (select count(*) from public.orders) as orders,
    (select count(*) from public.sessions) as sessions,
    (select count(*) from public.page_views) as page_views,
    pg_database_size(current_database()) as bytes;
