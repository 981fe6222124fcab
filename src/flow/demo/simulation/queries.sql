-- name: is_simulated
-- Whether the simulated restaurants are there; they come in one transaction with all their data.
select exists (select from public.restaurants where is_simulated)

-- name: wait_long
-- The next rows may take a while to make; the time-out for forgotten transactions is not meant for this one.
set local idle_in_transaction_session_timeout = 0

-- name: sample_few
-- Statistics of a tenth of the usual rows are enough to count by; the server takes them anew before long.
set local default_statistics_target = 10

-- name: refresh_statistics
-- Lets the planner know of rows that have just come, before they are counted.
select app.refresh_statistics(:tables::text[])

-- name: make_partitions
-- Months for everything from a day on.
select app.make_partitions(parent, :since::date, :until::date)
from unnest(array['events', 'page_views', 'heatmap_events']) as parents (parent)

-- name: add_restaurant
-- A restaurant, marked as simulated; nothing when somebody has its name already.
insert into public.restaurants
    (id, name, slug, event_namespace, cvr, email, phone, address, postal_code, city, country_code, currency, time_zone,
    language, vat_rate_percent, delivery_fee, free_delivery_from, minimum_order, is_simulated, created_at, updated_at)
values
    (:id, :name, :slug, :event_namespace, :cvr, :email, :phone, :address, :postal_code, :city, :country_code, :currency,
    :time_zone, :language, :vat_rate_percent, :delivery_fee, :free_delivery_from, :minimum_order, true, :opened, :opened)
on conflict do nothing
returning id

-- name: add_site_key
-- The key of the restaurant's pages; without origins, so that FLOW's own shop page may use it wherever it is served.
insert into public.site_keys (restaurant_id, key, name, created_at) values (:restaurant_id, :key, 'Website', :opened)

-- name: add_discount_code
-- A code that guests may enter.
insert into public.discount_codes (restaurant_id, code, percent, amount, minimum_subtotal, created_at)
values (:restaurant_id, :code, :percent, :amount, :minimum_subtotal, :opened)

-- name: add_product
-- A dish.
insert into public.products
    (restaurant_id, id, name, description, category, sku, price, currency, allergens, position, created_at, updated_at)
values
    (:restaurant_id, :id, :name, :description, :category, :sku, :price, :currency, :allergens::text[], :position, :opened,
    :opened)

-- name: add_price
-- What a dish costs from a day on.
insert into public.product_prices (restaurant_id, product_id, valid_from, price, currency)
values (:restaurant_id, :product_id, :valid_from, :price, :currency)

-- name: add_option_group
-- A choice that belongs to a dish.
insert into public.product_option_groups (restaurant_id, id, product_id, name, min_choices, max_choices, position)
values (:restaurant_id, :id, :product_id, :name, :min_choices, :max_choices, :position)

-- name: add_option
-- One of the choices.
insert into public.product_options (restaurant_id, id, group_id, name, price_mod, position)
values (:restaurant_id, :id, :group_id, :name, :price_mod, :position)

-- name: set_order_counter
-- Live orders go on after the simulated ones.
insert into public.order_counters (restaurant_id, last_number) values (:restaurant_id, :last_number)

-- name: note_last_orders
-- When each guest ordered last, now that all orders are there; a scalar subquery is an index look-up per guest, whatever
-- the planner knows of rows so new.
update public.customers c
set last_order_at = (
    select max(o.created_at) from public.orders o where o.restaurant_id = c.restaurant_id and o.customer_id = c.id
)
where c.restaurant_id = :restaurant_id

-- name: copy_customers
-- Guests.
copy public.customers
    (restaurant_id, id, name, phone, email, first_order_at, last_order_at, created_at, updated_at)
from stdin

-- name: copy_orders
-- Orders.
copy public.orders
    (restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, currency, subtotal,
    discount_amount, discount_code, delivery_fee, tax_amount, total, refunded_amount, item_count, customer_id,
    customer_name, customer_phone, customer_email, delivery_address, delivery_postal_code, delivery_city, visitor_id,
    session_id, source, cancel_reason, created_at, recorded_at, confirmed_at, completed_at, cancelled_at, refunded_at,
    updated_at)
from stdin

-- name: copy_order_items
-- Their lines.
copy public.order_items
    (restaurant_id, id, order_id, product_id, product_name, product_sku, product_category, unit_price, quantity,
    line_total, discount_amount, discount_reason, options, created_at)
from stdin

-- name: copy_payments
-- Their payments.
copy public.payments
    (restaurant_id, id, order_id, amount, currency, status, provider, refunded_amount, initiated_at, completed_at,
    failed_at, created_at, updated_at)
from stdin

-- name: copy_order_status_changes
-- Their steps.
copy public.order_status_changes (restaurant_id, order_id, changed_at, id, from_status, to_status, reason) from stdin

-- name: copy_channel_attribution
-- The visits that led to them.
copy public.channel_attribution
    (restaurant_id, order_id, first_touch_channel, first_touch_source, first_touch_campaign, first_touch_at,
    last_touch_channel, last_touch_source, last_touch_campaign, last_touch_at, touchpoint_path, touchpoint_count,
    days_to_conversion, sessions_to_conversion, created_at)
from stdin

-- name: copy_loyalty_transactions
-- Points earned and redeemed.
copy public.loyalty_transactions (restaurant_id, id, customer_id, order_id, kind, points, created_at) from stdin

-- name: copy_loyalty_points
-- What each member has.
copy public.loyalty_points (restaurant_id, customer_id, points, lifetime_points, created_at, updated_at) from stdin

-- name: copy_sessions
-- Visits.
copy public.sessions
    (restaurant_id, session_id, visitor_id, is_consented, started_at, ended_at, device_type, browser, os,
    screen_resolution, language, channel, source, utm_source, utm_medium, utm_campaign, click_id_type, referrer,
    landing_page, exit_page, page_views, events_count, interactions, orders_created, country_code)
from stdin

-- name: copy_events
-- Their events.
copy public.events
    (restaurant_id, timestamp, id, session_id, page_view_id, created_at, seq, time_on_page_ms, viewport_x, viewport_y,
    page_x, page_y, event_name, event_category, page_url, page_title, element_id, element_class, element_text,
    event_data)
from stdin

-- name: copy_page_views
-- Their pages.
copy public.page_views
    (restaurant_id, entered_at, id, session_id, exited_at, time_on_page_ms, max_scroll_depth_percent, clicks_count,
    events_received, max_seq, page_url, page_path, page_title)
from stdin

-- name: copy_heatmap_events
-- Where they clicked and how far they scrolled.
copy public.heatmap_events
    (restaurant_id, timestamp, id, viewport_width, viewport_height, page_path, x_percent, y_percent, x_px, y_px,
    event_type, element_selector)
from stdin

-- name: copy_rejected_events
-- What lies in the quarantine.
copy public.rejected_events (restaurant_id, id, received_at, reason, message, event_name, raw, context) from stdin

-- name: copy_dropped_events
-- What robots sent.
copy public.dropped_events (restaurant_id, hour, reason, detail, count) from stdin

-- name: keep_days
-- Figures of days whose events are no longer kept, as the roll-up made while they were.
update public.daily_metrics m
set total_page_views = k.page_views, total_events = k.received, events_expected = k.sent, events_captured = k.received,
    web_orders_captured = least(k.captured_orders, m.web_orders_known)
from unnest(:days::date[], :page_views::int[], :sent::bigint[], :received::bigint[], :captured_orders::int[])
    as k (day, page_views, sent, received, captured_orders)
where m.restaurant_id = :restaurant_id and m.date = k.day

-- name: keep_carts
-- What was put into carts on such days.
update public.product_analytics p
set add_to_cart = k.added, removed_from_cart = k.removed,
    cart_to_purchase_rate = round(p.orders_containing::numeric / nullif(k.added, 0), 4)
from unnest(:days::date[], :products::uuid[], :added::int[], :removed::int[]) as k (day, product_id, added, removed)
where p.restaurant_id = :restaurant_id and p.date = k.day and p.product_id = k.product_id

-- name: copy_page_view_aggregates
-- What was seen on such days.
copy public.page_view_aggregates
    (restaurant_id, page_path, date, views, visitors, entries, exits, time_on_page_ms, timed_views, scroll_depth_sum,
    clicks)
from stdin
