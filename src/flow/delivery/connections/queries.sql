-- Rows are paged by time and id, newest first; :before is null on the first page. Days are bounds per restaurant.

-- name: calls -> ConnectionRow
-- Calls to other systems in these spans.
select l.id, l.restaurant_id, l.timestamp as at, l.api_name as party, l.method || ' ' || l.endpoint as what,
    case when l.success then 'answered' else 'refused' end as outcome,
    coalesce(l.error_code, l.response_status::text) as detail, l.response_time_ms as took_ms, null::uuid as endpoint_id
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) as s (restaurant_id, starts_at, ends_at)
cross join lateral (
    select * from public.api_logs c
    where c.restaurant_id = s.restaurant_id and c.timestamp >= s.starts_at and c.timestamp < s.ends_at
      and (:before::timestamptz is null or (c.timestamp, c.id) < (:before, :before_id::uuid))
      and (:party::text is null or c.api_name = :party)
      and (:outcome::text is null or c.success = (:outcome = 'answered'))
    order by c.timestamp desc, c.id desc
    limit :most
) l
order by l.timestamp desc, l.id desc
limit :most

-- name: incoming -> ConnectionRow
-- Webhooks received in these spans.
select i.id, i.restaurant_id, i.received_at as at, i.provider as party, i.event_type as what, i.status as outcome,
    i.reason as detail,
    case when i.processed_at is not null
         then least(greatest(extract(epoch from i.processed_at - i.received_at) * 1000, 0), 2147483647) end::int as took_ms,
    null::uuid as endpoint_id
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) as s (restaurant_id, starts_at, ends_at)
cross join lateral (
    select w.id, w.restaurant_id, w.received_at, w.provider, w.event_type, w.status, w.reason, w.processed_at
    from public.webhook_inbox w
    where w.restaurant_id = s.restaurant_id and w.received_at >= s.starts_at and w.received_at < s.ends_at
      and (:before::timestamptz is null or (w.received_at, w.id) < (:before, :before_id::uuid))
      and (:party::text is null or w.provider = :party)
      and (:outcome::text is null or w.status = :outcome)
    order by w.received_at desc, w.id desc
    limit :most
) i
order by i.received_at desc, i.id desc
limit :most

-- name: outgoing -> ConnectionRow
-- Webhooks to send that were put on their way in these spans; `party` is the endpoint's id.
select d.id, d.restaurant_id, d.created_at as at, coalesce(nullif(e.description, ''), e.url) as party, d.event_type as what,
    d.status as outcome, null::text as detail,
    case when d.status = 'delivered'
         then least(greatest(extract(epoch from d.finished_at - d.wanted_at) * 1000, 0), 2147483647) end::int as took_ms,
    e.id as endpoint_id
from unnest(:restaurants::uuid[], :starts::timestamptz[], :ends::timestamptz[]) as s (restaurant_id, starts_at, ends_at)
join public.webhook_endpoints e on e.restaurant_id = s.restaurant_id and (:party::text is null or e.id::text = :party)
cross join lateral (
    select t.id, t.restaurant_id, t.created_at, t.event_type, t.status, t.finished_at, t.wanted_at
    from public.webhook_deliveries t
    where t.restaurant_id = s.restaurant_id and t.endpoint_id = e.id
      and t.created_at >= s.starts_at and t.created_at < s.ends_at
      and (:before::timestamptz is null or (t.created_at, t.id) < (:before, :before_id::uuid))
      and (:outcome::text is null or t.status = :outcome)
    order by t.created_at desc, t.id desc
    limit :most
) d
order by d.created_at desc, d.id desc
limit :most
