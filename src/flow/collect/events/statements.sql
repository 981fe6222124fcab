-- The statements of the hot path, which writing.py runs on its own connections: one array per column. They are kept apart
-- from queries.sql because of the COPY, which cannot be prepared.
--
-- Arrays are unnested side by side in the select list: in a FROM each would be laid down in a store of its own first,
-- which takes as long as the insert.

-- name: begin
-- A transaction of the service follows.
begin;

-- name: begin_service
-- Role, claims and time-out of the service, where the session cannot have them for good.
select app.begin_service(:timeout_ms::integer);

-- name: lock_visitors
-- Only one writer at a time decides which session a visitor is in; keys come in order, so that none waits in a ring.
select count(*) from (select pg_advisory_xact_lock(key) from unnest(:keys::bigint[]) as keys (key) offset 0) locked;

-- name: plan_by_order
-- What is asked for in an order is read from the index that has this order: until the end of the transaction, likewise.
select set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
    set_config('enable_bitmapscan', 'off', true);

-- name: find_sessions
-- The sessions of visitors that reach into a time; `number` says whose, counted from 1. Visitor and start are compared and
-- ordered together, and only sessions_visitor has that order: while the table is young, the planner knows too little of
-- it and would go through all of a restaurant's latest sessions.
select asked.number, s.session_id, s.visitor_id, s.started_at, s.ended_at
from (
    select
        generate_subscripts(:restaurants::uuid[], 1) as number, unnest(:restaurants::uuid[]) as restaurant_id,
        unnest(:visitors::uuid[]) as visitor_id, unnest(:since::timestamptz[]) as since,
        unnest(:until::timestamptz[]) as until
) asked
cross join lateral (
    select f.session_id, f.visitor_id, f.started_at, f.ended_at
    from public.sessions f
    where f.restaurant_id = asked.restaurant_id
        and (f.visitor_id, f.started_at) > (asked.visitor_id, asked.since - interval '24 hours')
        and (f.visitor_id, f.started_at) <= (asked.visitor_id, asked.until)
        and f.ended_at >= asked.since
    order by f.visitor_id, f.started_at
    offset 0
) s;

-- name: expect_no_sessions
-- Fails unless visitors that were taken to be new have no session that reaches into a time.
select app.expect_none(count(*))
from (
    select
        unnest(:restaurants::uuid[]) as restaurant_id, unnest(:visitors::uuid[]) as visitor_id,
        unnest(:since::timestamptz[]) as since, unnest(:until::timestamptz[]) as until
) asked
cross join lateral (
    select from public.sessions f
    where f.restaurant_id = asked.restaurant_id
        and (f.visitor_id, f.started_at) > (asked.visitor_id, asked.since - interval '24 hours')
        and (f.visitor_id, f.started_at) <= (asked.visitor_id, asked.until)
        and f.ended_at >= asked.since
    order by f.visitor_id, f.started_at
    offset 0
) s;

-- name: copy_events
-- Events that are taken to be new; one that is not fails the transaction.
copy public.events
    (restaurant_id, timestamp, id, session_id, created_at, page_view_id, seq, event_name, event_category, page_url,
    page_title, event_data, time_on_page_ms, viewport_x, viewport_y, page_x, page_y, element_id, element_class,
    element_text)
from stdin (format binary);

-- name: add_events
-- A few events that are taken to be new; one that is not fails the transaction.
insert into public.events
    (restaurant_id, timestamp, id, session_id, created_at, page_view_id, seq, event_name, event_category, page_url,
    page_title, event_data, time_on_page_ms, viewport_x, viewport_y, page_x, page_y, element_id, element_class,
    element_text)
select
    unnest(:restaurant_id::uuid[]), unnest(:timestamp::timestamptz[]), unnest(:id::uuid[]),
    unnest(:session_id::uuid[]), unnest(:created_at::timestamptz[]), unnest(:page_view_id::uuid[]),
    unnest(:seq::integer[]), unnest(:event_name::text[]), unnest(:event_category::text[]), unnest(:page_url::text[]),
    unnest(:page_title::text[]), unnest(:event_data::jsonb[]), unnest(:time_on_page_ms::integer[]),
    unnest(:viewport_x::integer[]), unnest(:viewport_y::integer[]), unnest(:page_x::integer[]),
    unnest(:page_y::integer[]), unnest(:element_id::text[]), unnest(:element_class::text[]),
    unnest(:element_text::text[]);

-- name: add_new_events
-- Events of which some may be known; answers the keys of those that are new.
insert into public.events
    (restaurant_id, timestamp, id, session_id, created_at, page_view_id, seq, event_name, event_category, page_url,
    page_title, event_data, time_on_page_ms, viewport_x, viewport_y, page_x, page_y, element_id, element_class,
    element_text)
select
    unnest(:restaurant_id::uuid[]), unnest(:timestamp::timestamptz[]), unnest(:id::uuid[]),
    unnest(:session_id::uuid[]), unnest(:created_at::timestamptz[]), unnest(:page_view_id::uuid[]),
    unnest(:seq::integer[]), unnest(:event_name::text[]), unnest(:event_category::text[]), unnest(:page_url::text[]),
    unnest(:page_title::text[]), unnest(:event_data::jsonb[]), unnest(:time_on_page_ms::integer[]),
    unnest(:viewport_x::integer[]), unnest(:viewport_y::integer[]), unnest(:page_x::integer[]),
    unnest(:page_y::integer[]), unnest(:element_id::text[]), unnest(:element_class::text[]),
    unnest(:element_text::text[])
on conflict do nothing
returning restaurant_id, timestamp, id;

-- name: copy_heatmap_events
-- Positions of clicks and depths of scrolling.
copy public.heatmap_events
    (restaurant_id, timestamp, id, viewport_width, viewport_height, x_percent, y_percent, x_px, y_px, event_type,
    page_path, element_selector)
from stdin (format binary);

-- name: add_heatmap_events
-- The same, a few of them.
insert into public.heatmap_events
    (restaurant_id, timestamp, id, viewport_width, viewport_height, x_percent, y_percent, x_px, y_px, event_type,
    page_path, element_selector)
select
    unnest(:restaurant_id::uuid[]), unnest(:timestamp::timestamptz[]), unnest(:id::uuid[]),
    unnest(:viewport_width::integer[]), unnest(:viewport_height::integer[]), unnest(:x_percent::real[]),
    unnest(:y_percent::real[]), unnest(:x_px::integer[]), unnest(:y_px::integer[]), unnest(:event_type::text[]),
    unnest(:page_path::text[]), unnest(:element_selector::text[]);

-- name: add_sessions
-- Sessions that begin with these events.
insert into public.sessions
    (restaurant_id, session_id, visitor_id, is_consented, started_at, ended_at, page_views, events_count,
    interactions, device_type, browser, os, screen_resolution, language, channel, source, utm_source, utm_medium,
    utm_campaign, utm_term, utm_content, click_id_type, referrer, landing_page, exit_page, country_code)
select
    unnest(:restaurant_id::uuid[]), unnest(:session_id::uuid[]), unnest(:visitor_id::uuid[]),
    unnest(:is_consented::boolean[]), unnest(:started_at::timestamptz[]), unnest(:ended_at::timestamptz[]),
    unnest(:page_views::integer[]), unnest(:events_count::integer[]), unnest(:interactions::integer[]),
    unnest(:device_type::text[]), unnest(:browser::text[]), unnest(:os::text[]), unnest(:screen_resolution::text[]),
    unnest(:language::text[]), unnest(:channel::text[]), unnest(:source::text[]), unnest(:utm_source::text[]),
    unnest(:utm_medium::text[]), unnest(:utm_campaign::text[]), unnest(:utm_term::text[]),
    unnest(:utm_content::text[]), unnest(:click_id_type::text[]), unnest(:referrer::text[]),
    unnest(:landing_page::text[]), unnest(:exit_page::text[]), unnest(:country_code::text[]);

-- name: merge_sessions
-- Sessions that may be known: they grow. What began and ended them are their earliest and latest events.
insert into public.sessions as s
    (restaurant_id, session_id, visitor_id, is_consented, started_at, ended_at, page_views, events_count,
    interactions, device_type, browser, os, screen_resolution, language, channel, source, utm_source, utm_medium,
    utm_campaign, utm_term, utm_content, click_id_type, referrer, landing_page, exit_page, country_code)
select
    unnest(:restaurant_id::uuid[]), unnest(:session_id::uuid[]), unnest(:visitor_id::uuid[]),
    unnest(:is_consented::boolean[]), unnest(:started_at::timestamptz[]), unnest(:ended_at::timestamptz[]),
    unnest(:page_views::integer[]), unnest(:events_count::integer[]), unnest(:interactions::integer[]),
    unnest(:device_type::text[]), unnest(:browser::text[]), unnest(:os::text[]), unnest(:screen_resolution::text[]),
    unnest(:language::text[]), unnest(:channel::text[]), unnest(:source::text[]), unnest(:utm_source::text[]),
    unnest(:utm_medium::text[]), unnest(:utm_campaign::text[]), unnest(:utm_term::text[]),
    unnest(:utm_content::text[]), unnest(:click_id_type::text[]), unnest(:referrer::text[]),
    unnest(:landing_page::text[]), unnest(:exit_page::text[]), unnest(:country_code::text[])
on conflict (restaurant_id, session_id) do update set
    started_at = least(s.started_at, excluded.started_at),
    ended_at = greatest(s.ended_at, excluded.ended_at),
    page_views = s.page_views + excluded.page_views,
    events_count = s.events_count + excluded.events_count,
    interactions = s.interactions + excluded.interactions,
    landing_page = case
        when excluded.started_at < s.started_at then excluded.landing_page
        else coalesce(s.landing_page, excluded.landing_page)
    end,
    exit_page = case
        when excluded.ended_at >= s.ended_at then coalesce(excluded.exit_page, s.exit_page)
        else coalesce(s.exit_page, excluded.exit_page)
    end;

-- name: add_page_views
-- Page views that open with these events.
insert into public.page_views
    (restaurant_id, entered_at, id, session_id, clicks_count, events_received, max_seq, exited_at, time_on_page_ms,
    max_scroll_depth_percent, page_url, page_path, page_title)
select
    unnest(:restaurant_id::uuid[]), unnest(:entered_at::timestamptz[]), unnest(:id::uuid[]),
    unnest(:session_id::uuid[]), unnest(:clicks_count::integer[]), unnest(:events_received::integer[]),
    unnest(:max_seq::integer[]), unnest(:exited_at::timestamptz[]), unnest(:time_on_page_ms::integer[]),
    unnest(:max_scroll_depth_percent::smallint[]), unnest(:page_url::text[]), unnest(:page_path::text[]),
    unnest(:page_title::text[]);

-- name: merge_page_views
-- Page views that may be known: they grow.
insert into public.page_views as p
    (restaurant_id, entered_at, id, session_id, clicks_count, events_received, max_seq, exited_at, time_on_page_ms,
    max_scroll_depth_percent, page_url, page_path, page_title)
select
    unnest(:restaurant_id::uuid[]), unnest(:entered_at::timestamptz[]), unnest(:id::uuid[]),
    unnest(:session_id::uuid[]), unnest(:clicks_count::integer[]), unnest(:events_received::integer[]),
    unnest(:max_seq::integer[]), unnest(:exited_at::timestamptz[]), unnest(:time_on_page_ms::integer[]),
    unnest(:max_scroll_depth_percent::smallint[]), unnest(:page_url::text[]), unnest(:page_path::text[]),
    unnest(:page_title::text[])
on conflict (restaurant_id, entered_at, id) do update set
    clicks_count = p.clicks_count + excluded.clicks_count,
    events_received = p.events_received + excluded.events_received,
    max_seq = greatest(p.max_seq, excluded.max_seq),
    exited_at = greatest(p.exited_at, excluded.exited_at),
    time_on_page_ms = greatest(p.time_on_page_ms, excluded.time_on_page_ms),
    max_scroll_depth_percent = greatest(p.max_scroll_depth_percent, excluded.max_scroll_depth_percent),
    page_url = coalesce(excluded.page_url, p.page_url),
    page_path = coalesce(excluded.page_path, p.page_path),
    page_title = coalesce(excluded.page_title, p.page_title);

-- name: add_stale_days
-- Business days before today that got another event.
insert into public.stale_days
    (restaurant_id, date, reason)
select
    unnest(:restaurant_id::uuid[]), unnest(:date::date[]), unnest(:reason::text[]);

-- name: add_rejected_events
-- What was refused, into the quarantine.
insert into public.rejected_events
    (restaurant_id, id, received_at, reason, message, event_name, raw, context)
select
    unnest(:restaurant_id::uuid[]), unnest(:id::uuid[]), unnest(:received_at::timestamptz[]), unnest(:reason::text[]),
    unnest(:message::text[]), unnest(:event_name::text[]), unnest(:raw::text[]), unnest(:context::jsonb[])
on conflict (restaurant_id, id) do nothing;

-- name: count_dropped_events
-- What robots sent, counted per hour and reason.
insert into public.dropped_events as d
    (restaurant_id, hour, reason, detail, count)
select
    unnest(:restaurant_id::uuid[]), unnest(:hour::timestamptz[]), unnest(:reason::text[]), unnest(:detail::text[]),
    unnest(:count::bigint[])
on conflict (restaurant_id, hour, reason, detail) do update set count = d.count + excluded.count;

-- name: make_partitions
-- The months' partitions, should the timetable not have made them.
select app.make_partitions(parent, :first::date, :last::date)
from unnest(array['events', 'page_views', 'heatmap_events']) as parents (parent);

-- name: commit
-- The end of a transaction.
commit;
