-- The outbox: what happened to orders, payments and guests, written in the transaction that made it happen. Whoever is
-- to hear of it (webhooks today) reads it there, so nothing is told that did not happen, and nothing that did is forgotten.

create table public.outbox_events (
    restaurant_id uuid not null,
    id uuid not null,
    sequence bigint not null generated always as identity,
    event_type text not null check (event_type ~ '^[a-z_]+(\.[a-z_]+)+$'),
    object_type text not null check (object_type in ('order', 'payment', 'customer', 'endpoint')),
    object_id uuid not null,
    version bigint not null check (version > 0),
    customer_id uuid,
    data jsonb not null,
    occurred_at timestamptz not null default now(),
    fanned_out_at timestamptz,
    primary key (restaurant_id, id),
    unique (restaurant_id, object_id, version, event_type)
);
create index outbox_events_waiting on public.outbox_events (restaurant_id, sequence) where fanned_out_at is null;
create index outbox_events_occurred on public.outbox_events (restaurant_id, occurred_at);
create index outbox_events_customer on public.outbox_events (restaurant_id, customer_id) where customer_id is not null;
comment on table public.outbox_events is 'tenant: what happened, in the order it happened, for other systems to be told.';
comment on column public.outbox_events.version is 'Grows with each change of the object: a receiver keeps the highest.';
comment on column public.outbox_events.customer_id is 'Whose order it is; other systems are told a pseudonym.';
comment on column public.outbox_events.data is 'The object as it was then: ids, numbers and names of dishes, nobody''s contact.';

alter table public.outbox_events add foreign key (restaurant_id) references public.restaurants (id);

revoke all on public.outbox_events from public, anon, authenticated, service_role;
revoke all on sequence public.outbox_events_sequence_seq from public, anon, authenticated, service_role;
alter table public.outbox_events enable row level security;
grant select, insert, update, delete on public.outbox_events to service_role;

create function app.utc_text(a_time timestamptz) returns text
    language sql immutable parallel safe set search_path = ''
    as $$ select to_char(a_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
comment on function app.utc_text(timestamptz) is 'A time as other systems read it: ISO 8601, UTC, milliseconds.';

-- What people may set in motion they may have told, but they cannot make anything up: all of it is read from the rows.
create function app.record_events(a_restaurant uuid, an_order uuid, ids uuid[]) returns void
    language sql security definer set search_path = ''
    as $$
        with moved as (
            select o.*, s.from_status, s.to_status, s.changed_at,
                (select count(*) from public.order_status_changes c
                 where c.restaurant_id = a_restaurant and c.order_id = an_order) as version
            from public.orders o
            cross join lateral (
                select c.from_status, c.to_status, c.changed_at from public.order_status_changes c
                where c.restaurant_id = a_restaurant and c.order_id = an_order
                order by c.changed_at desc, c.id desc limit 1
            ) s
            where o.restaurant_id = a_restaurant and o.id = an_order
              and (app.may('orders.write', a_restaurant) or app.may('payments.write', a_restaurant))
        ),
        paid as (
            select p.id, p.status, p.refunded_amount, p.created_at, p.updated_at, jsonb_build_object(
                'payment_id', p.id, 'provider', p.provider, 'status', p.status, 'currency', p.currency,
                'amount', p.amount, 'refunded_amount', p.refunded_amount,
                'completed_at', app.utc_text(p.completed_at)) as told
            from public.payments p
            where p.restaurant_id = a_restaurant and p.order_id = an_order
        ),
        -- A payment has no steps of its own: what changed is what differs from what was told last.
        changed as (
            select p.id, p.told, p.updated_at,
                case when p.status = l.status and p.refunded_amount = l.refunded then null
                     when p.refunded_amount > coalesce(l.refunded, 0) then 'refunded'
                     when p.refunded_amount < coalesce(l.refunded, 0) then 'refund_failed'
                     when p.status = 'disputed' then 'disputed'
                     when l.status = 'disputed' then 'dispute_closed'
                     when p.status = 'completed' then 'received'
                     when p.status = 'expired' then 'cancelled'
                     else p.status end as name,
                -- Grows when what was told before has been deleted, too.
                greatest(coalesce(l.version, 0) + 1,
                    1 + (extract(epoch from p.updated_at - p.created_at) * 1000)::bigint) as version
            from paid p
            left join lateral (
                select e.data ->> 'status' as status, (e.data ->> 'refunded_amount')::bigint as refunded, e.version
                from public.outbox_events e
                where e.restaurant_id = a_restaurant and e.object_id = p.id
                order by e.version desc limit 1
            ) l on true
        ),
        told as (
            select m.*, jsonb_build_object(
                'order_id', m.id, 'order_number', m.order_number, 'status', m.to_status,
                'previous_status', m.from_status, 'channel', m.channel, 'fulfillment_type', m.fulfillment_type,
                'payment_method', m.payment_method, 'currency', m.currency, 'subtotal', m.subtotal,
                'discount_amount', m.discount_amount, 'discount_code', m.discount_code,
                'delivery_fee', m.delivery_fee, 'tax_amount', m.tax_amount, 'total', m.total,
                'refunded_amount', m.refunded_amount, 'source', m.source, 'external_id', m.external_id,
                'created_at', app.utc_text(m.created_at), 'confirmed_at', app.utc_text(m.confirmed_at),
                'completed_at', app.utc_text(m.completed_at), 'cancelled_at', app.utc_text(m.cancelled_at),
                'refunded_at', app.utc_text(m.refunded_at),
                'items', coalesce((
                    select jsonb_agg(jsonb_build_object(
                        'product_id', i.product_id, 'name', i.product_name, 'sku', i.product_sku,
                        'category', i.product_category, 'unit_price', i.unit_price, 'quantity', i.quantity,
                        'line_total', i.line_total, 'discount_amount', i.discount_amount, 'options', i.options)
                        order by i.id)
                    from public.order_items i where i.restaurant_id = a_restaurant and i.order_id = an_order), '[]'),
                'payments', coalesce((select jsonb_agg(p.told order by p.id) from paid p), '[]')) as data
            from moved m
        ),
        happened as (
            select 1 as place, 'customer.created' as event_type, 'customer' as object_type, c.id as object_id,
                1::bigint as version, c.created_at as at,
                jsonb_build_object(
                    'has_phone', c.phone is not null, 'has_email', c.email is not null, 'channel', m.channel,
                    'created_at', app.utc_text(c.created_at)) as data
            from moved m
            join public.customers c on c.restaurant_id = a_restaurant and c.id = m.customer_id
            where m.version = 1 and c.created_at = m.recorded_at
            union all
            select e.place, e.event_type, 'order', t.id, t.version, t.changed_at, t.data
            from told t
            cross join lateral (values
                (2, 'order.created', t.from_status is null),
                (3, 'order.status_changed', t.from_status <> t.to_status),
                (4, 'order.completed', t.from_status <> t.to_status and t.to_status = 'completed'),
                (5, 'order.cancelled', t.from_status <> t.to_status and t.to_status = 'cancelled'),
                (6, 'order.refunded', t.from_status = t.to_status or t.to_status = 'refunded')
            ) e (place, event_type, holds)
            where e.holds
            union all
            select 7, 'payment.' || c.name, 'payment', c.id, c.version, c.updated_at,
                c.told || jsonb_build_object('order_id', m.id, 'order_number', m.order_number)
            from moved m
            cross join changed c
            where c.name in ('authorized', 'received', 'failed', 'cancelled', 'refunded', 'refund_failed', 'disputed',
                'dispute_closed') and c.updated_at > m.updated_at - interval '25 days'
        ),
        news as (
            select h.*, row_number() over (order by h.place, h.object_id) as number
            from happened h
            where not exists (
                select from public.outbox_events e
                where e.restaurant_id = a_restaurant and e.object_id = h.object_id and e.version = h.version
                  and e.event_type = h.event_type)
        )
        insert into public.outbox_events
            (restaurant_id, id, event_type, object_type, object_id, version, customer_id, data, occurred_at)
        select a_restaurant, coalesce(ids[n.number], gen_random_uuid()), n.event_type, n.object_type, n.object_id,
            n.version, m.customer_id, n.data, n.at
        from news n cross join moved m
        order by n.number
        on conflict do nothing
    $$;
comment on function app.record_events(uuid, uuid, uuid[]) is
    'Writes into the outbox what an order''s last step and its payments'' states are, unless it is there already.';
grant execute on function app.record_events(uuid, uuid, uuid[]) to authenticated, service_role;
