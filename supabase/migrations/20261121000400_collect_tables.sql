-- What comes in from pages: sessions, events and what is derived from them. Events, page views and heatmap events are
-- partitioned by month; the partitions live in schema parts and are made by app.make_partitions(). Names and paths that
-- are part of an index are compared byte by byte (collate "C"), which takes a fraction of the time.

create table public.site_keys (
    restaurant_id uuid not null,
    key text not null check (key ~ '^fk_[A-Za-z0-9_-]{16,64}$'),
    name text not null default '',
    allowed_origins text[] not null default '{}',
    events_per_minute integer not null default 60000 check (events_per_minute > 0),
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (restaurant_id, key)
);
comment on table public.site_keys is 'tenant: public keys with which pages send events.';
comment on column public.site_keys.allowed_origins is 'Origins (https://host) whose pages may use the key; empty allows any.';

create table app.visitor_salts (
    day date primary key,
    salt bytea not null check (octet_length(salt) = 32)
);
comment on table app.visitor_salts is
    'platform: the day''s secret behind cookieless visitor ids; deleted after two days, so that ids cannot be traced back.';

create table public.sessions (
    restaurant_id uuid not null,
    session_id uuid not null,
    visitor_id uuid not null,
    is_consented boolean not null default false,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    duration_seconds integer generated always as (extract(epoch from ended_at - started_at)::integer) stored,
    device_type text,
    browser text,
    os text,
    screen_resolution text,
    language text,
    channel text not null default 'direct',
    source text,
    utm_source text,
    utm_medium text,
    utm_campaign text,
    utm_term text,
    utm_content text,
    click_id_type text,
    referrer text,
    landing_page text,
    exit_page text,
    page_views integer not null default 0 check (page_views >= 0),
    events_count integer not null default 0 check (events_count >= 0),
    interactions integer not null default 0 check (interactions >= 0),
    orders_created integer not null default 0 check (orders_created >= 0),
    is_bounce boolean generated always as (page_views <= 1 and interactions = 0) stored,
    country_code char(2),
    region text,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, session_id),
    check (ended_at >= started_at)
);
create index sessions_started on public.sessions (restaurant_id, started_at); -- live tail, roll-ups
create index sessions_visitor on public.sessions (restaurant_id, visitor_id, started_at); -- the session an event belongs to
comment on table public.sessions is 'tenant: visits; 30 minutes of silence end one. No IP address is kept.';
comment on column public.sessions.visitor_id is 'Cookieless: an id that changes every day. After consent: the lasting id.';
comment on column public.sessions.interactions is 'Events in which the visitor did something: clicks, forms, cart, own events.';
comment on column public.sessions.is_bounce is 'One page view at most and no interaction.';

create table public.events (
    restaurant_id uuid not null,
    timestamp timestamptz not null,
    id uuid not null,
    session_id uuid not null,
    page_view_id uuid,
    created_at timestamptz not null default now(),
    seq integer,
    time_on_page_ms integer,
    viewport_x integer,
    viewport_y integer,
    page_x integer,
    page_y integer,
    event_name text collate "C" not null,
    event_category text not null,
    page_url text,
    page_title text,
    element_id text,
    element_class text,
    element_text text,
    event_data jsonb not null default '{}',
    primary key (restaurant_id, timestamp, id)
) partition by range (timestamp);
-- Carts, orders, conversations, own events. Moving about a page makes nine events in ten; those are counted from page
-- views and sessions, and an index on them would be as large as the primary key. Without the time equal keys are stored
-- once, which makes it a fifth as large; a query about a day combines it with the primary key.
create index events_name on public.events (restaurant_id, event_name)
    where event_name not in ('page_view', 'page_scroll', 'page_exit', 'element_click', 'element_hover');
comment on table public.events is 'tenant: everything that happened on a page, once each.';
comment on column public.events.session_id is 'Its events lie between the session''s started_at and ended_at, so the key finds them.';
comment on column public.events.timestamp is 'The sender''s time. With the sender''s id it is the key, so that a retry is known for the life of the partition.';
comment on column public.events.created_at is 'The server''s time.';
comment on column public.events.page_title is
    'Of the page_view event, and of events that belong to no page view; for others see the page view.';
comment on column public.events.seq is 'Number of the event within its page view, from 1; a gap is a lost event.';

create table public.page_views (
    restaurant_id uuid not null,
    entered_at timestamptz not null,
    id uuid not null,
    session_id uuid not null,
    exited_at timestamptz,
    time_on_page_ms integer check (time_on_page_ms >= 0),
    max_scroll_depth_percent smallint check (max_scroll_depth_percent between 0 and 100),
    clicks_count integer not null default 0 check (clicks_count >= 0),
    events_received integer not null default 0,
    max_seq integer not null default 0,
    page_url text,
    page_path text collate "C" check (length(page_path) <= 512),
    page_title text,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, entered_at, id)
) partition by range (entered_at);
create index page_views_session on public.page_views (restaurant_id, session_id);
comment on table public.page_views is 'tenant: one row per page load, derived from its events.';
comment on column public.page_views.entered_at is 'The time within the page view''s own UUIDv7.';
comment on column public.page_views.events_received is 'With max_seq the measured capture rate: received / sent.';
comment on column public.page_views.page_path is 'Null until the page_view event itself has arrived.';

create table public.heatmap_events (
    restaurant_id uuid not null,
    timestamp timestamptz not null,
    id uuid not null,
    viewport_width integer not null check (viewport_width > 0),
    viewport_height integer not null check (viewport_height > 0),
    x_percent real check (x_percent between 0 and 1),
    y_percent real check (y_percent between 0 and 1),
    x_px integer,
    y_px integer,
    event_type text not null check (event_type in ('click', 'move', 'scroll')),
    page_path text collate "C" not null check (length(page_path) <= 512),
    element_selector text,
    primary key (restaurant_id, page_path, timestamp, id)
) partition by range (timestamp);
comment on table public.heatmap_events is 'tenant: positions of clicks and scrolls, without session or visitor.';
comment on column public.heatmap_events.x_percent is 'Share of the viewport''s width, 0 to 1.';
comment on column public.heatmap_events.y_percent is 'Share of the viewport''s height, 0 to 1.';

create table public.rejected_events (
    restaurant_id uuid not null,
    id uuid not null,
    received_at timestamptz not null default now(),
    reason text not null,
    message text not null,
    event_name text,
    raw text not null,
    context jsonb not null default '{}',
    replayed_at timestamptz,
    replay_outcome text check (replay_outcome in ('accepted', 'duplicate', 'rejected')),
    primary key (restaurant_id, id)
);
create index rejected_events_received on public.rejected_events (restaurant_id, received_at);
comment on table public.rejected_events is 'tenant: the quarantine; what was refused, why, and its raw body, to be replayed after a fix.';
comment on column public.rejected_events.context is 'What replaying needs of the batch: visitor, session, device. No address.';

create table public.dropped_events (
    restaurant_id uuid not null,
    hour timestamptz not null,
    reason text not null,
    detail text not null default '',
    count bigint not null default 0 check (count >= 0),
    primary key (restaurant_id, hour, reason, detail)
);
comment on table public.dropped_events is 'tenant: how many events were dropped as robots, per hour and reason.';

-- Makes the monthly partitions of one parent for [first_month, last_month]; existing ones are left alone.
create function app.make_partitions(parent text, first_month date, last_month date) returns integer
    language plpgsql set search_path = ''
    as $$
declare
    month date := date_trunc('month', first_month)::date;
    part text;
    made integer := 0;
begin
    if parent not in ('events', 'page_views', 'heatmap_events') then
        raise exception 'table % is not partitioned', parent using errcode = '22023';
    end if;
    while month <= last_month loop
        part := format('%s_%s', parent, to_char(month, 'YYYYMM'));
        if to_regclass(format('parts.%I', part)) is null then
            execute format(
                'create table parts.%I partition of public.%I for values from (%L) to (%L)',
                part, parent,
                month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
            execute format('alter table parts.%I enable row level security', part);
            execute format('revoke all on parts.%I from public, anon, authenticated, service_role', part);
            made := made + 1;
        end if;
        month := (month + interval '1 month')::date;
    end loop;
    return made;
end
$$;
comment on function app.make_partitions(text, date, date) is 'Makes monthly partitions ahead of need; answers how many.';

-- Drops the partitions of one parent that end at or before `before`: a month goes in one short statement.
create function app.drop_partitions(parent text, before date) returns text[]
    language plpgsql set search_path = ''
    as $$
declare
    part record;
    dropped text[] := '{}';
begin
    for part in
        select c.relname
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class c on c.oid = i.inhrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where i.inhparent = format('public.%I', parent)::regclass and n.nspname = 'parts'
          and (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month')::date <= before
        order by c.relname
    loop
        execute format('drop table parts.%I', part.relname);
        dropped := dropped || part.relname::text;
    end loop;
    return dropped;
end
$$;
comment on function app.drop_partitions(text, date) is 'Retention: drops whole months that lie before the date; answers their names.';

do $$
declare
    parent text;
begin
    foreach parent in array array['events', 'page_views', 'heatmap_events'] loop
        perform app.make_partitions(parent, (now() - interval '2 months')::date, (now() + interval '2 months')::date);
    end loop;
end
$$;
