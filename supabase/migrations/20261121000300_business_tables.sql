-- The facts of a business: menu, customers, orders, payments, loyalty. All money is bigint øre (hundredths of the
-- currency). Ids are UUIDv7 made by the application. The tenant leads every key.

create table public.products (
    restaurant_id uuid not null,
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    description text,
    category text not null default '',
    sku text,
    price bigint not null check (price >= 0),
    currency char(3) not null default 'DKK',
    allergens text[] not null default '{}',
    position integer not null default 0,
    is_available boolean not null default true,
    is_active boolean not null default true,
    import_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, sku)
);
create index products_import on public.products (restaurant_id, import_id) where import_id is not null; -- undo of an import
comment on table public.products is 'tenant: the menu. A product is retired (is_active), never deleted: orders refer to it.';
comment on column public.products.price is 'In øre, VAT included.';
comment on column public.products.is_available is 'False while sold out.';
comment on column public.products.import_id is 'The import that added the product; undoing it retires the product.';

create table public.product_prices (
    restaurant_id uuid not null,
    product_id uuid not null,
    valid_from timestamptz not null,
    price bigint not null check (price >= 0),
    currency char(3) not null default 'DKK',
    changed_by uuid,
    primary key (restaurant_id, product_id, valid_from)
);
comment on table public.product_prices is 'tenant: price history; a row per change, valid until the next.';

create table public.product_option_groups (
    restaurant_id uuid not null,
    id uuid not null,
    product_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    min_choices smallint not null default 0 check (min_choices >= 0),
    max_choices smallint not null default 1 check (max_choices >= min_choices),
    position integer not null default 0,
    primary key (restaurant_id, id)
);
create index product_option_groups_product on public.product_option_groups (restaurant_id, product_id);
comment on table public.product_option_groups is 'tenant: a choice that belongs to a product, such as size or extras.';

create table public.product_options (
    restaurant_id uuid not null,
    id uuid not null,
    group_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    price_mod bigint not null default 0,
    position integer not null default 0,
    is_available boolean not null default true,
    primary key (restaurant_id, id)
);
create index product_options_group on public.product_options (restaurant_id, group_id);
comment on table public.product_options is 'tenant: one choice in a group; price_mod is added to the price, in øre.';

create table public.discount_codes (
    restaurant_id uuid not null,
    code text not null check (code = upper(code) and length(code) between 2 and 40),
    percent smallint check (percent between 1 and 100),
    amount bigint check (amount > 0),
    minimum_subtotal bigint not null default 0 check (minimum_subtotal >= 0),
    valid_from timestamptz,
    valid_until timestamptz,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, code),
    check ((percent is null) <> (amount is null))
);
comment on table public.discount_codes is 'tenant: a discount in percent or øre that a guest can enter.';

create table public.customers (
    restaurant_id uuid not null,
    id uuid not null,
    user_id uuid,
    name text,
    phone text check (phone ~ '^\+[1-9][0-9]{5,14}$'),
    email text check (email = lower(email)),
    first_order_at timestamptz,
    last_order_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, phone),
    unique (restaurant_id, email)
);
create index customers_first_order on public.customers (restaurant_id, first_order_at); -- new customers of a day
comment on table public.customers is 'tenant: guests known by phone (E.164) or e-mail.';

create table public.order_counters (
    restaurant_id uuid primary key,
    last_number bigint not null default 0
);
comment on table public.order_counters is 'tenant: the last order number given, so that numbers have no gaps or doubles.';

create table public.imports (
    restaurant_id uuid not null,
    id uuid not null,
    kind text not null check (kind in ('orders')),
    mapping_name text not null,
    files jsonb not null default '[]',
    status text not null default 'running' check (status in ('running', 'completed', 'failed', 'undone')),
    rows_read bigint not null default 0,
    rows_rejected bigint not null default 0,
    orders_created bigint not null default 0,
    orders_known bigint not null default 0,
    first_day date,
    last_day date,
    message text,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    undone_at timestamptz,
    primary key (restaurant_id, id)
);
comment on table public.imports is 'tenant: one run of `flow import`; undoing it removes what it made.';
comment on column public.imports.message is 'Why it failed, in words.';

create table public.import_errors (
    restaurant_id uuid not null,
    import_id uuid not null,
    file text not null,
    line bigint not null,
    reason text not null,
    raw text not null,
    primary key (restaurant_id, import_id, file, line)
);
comment on table public.import_errors is 'tenant: a row that an import could not take, with line, reason and content.';

create table public.orders (
    restaurant_id uuid not null,
    id uuid not null,
    order_number bigint not null,
    status text not null default 'pending' check (status in
        ('pending', 'confirmed', 'preparing', 'ready', 'delivering', 'completed', 'cancelled', 'refunded')),
    channel text not null default 'web' check (channel in
        ('web', 'app', 'instagram', 'facebook', 'sms', 'phone', 'wolt', 'ai_chat', 'pos')),
    fulfillment_type text not null default 'pickup' check (fulfillment_type in ('delivery', 'pickup', 'dine_in')),
    payment_method text not null default 'cash' check (payment_method in
        ('cash', 'card', 'mobilepay', 'invoice', 'external')),
    currency char(3) not null default 'DKK',
    subtotal bigint not null check (subtotal >= 0),
    discount_amount bigint not null default 0 check (discount_amount between 0 and subtotal),
    discount_code text,
    delivery_fee bigint not null default 0 check (delivery_fee >= 0),
    tax_amount bigint not null default 0 check (tax_amount >= 0),
    total bigint not null check (total = subtotal - discount_amount + delivery_fee),
    refunded_amount bigint not null default 0 check (refunded_amount between 0 and total),
    item_count integer not null default 0 check (item_count >= 0),
    customer_id uuid,
    user_id uuid,
    customer_name text,
    customer_phone text,
    customer_email text,
    delivery_address text,
    delivery_postal_code text,
    delivery_city text,
    notes text,
    visitor_id uuid,
    session_id uuid,
    idempotency_key text check (length(idempotency_key) between 1 and 200),
    request_hash bytea,
    source text not null default 'flow',
    external_id text,
    import_id uuid,
    cancel_reason text,
    created_at timestamptz not null default now(),
    recorded_at timestamptz not null default now(),
    confirmed_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    refunded_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, order_number),
    unique (restaurant_id, idempotency_key),
    unique (restaurant_id, source, external_id)
);
create index orders_created on public.orders (restaurant_id, created_at); -- every dashboard and the live tail
create index orders_active on public.orders (restaurant_id, created_at)
    where status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering'); -- the kitchen and the live counter
create index orders_customer on public.orders (restaurant_id, customer_id, created_at);
create index orders_import on public.orders (restaurant_id, import_id) where import_id is not null; -- undo of an import
create index orders_user on public.orders (user_id) where user_id is not null;
comment on table public.orders is 'tenant: orders from every channel, priced on the server. Bookkeeping: never deleted by code.';
comment on column public.orders.total is 'What the guest pays, in øre: subtotal - discount_amount + delivery_fee, VAT included.';
comment on column public.orders.tax_amount is 'VAT contained in total, in øre.';
comment on column public.orders.created_at is 'When the guest ordered; decides the business day.';
comment on column public.orders.recorded_at is 'When FLOW stored the row; later than created_at for imports.';
comment on column public.orders.visitor_id is 'The lasting id of a visitor who agreed to analytics; null without consent.';
comment on column public.orders.session_id is 'The visit in which it was ordered; null without consent to analytics.';
comment on column public.orders.source is 'The system that the order comes from; with external_id it makes imports repeatable.';
comment on column public.orders.request_hash is 'Hash of the request under the idempotency key: the same key with another body is refused.';

create table public.order_items (
    restaurant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    product_id uuid,
    product_name text not null,
    product_sku text,
    product_category text,
    unit_price bigint not null check (unit_price >= 0),
    quantity integer not null default 1 check (quantity > 0),
    line_total bigint not null check (line_total = unit_price * quantity),
    discount_amount bigint not null default 0 check (discount_amount between 0 and line_total),
    discount_reason text,
    options jsonb not null default '[]',
    notes text,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index order_items_order on public.order_items (restaurant_id, order_id);
create index order_items_product on public.order_items (restaurant_id, product_id, created_at);
comment on table public.order_items is 'tenant: lines of an order, with the product as it was when ordered.';
comment on column public.order_items.unit_price is 'In øre, options included.';
comment on column public.order_items.options is 'Chosen options as shown to the guest: [{name, value, price_mod}].';
comment on column public.order_items.created_at is 'Same moment as the order''s created_at.';

create table public.order_status_changes (
    restaurant_id uuid not null,
    order_id uuid not null,
    changed_at timestamptz not null default now(),
    id uuid not null,
    from_status text,
    to_status text not null,
    changed_by uuid,
    reason text,
    primary key (restaurant_id, order_id, changed_at, id)
);
comment on table public.order_status_changes is 'tenant: each step of an order through the status machine.';

create table public.payments (
    restaurant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    amount bigint not null check (amount >= 0),
    currency char(3) not null default 'DKK',
    status text not null default 'pending' check (status in
        ('pending', 'processing', 'completed', 'failed', 'refunded')),
    provider text not null check (provider in ('stripe', 'mobilepay', 'cash', 'invoice', 'external', 'simulated')),
    provider_transaction_id text,
    provider_response jsonb,
    card_last_four char(4) check (card_last_four ~ '^[0-9]{4}$'),
    card_brand text,
    refunded_amount bigint not null default 0 check (refunded_amount between 0 and amount),
    refund_reason text,
    initiated_at timestamptz not null default now(),
    completed_at timestamptz,
    failed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, provider, provider_transaction_id)
);
create index payments_order on public.payments (restaurant_id, order_id);
create index payments_created on public.payments (restaurant_id, created_at);
comment on table public.payments is 'tenant: payments of an order. Bookkeeping: never deleted by code.';
comment on column public.payments.provider_response is 'What the provider answered, without personal data or secrets.';

create table public.loyalty_points (
    restaurant_id uuid not null,
    customer_id uuid not null,
    points bigint not null default 0 check (points >= 0),
    lifetime_points bigint not null default 0 check (lifetime_points >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, customer_id)
);
comment on table public.loyalty_points is 'tenant: a guest''s balance of points; a row makes the guest a member.';

create table public.loyalty_transactions (
    restaurant_id uuid not null,
    id uuid not null,
    customer_id uuid not null,
    order_id uuid,
    kind text not null check (kind in ('earned', 'redeemed', 'adjusted', 'expired')),
    points bigint not null check (points <> 0),
    reason text,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index loyalty_transactions_customer on public.loyalty_transactions (restaurant_id, customer_id, created_at);
create index loyalty_transactions_order on public.loyalty_transactions (restaurant_id, order_id);
create index loyalty_transactions_created on public.loyalty_transactions (restaurant_id, created_at);
comment on table public.loyalty_transactions is 'tenant: every change of a balance; points is signed.';

create table public.activities (
    restaurant_id uuid not null,
    id uuid not null,
    user_id uuid,
    activity_type text not null,
    category text not null,
    sub_category text,
    description text not null,
    details jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index activities_created on public.activities (restaurant_id, created_at);
comment on table public.activities is 'tenant: what people and FLOW did in a restaurant, in words; holds no guest''s data.';

create table public.notifications (
    restaurant_id uuid not null,
    id uuid not null,
    user_id uuid,
    kind text not null,
    severity text not null default 'info' check (severity in ('info', 'warning', 'critical')),
    title text not null,
    body text not null default '',
    link text,
    created_at timestamptz not null default now(),
    read_at timestamptz,
    primary key (restaurant_id, id)
);
create index notifications_unread on public.notifications (restaurant_id, created_at) where read_at is null;
comment on table public.notifications is 'tenant: messages to the restaurant''s people; no user_id means all of them.';
