-- Credit notes in e-conomic for what was paid back of orders that have an invoice there.

create table public.invoice_credits (
    restaurant_id uuid not null,
    order_id uuid not null,
    number integer not null check (number > 0),
    amount bigint not null check (amount <> 0),
    status text not null default 'claimed' check (status in ('claimed', 'created', 'differs', 'booked', 'refused')),
    draft_number bigint check (draft_number > 0),
    booked_number bigint check (booked_number > 0),
    gross bigint,
    reason text check (length(reason) <= 300),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, order_id, number)
);
create index invoice_credits_made on public.invoice_credits (restaurant_id, created_at); -- the nightly comparison
comment on table public.invoice_credits is
    'tenant: draft credit notes in the accounting system: what was paid back of an order since the one before.';
comment on column public.invoice_credits.number is 'The credit note among those of its order, from 1.';
comment on column public.invoice_credits.amount is
    'What was paid back since the one before, in øre; negative where a refund came back and is charged anew.';
comment on column public.invoice_credits.gross is
    'Its total by the accounting system, in øre: negative for a credit note. Another than -amount differs.';

alter table public.invoice_credits add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);

-- What the worker looks at every few seconds: orders that were paid back, and refunds that came back, of late.
create index orders_paid_back on public.orders (restaurant_id, updated_at) where refunded_amount > 0;
create index payment_refunds_failed on public.payment_refunds (restaurant_id, updated_at) where status = 'failed';

revoke all on public.invoice_credits from public, anon, authenticated, service_role;
alter table public.invoice_credits enable row level security;
create policy "Those with payments.read read invoice_credits" on public.invoice_credits for select to authenticated
    using (restaurant_id = any (app.restaurants_with('payments.read')));
grant select on public.invoice_credits to authenticated;
grant select, insert, update, delete on public.invoice_credits to service_role;
