-- Every query numbers its cells; the rows of all places or stretches of one cell are counted together, for a quantile of a
-- week is not made of those of its days. Rows are first counted by their milliseconds, of which there are few, so that a
-- million need not be sorted: the quantile is the first that has its share of the rows up to it, as percentile_disc has it.
-- A lateral range per stretch keeps the plan an index range under row level security; OFFSET 0 keeps the planner from reading
-- all of the restaurant's rows once and holding each against every stretch. Milliseconds are made of whole microseconds:
-- the same as by numeric, at a tenth of its time.

-- name: call_facts -> CallFacts
-- Calls to other systems in each cell: by provider, by provider and address, or all together. Days that are counted are
-- read as their counts, and what they leave of a stretch from rows: days that wait, today, the parts of days.
with stretches as (
    select s.* from unnest(:cells::int[], :restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[])
        with ordinality as s (cell, restaurant_id, starts_at, ends_at, stretch)
),
days as (
    select s.stretch, s.cell, d.*
    from stretches s
    cross join lateral (
        select c.value, tstzrange(c.starts_at, c.ends_at) as span, c.calls, c.calls_answered, c.times_ms, c.calls_timed
        from public.daily_calls c
        where c.restaurant_id = s.restaurant_id and c.starts_at >= s.starts_at and c.starts_at < s.ends_at
          and c.ends_at <= s.ends_at and c.dimension = :dimension::text
        offset 0
    ) d
),
rests as (
    select s.cell, s.restaurant_id, r.rest
    from stretches s
    cross join lateral unnest(
        tstzmultirange(tstzrange(s.starts_at, s.ends_at))
        - coalesce((select range_agg(d.span) from days d where d.stretch = s.stretch), '{}')
    ) as r (rest)
),
from_rows as (
    select r.cell, c.value, c.ms, count(*)::int as calls, (count(*) filter (where c.success))::int as calls_answered
    from rests r
    cross join lateral (
        select l.success, l.response_time_ms as ms,
            case :dimension::text
                when 'provider' then l.api_name
                when 'provider_endpoint' then l.api_name || ' ' || l.method || ' ' || l.endpoint
                else '' end as value
        from public.api_logs l
        where l.restaurant_id = r.restaurant_id and l.timestamp >= lower(r.rest) and l.timestamp < upper(r.rest)
        offset 0
    ) c
    group by r.cell, c.value, c.ms
),
counted as (
    select a.cell, a.value, sum(a.calls)::bigint as calls, sum(a.calls_answered)::bigint as calls_answered
    from (
        select cell, value, calls, calls_answered from days
        union all
        select cell, value, calls, calls_answered from from_rows
    ) a
    group by a.cell, a.value
),
timed as (
    select a.cell, a.value, a.ms, sum(a.calls)::int as calls
    from (
        select d.cell, d.value, t.ms, t.calls
        from days d cross join lateral unnest(d.times_ms, d.calls_timed) as t (ms, calls)
        union all
        select cell, value, ms, calls from from_rows where ms is not null
    ) a
    group by a.cell, a.value, a.ms
),
ranked as (
    select cell, value, ms, sum(calls) over (partition by cell, value order by ms) as upto,
        sum(calls) over (partition by cell, value) as known
    from timed
),
quantiles as (
    select cell, value, min(ms) filter (where 2 * upto >= known) as p50, min(ms) filter (where 20 * upto >= 19 * known) as p95
    from ranked
    group by cell, value
)
select c.cell::int, c.value, c.calls, c.calls_answered, q.p50 as call_p50_ms, q.p95 as call_p95_ms
from counted c
left join quantiles q on q.cell = c.cell and q.value = c.value

-- name: incoming_facts -> IncomingFacts
-- What arrived in each cell, what became of it, and how long that took: by provider, or all together.
with counted as (
    select s.cell, c.value, c.took_ms as ms, count(*)::int as rows,
        count(*) filter (where c.status <> 'received') as incoming_settled,
        count(*) filter (where c.status in ('done', 'ignored')) as incoming_applied,
        count(*) filter (where c.status = 'parked') as incoming_parked
    from unnest(:cells::int[], :restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[])
        as s (cell, restaurant_id, starts_at, ends_at)
    cross join lateral (
        select i.status, case :dimension::text when 'provider' then i.provider else '' end as value,
            case when i.processed_at is not null then
                least((greatest(date_part('epoch', i.processed_at - i.received_at) * 1000000, 0)::bigint + 500) / 1000, 2147483647)
            end::int as took_ms
        from public.webhook_inbox i
        where i.restaurant_id = s.restaurant_id and i.received_at >= s.starts_at and i.received_at < s.ends_at
        offset 0
    ) c
    group by s.cell, c.value, c.took_ms
),
ranked as (
    select *, sum(rows) over (partition by cell, value order by ms) as upto,
        sum(rows) filter (where ms is not null) over (partition by cell, value) as known
    from counted
),
arrived as (
    select cell, value, sum(rows)::bigint as incoming,
        sum(incoming_settled)::bigint as incoming_settled, sum(incoming_applied)::bigint as incoming_applied,
        sum(incoming_parked)::bigint as incoming_parked,
        min(ms) filter (where 2 * upto >= known) as incoming_p50_ms,
        min(ms) filter (where 20 * upto >= 19 * known) as incoming_p95_ms
    from ranked
    group by cell, value
),
refused as (
    select s.cell, c.value, sum(c.deliveries)::bigint as incoming_refused
    from unnest(:cells::int[], :restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[])
        as s (cell, restaurant_id, starts_at, ends_at)
    cross join lateral (
        select r.deliveries, case :dimension::text when 'provider' then r.provider else '' end as value
        from public.webhook_refusals r
        where r.restaurant_id = s.restaurant_id and r.hour >= s.starts_at and r.hour < s.ends_at
        offset 0
    ) c
    group by s.cell, c.value
)
select cell::int, value, coalesce(a.incoming, 0) as incoming, coalesce(a.incoming_settled, 0) as incoming_settled,
    coalesce(a.incoming_applied, 0) as incoming_applied, coalesce(a.incoming_parked, 0) as incoming_parked,
    coalesce(r.incoming_refused, 0) as incoming_refused, a.incoming_p50_ms, a.incoming_p95_ms
from arrived a
full join refused r using (cell, value)

-- name: outgoing_facts -> OutgoingFacts
-- What was to be told in each cell, what arrived, and how long after the event: by endpoint, or all together.
with counted as (
    select s.cell, c.value, c.took_ms as ms, count(*)::int as rows, count(*) filter (where c.is_delivered) as outgoing_delivered
    from unnest(:cells::int[], :restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[])
        as s (cell, restaurant_id, starts_at, ends_at)
    join public.webhook_endpoints e on e.restaurant_id = s.restaurant_id
    cross join lateral (
        select d.status = 'delivered' as is_delivered,
            case :dimension::text when 'webhook_endpoint' then d.endpoint_id::text else '' end as value,
            case when d.status = 'delivered'
                then least((greatest(date_part('epoch', d.finished_at - d.wanted_at) * 1000000, 0)::bigint + 500) / 1000, 2147483647)
            end::int as took_ms
        from public.webhook_deliveries d
        where d.restaurant_id = s.restaurant_id and d.endpoint_id = e.id
          and d.created_at >= s.starts_at and d.created_at < s.ends_at
        offset 0
    ) c
    group by s.cell, c.value, c.took_ms
),
ranked as (
    select *, sum(rows) over (partition by cell, value order by ms) as upto,
        sum(rows) filter (where ms is not null) over (partition by cell, value) as known
    from counted
)
select cell::int, value, sum(rows)::bigint as outgoing, sum(outgoing_delivered)::bigint as outgoing_delivered,
    min(ms) filter (where 2 * upto >= known) as outgoing_p50_ms, min(ms) filter (where 20 * upto >= 19 * known) as outgoing_p95_ms
from ranked
group by cell, value

-- name: try_facts -> TryFacts
-- Tries to tell endpoints in each cell: by endpoint, or all together; times are of those that were answered.
with counted as (
    select s.cell, c.value, c.took_ms as ms, count(*)::int as rows, count(*) filter (where c.status_code between 200 and 299) as tries_answered
    from unnest(:cells::int[], :restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[])
        as s (cell, restaurant_id, starts_at, ends_at)
    join public.webhook_endpoints e on e.restaurant_id = s.restaurant_id
    cross join lateral (
        select t.status_code, case when t.status_code is not null then t.duration_ms end as took_ms,
            case :dimension::text when 'webhook_endpoint' then t.endpoint_id::text else '' end as value
        from public.webhook_attempts t
        where t.restaurant_id = s.restaurant_id and t.endpoint_id = e.id
          and t.attempted_at >= s.starts_at and t.attempted_at < s.ends_at
        offset 0
    ) c
    group by s.cell, c.value, c.took_ms
),
ranked as (
    select *, sum(rows) over (partition by cell, value order by ms) as upto,
        sum(rows) filter (where ms is not null) over (partition by cell, value) as known
    from counted
)
select cell::int, value, sum(rows)::bigint as tries, sum(tries_answered)::bigint as tries_answered,
    min(ms) filter (where 2 * upto >= known) as try_p50_ms, min(ms) filter (where 20 * upto >= 19 * known) as try_p95_ms
from ranked
group by cell, value

-- name: queue_facts -> QueueFacts
-- What waits now: calls and deliveries of providers, deliveries to endpoints that are on, or all together.
with waiting as (
    select s.cell, c.provider as value, c.next_attempt_at as due_at
    from unnest(:cells::int[], :restaurants::uuid[]) as s (cell, restaurant_id)
    join public.provider_calls c on c.restaurant_id = s.restaurant_id and c.status = 'queued'
    where :dimension::text in ('', 'provider')
    union all
    select s.cell, i.provider, i.received_at
    from unnest(:cells::int[], :restaurants::uuid[]) as s (cell, restaurant_id)
    join public.webhook_inbox i on i.restaurant_id = s.restaurant_id and i.status = 'received'
    where :dimension::text in ('', 'provider')
    union all
    select s.cell, d.endpoint_id::text, d.wanted_at
    from unnest(:cells::int[], :restaurants::uuid[]) as s (cell, restaurant_id)
    join public.webhook_endpoints e on e.restaurant_id = s.restaurant_id and e.status = 'active'
    join public.webhook_deliveries d
        on d.restaurant_id = s.restaurant_id and d.endpoint_id = e.id and d.status = 'pending'
    where :dimension::text in ('', 'webhook_endpoint')
)
select s.cell::int, case :dimension::text when '' then '' else w.value end as value, count(w.due_at) as queue_waiting,
    coalesce(greatest(extract(epoch from :now::timestamptz - min(w.due_at)), 0), 0)::int as queue_lag_seconds
from (select distinct cell from unnest(:cells::int[]) as c (cell)) s
left join waiting w on w.cell = s.cell
where :dimension::text = '' or w.value is not null
group by s.cell, case :dimension::text when '' then '' else w.value end

-- name: heard_facts -> HeardFacts
-- Connected systems: since when each was not heard, and whether it is quiet at an hour at which it usually speaks.
with systems as (
    select s.cell, c.restaurant_id, c.integration_name as provider, c.status, c.last_sync_at
    from unnest(:cells::int[], :restaurants::uuid[]) as s (cell, restaurant_id)
    join public.integration_configs c on c.restaurant_id = s.restaurant_id and c.status in ('active', 'error')
),
arrived as (
    select r.restaurant_id, n.provider, w.back, n.deliveries
    from (select distinct restaurant_id from systems) r
    cross join generate_series(0, 3) as w (back)
    cross join lateral (
        select i.provider, count(*) as deliveries
        from public.webhook_inbox i
        where i.restaurant_id = r.restaurant_id
          and i.received_at >= :now::timestamptz - make_interval(days => 7 * w.back, hours => 3)
          and i.received_at < :now::timestamptz - make_interval(days => 7 * w.back) + interval '1 microsecond'
        group by i.provider
    ) n
),
spoken as (
    select y.*, n.recent, n.usual, y.status = 'active' and n.recent = 0 and n.usual >= 3 as is_quiet
    from systems y
    cross join lateral (
        select coalesce(sum(a.deliveries) filter (where a.back = 0), 0) as recent,
            least(
                coalesce(sum(a.deliveries) filter (where a.back = 1), 0),
                coalesce(sum(a.deliveries) filter (where a.back = 2), 0),
                coalesce(sum(a.deliveries) filter (where a.back = 3), 0)
            ) as usual
        from arrived a
        where a.restaurant_id = y.restaurant_id and a.provider = y.provider
    ) n
)
select p.cell::int, case :dimension::text when 'provider' then p.provider else '' end as value,
    case when min(p.last_sync_at) < :now::timestamptz then extract(epoch from :now::timestamptz - min(p.last_sync_at))
         when min(p.last_sync_at) is not null then 0 end::int as silence_seconds,
    sum(p.recent)::int as recent_deliveries, sum(p.usual)::int as usual_deliveries,
    (count(*) filter (where p.is_quiet))::int as quiet_systems
from spoken p
group by p.cell, case :dimension::text when 'provider' then p.provider else '' end

-- name: first_signs -> FirstSigns
-- When the oldest row that is kept of each restaurant was written.
select r.restaurant_id,
    (select min(l.timestamp) from public.api_logs l where l.restaurant_id = r.restaurant_id) as first_call_at,
    least(
        (select min(i.received_at) from public.webhook_inbox i where i.restaurant_id = r.restaurant_id),
        (select min(f.hour) from public.webhook_refusals f where f.restaurant_id = r.restaurant_id)
    ) as first_incoming_at,
    (select min(o.first_at)
     from public.webhook_endpoints e
     cross join lateral (
        select min(d.created_at) as first_at
        from public.webhook_deliveries d
        where d.restaurant_id = r.restaurant_id and d.endpoint_id = e.id
     ) o
     where e.restaurant_id = r.restaurant_id) as first_outgoing_at
from unnest(:restaurants::uuid[]) as r (restaurant_id)

-- name: endpoint_names -> EndpointName
-- How people call these endpoints, removed ones too.
select id, coalesce(nullif(description, ''), url) as name
from public.webhook_endpoints
where restaurant_id = any (:restaurants::uuid[]) and id = any (:endpoints::uuid[])

-- name: watched_restaurants
-- Restaurants with a working connection.
select distinct restaurant_id from public.integration_configs where status = 'active'

-- name: counted_days
-- The restaurant's days whose calls are counted, as bounds.
select d.starts_at, d.ends_at
from public.daily_calls d
where d.restaurant_id = :restaurant and d.dimension = ''

-- name: forget_days
-- Takes away the counts of whatever days these spans touch, so that the spans can be counted.
delete from public.daily_calls d
using unnest(:starts::timestamptz[], :ends::timestamptz[]) as s (starts_at, ends_at)
where d.restaurant_id = :restaurant and d.starts_at < s.ends_at and d.ends_at > s.starts_at

-- name: count_days
-- Counts the calls of these days, all together, by provider, and by provider and address. Days without calls have no rows.
with counted as (
    select s.starts_at, s.ends_at, l.api_name, l.method, l.endpoint, l.response_time_ms as ms,
        count(*) as calls, count(*) filter (where l.success) as calls_answered
    from unnest(:starts::timestamptz[], :ends::timestamptz[]) as s (starts_at, ends_at)
    cross join lateral (
        select a.* from public.api_logs a
        where a.restaurant_id = :restaurant and a.timestamp >= s.starts_at and a.timestamp < s.ends_at
        offset 0
    ) l
    group by s.starts_at, s.ends_at, l.api_name, l.method, l.endpoint, l.response_time_ms
),
split as (
    select c.starts_at, c.ends_at, d.dimension, d.value, c.ms,
        sum(c.calls) as calls, sum(c.calls_answered) as calls_answered
    from counted c
    cross join lateral (values
        ('', ''), ('provider', c.api_name), ('provider_endpoint', c.api_name || ' ' || c.method || ' ' || c.endpoint)
    ) as d (dimension, value)
    group by c.starts_at, c.ends_at, d.dimension, d.value, c.ms
)
insert into public.daily_calls
    (restaurant_id, starts_at, ends_at, dimension, value, calls, calls_answered, times_ms, calls_timed, created_at)
select :restaurant, starts_at, ends_at, dimension, value, sum(calls), sum(calls_answered),
    coalesce(array_agg(ms order by ms) filter (where ms is not null), '{}'),
    coalesce(array_agg(calls::int order by ms) filter (where ms is not null), '{}'), :now
from split
group by starts_at, ends_at, dimension, value
