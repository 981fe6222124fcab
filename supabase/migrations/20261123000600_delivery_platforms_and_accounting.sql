-- Orders that came through Wolt, couriers who carry orders away, and draft invoices in e-conomic.

create table public.wolt_orders (
    restaurant_id uuid not null,
    order_id uuid not null,
    wolt_number text check (length(wolt_number) <= 40),
    kind text not null check (length(kind) between 1 and 40),
    delivery_type text not null check (length(delivery_type) between 1 and 40),
    is_carried_by_us boolean not null default false,
    wolt_status text not null check (length(wolt_status) between 1 and 40),
    seen_status text not null,
    accept_until timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, order_id)
);
create index wolt_orders_open on public.wolt_orders (restaurant_id, created_at)
    where seen_status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering'); -- what the worker watches
comment on table public.wolt_orders is 'tenant: what Wolt says of orders made there, and what it was told of them.';
comment on column public.wolt_orders.wolt_number is 'The number on Wolt''s own screen and the courier''s phone; it repeats from day to day.';
comment on column public.wolt_orders.kind is 'instant or preorder, in Wolt''s words, which may grow.';
comment on column public.wolt_orders.is_carried_by_us is 'The guest fetches it or the restaurant carries it: then Wolt is told when it is delivered.';
comment on column public.wolt_orders.wolt_status is 'The furthest order_status that Wolt has told.';
comment on column public.wolt_orders.seen_status is 'The order''s status when last compared with Wolt''s; another one is news for Wolt.';
comment on column public.wolt_orders.accept_until is 'When Wolt gives an order up that nobody accepts; null once it was decided.';

create table public.courier_deliveries (
    restaurant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    status text not null default 'requested' check (status in
        ('requested', 'received', 'pickup_started', 'pickup_arrival', 'picked_up', 'dropoff_started', 'dropoff_arrival',
         'handshake_delivery', 'dropoff_completed', 'delivered', 'rejected', 'customer_no_show', 'cancelled', 'failed')),
    reference text check (length(reference) between 1 and 100),
    tracking_url text check (length(tracking_url) <= 500),
    price bigint check (price >= 0),
    currency char(3),
    pickup_at timestamptz,
    dropoff_at timestamptz,
    reason text check (length(reason) <= 200),
    requested_by uuid,
    created_at timestamptz not null default now(),
    delivered_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create unique index courier_deliveries_order on public.courier_deliveries (restaurant_id, order_id)
    where status not in ('rejected', 'cancelled', 'failed');
create index courier_deliveries_of_order on public.courier_deliveries (restaurant_id, order_id);
comment on table public.courier_deliveries is 'tenant: orders that a courier of Wolt Drive carries; one at a time per order.';
comment on column public.courier_deliveries.reference is 'Wolt''s number of the delivery (wolt_order_reference_id).';
comment on column public.courier_deliveries.price is 'What the courier costs the restaurant, in øre.';
comment on column public.courier_deliveries.pickup_at is 'When the courier is expected at the restaurant, by Wolt''s last word.';
comment on column public.courier_deliveries.reason is 'Why there is no courier: the provider''s code, without personal data.';

create table public.invoice_drafts (
    restaurant_id uuid not null,
    order_id uuid not null,
    status text not null default 'claimed' check (status in ('claimed', 'created', 'differs', 'booked', 'paid', 'refused')),
    draft_number bigint check (draft_number > 0),
    booked_number bigint check (booked_number > 0),
    gross bigint,
    remainder bigint,
    reason text check (length(reason) <= 300),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, order_id)
);
create unique index invoice_drafts_booked on public.invoice_drafts (restaurant_id, booked_number)
    where booked_number is not null;
comment on table public.invoice_drafts is
    'tenant: draft invoices in the accounting system, one per order: claimed first, then made there.';
comment on column public.invoice_drafts.gross is 'The invoice''s total by the accounting system, in øre; another than the order''s differs.';
comment on column public.invoice_drafts.remainder is 'What is unpaid of the booked invoice, in øre.';

create table public.invoice_customers (
    restaurant_id uuid not null,
    customer_id uuid not null,
    number bigint not null check (number > 0),
    created_at timestamptz not null default now(),
    primary key (restaurant_id, customer_id)
);
comment on table public.invoice_customers is 'tenant: the number that a guest who pays by invoice has in the accounting system.';

alter table public.wolt_orders add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.courier_deliveries add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.invoice_drafts add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.invoice_customers
    add foreign key (restaurant_id, customer_id) references public.customers (restaurant_id, id);

revoke all on public.wolt_orders, public.courier_deliveries, public.invoice_drafts, public.invoice_customers
    from public, anon, authenticated, service_role;
alter table public.wolt_orders enable row level security;
alter table public.courier_deliveries enable row level security;
alter table public.invoice_drafts enable row level security;
alter table public.invoice_customers enable row level security;

create policy "Those with orders.read read wolt_orders" on public.wolt_orders for select to authenticated
    using (restaurant_id = any (app.restaurants_with('orders.read')));
create policy "Those with orders.read read courier_deliveries" on public.courier_deliveries for select to authenticated
    using (restaurant_id = any (app.restaurants_with('orders.read')));
create policy "Those with payments.read read invoice_drafts" on public.invoice_drafts for select to authenticated
    using (restaurant_id = any (app.restaurants_with('payments.read')));
create policy "Those with customers.read read invoice_customers" on public.invoice_customers for select to authenticated
    using (restaurant_id = any (app.restaurants_with('customers.read')));

grant select on public.wolt_orders, public.courier_deliveries, public.invoice_drafts, public.invoice_customers
    to authenticated;
grant select, insert, update, delete
    on public.wolt_orders, public.courier_deliveries, public.invoice_drafts, public.invoice_customers to service_role;
