-- What is understood: roll-ups by business day, and attribution. Additive figures are stored as counts and sums; rates
-- are made from them when asked, so that a week's rate is not an average of days' rates.

create table public.daily_metrics (
    restaurant_id uuid not null,
    date date not null,
    total_revenue bigint not null default 0,
    total_orders integer not null default 0,
    avg_order_value bigint not null default 0,
    gross_revenue bigint not null default 0,
    discounts bigint not null default 0,
    delivery_fees bigint not null default 0,
    refunds bigint not null default 0,
    tax_amount bigint not null default 0,
    items_sold integer not null default 0,
    item_revenue bigint not null default 0,
    cancelled_orders integer not null default 0,
    foreign_currency_orders integer not null default 0,
    orders_delivery integer not null default 0,
    orders_pickup integer not null default 0,
    orders_dine_in integer not null default 0,
    orders_web integer not null default 0,
    orders_app integer not null default 0,
    orders_instagram integer not null default 0,
    orders_facebook integer not null default 0,
    orders_sms integer not null default 0,
    orders_phone integer not null default 0,
    orders_attributed integer not null default 0,
    new_customers integer not null default 0,
    returning_customers integer not null default 0,
    known_customer_orders integer not null default 0,
    known_customer_revenue bigint not null default 0,
    unique_visitors integer not null default 0,
    new_visitors integer not null default 0,
    total_sessions integer not null default 0,
    session_page_views integer not null default 0,
    total_page_views integer not null default 0,
    total_events bigint not null default 0,
    session_seconds bigint not null default 0,
    avg_session_duration_sec integer,
    bounced_sessions integer not null default 0,
    bounce_rate numeric(5, 4) check (bounce_rate between 0 and 1),
    converted_sessions integer not null default 0,
    events_expected bigint not null default 0,
    events_captured bigint not null default 0,
    web_orders_known integer not null default 0,
    web_orders_captured integer not null default 0,
    ai_conversations integer not null default 0,
    ai_orders_created integer not null default 0,
    ai_conversion_rate numeric(5, 4) check (ai_conversion_rate between 0 and 1),
    sms_sent integer not null default 0,
    sms_clicks integer not null default 0,
    email_sent integer not null default 0,
    email_opens integer not null default 0,
    points_earned bigint not null default 0,
    points_redeemed bigint not null default 0,
    new_loyalty_members integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, date)
);
-- The first day with orders or visits, which every answer states.
create index daily_metrics_with_orders on public.daily_metrics (restaurant_id, date)
    where total_orders > 0 or cancelled_orders > 0;
create index daily_metrics_with_visits on public.daily_metrics (restaurant_id, date) where total_sessions > 0;
comment on table public.daily_metrics is 'tenant: a business day''s figures; recomputed whole, never added to.';
comment on column public.daily_metrics.total_revenue is 'Net revenue in øre: totals of orders that were not cancelled, less refunds.';
comment on column public.daily_metrics.gross_revenue is 'Subtotals in øre before discounts and refunds.';
comment on column public.daily_metrics.item_revenue is 'Line totals in øre less the lines'' own discounts.';
comment on column public.daily_metrics.foreign_currency_orders is
    'Orders in another currency than the restaurant''s; they are in no other figure.';
comment on column public.daily_metrics.new_customers is 'Known customers whose first order (cancelled ones aside) is of this day.';
comment on column public.daily_metrics.new_visitors is 'Consented visitors not seen in any earlier visit that is still kept.';
comment on column public.daily_metrics.session_page_views is 'Page views of the sessions that began this day.';
comment on column public.daily_metrics.updated_at is 'When the day was rolled up last; after its end the day is complete.';
comment on column public.daily_metrics.events_expected is 'Events that pages said they sent (highest sequence numbers).';
comment on column public.daily_metrics.web_orders_captured is 'Web orders with a checkout_completed event; with web_orders_known a second capture rate.';

create table public.daily_breakdowns (
    restaurant_id uuid not null,
    date date not null,
    dimension text not null check (dimension in
        ('hour', 'order_channel', 'first_touch', 'last_touch', 'fulfillment', 'category', 'traffic_channel', 'device', 'country')),
    value text not null,
    orders integer not null default 0,
    revenue bigint not null default 0,
    cancelled_orders integer not null default 0,
    orders_containing integer not null default 0,
    units integer not null default 0,
    item_revenue bigint not null default 0,
    sessions integer not null default 0,
    visitors integer not null default 0,
    converted_sessions integer not null default 0,
    bounced_sessions integer not null default 0,
    session_seconds bigint not null default 0,
    session_page_views integer not null default 0,
    primary key (restaurant_id, dimension, date, value)
);
comment on table public.daily_breakdowns is 'tenant: a business day''s figures by one dimension.';
comment on column public.daily_breakdowns.orders_containing is 'By category: orders with a line of it.';
comment on column public.daily_breakdowns.value is 'The dimension''s value; empty is unknown. Hours are local, 00 to 23.';

create table public.product_analytics (
    restaurant_id uuid not null,
    product_id uuid not null,
    date date not null,
    units_sold integer not null default 0,
    revenue bigint not null default 0,
    orders_containing integer not null default 0,
    avg_order_quantity numeric(8, 2),
    units_sold_prev integer,
    revenue_prev bigint,
    menu_views integer not null default 0,
    add_to_cart integer not null default 0,
    removed_from_cart integer not null default 0,
    view_to_cart_rate numeric(9, 4),
    cart_to_purchase_rate numeric(9, 4),
    created_at timestamptz not null default now(),
    primary key (restaurant_id, date, product_id)
);
create index product_analytics_product on public.product_analytics (restaurant_id, product_id, date);
comment on table public.product_analytics is 'tenant: a product''s business day. *_prev: same weekday of the week before.';
comment on column public.product_analytics.revenue is 'Line totals in øre less the lines'' own discounts.';
comment on column public.product_analytics.menu_views is 'Nothing sends views of a single product yet: 0.';
comment on column public.product_analytics.add_to_cart is 'Events checkout_item_added.';

create table public.page_view_aggregates (
    restaurant_id uuid not null,
    page_path text not null,
    date date not null,
    views integer not null default 0,
    visitors integer not null default 0,
    entries integer not null default 0,
    exits integer not null default 0,
    time_on_page_ms bigint not null default 0,
    timed_views integer not null default 0,
    scroll_depth_sum bigint not null default 0,
    clicks integer not null default 0,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, date, page_path)
);
comment on table public.page_view_aggregates is 'tenant: a page''s business day; outlives the page views themselves.';

create table public.stale_days (
    restaurant_id uuid not null,
    date date not null,
    id uuid not null default gen_random_uuid(),
    reason text not null,
    marked_at timestamptz not null default now(),
    primary key (restaurant_id, date, id)
);
comment on table public.stale_days is
    'tenant: marks of business days whose roll-up must be made anew. Who changes a day''s rows inserts a mark '
    '(restaurant_id, date, reason) in the same transaction, without ON CONFLICT: marks never wait for each other or for '
    'the roll-up, and none is lost.';

create table public.daily_restatements (
    restaurant_id uuid not null,
    date date not null,
    restated_at timestamptz not null,
    metric text not null,
    old_value numeric not null,
    new_value numeric not null,
    reason text not null,
    primary key (restaurant_id, date, restated_at, metric)
);
comment on table public.daily_restatements is 'tenant: why a figure that was already shown has changed.';

create table public.channel_attribution (
    restaurant_id uuid not null,
    order_id uuid not null,
    first_touch_channel text,
    first_touch_source text,
    first_touch_campaign text,
    first_touch_at timestamptz,
    last_touch_channel text,
    last_touch_source text,
    last_touch_campaign text,
    last_touch_at timestamptz,
    touchpoint_path jsonb not null default '[]',
    touchpoint_count integer not null default 0 check (touchpoint_count >= 0),
    days_to_conversion integer check (days_to_conversion >= 0),
    sessions_to_conversion integer check (sessions_to_conversion >= 0),
    created_at timestamptz not null default now(),
    primary key (restaurant_id, order_id)
);
comment on table public.channel_attribution is 'tenant: the visits that led to an order. touchpoint_path: [{channel, source, timestamp}].';
