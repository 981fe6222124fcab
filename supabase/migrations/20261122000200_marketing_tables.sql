-- Messages, campaigns and their sends, and the configurations of apps and sites that restaurants build.

create table public.messages (
    restaurant_id uuid not null,
    id uuid not null,
    direction text not null check (direction in ('incoming', 'outgoing')),
    channel text not null check (channel in ('sms', 'email', 'instagram_dm', 'facebook_messenger', 'web_chat')),
    contact text,
    customer_id uuid,
    order_id uuid,
    conversation_id text,
    subject text,
    body text not null,
    status text not null default 'queued' check (status in
        ('queued', 'sent', 'delivered', 'failed', 'received', 'read')),
    provider text,
    provider_message_id text,
    consent_id uuid,
    error_code text,
    error_message text,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    delivered_at timestamptz,
    primary key (restaurant_id, id),
    unique (restaurant_id, provider, provider_message_id)
);
create index messages_created on public.messages (restaurant_id, created_at);
create index messages_contact on public.messages (restaurant_id, contact, created_at);
create index messages_customer on public.messages (restaurant_id, customer_id);
create index messages_order on public.messages (restaurant_id, order_id);
comment on table public.messages is 'tenant: SMS, mails and direct messages, both ways.';
comment on column public.messages.contact is 'Phone number (E.164), e-mail address or the channel''s id of the other side.';
comment on column public.messages.consent_id is 'The consent that an outgoing message relied on, where it needed one.';

create table public.marketing_campaigns (
    restaurant_id uuid not null,
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    channel text not null check (channel in ('sms', 'email')),
    status text not null default 'draft' check (status in ('draft', 'scheduled', 'sending', 'sent', 'cancelled')),
    subject text,
    body text not null default '',
    segment jsonb not null default '{}',
    scheduled_at timestamptz,
    sent_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index marketing_campaigns_created on public.marketing_campaigns (restaurant_id, created_at);
comment on table public.marketing_campaigns is 'tenant: what is sent to whom and when.';
comment on column public.marketing_campaigns.segment is 'Whom it is for, as a question to the metrics; holds no contacts.';

create table public.campaign_sends (
    restaurant_id uuid not null,
    id uuid not null,
    campaign_id uuid not null,
    customer_id uuid,
    contact text,
    consent_id uuid not null,
    message_id uuid,
    status text not null default 'queued' check (status in
        ('queued', 'sent', 'delivered', 'failed', 'skipped', 'clicked', 'converted')),
    order_id uuid,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    delivered_at timestamptz,
    clicked_at timestamptz,
    primary key (restaurant_id, id),
    unique (restaurant_id, campaign_id, contact)
);
create index campaign_sends_customer on public.campaign_sends (restaurant_id, customer_id);
create index campaign_sends_message on public.campaign_sends (restaurant_id, message_id);
create index campaign_sends_order on public.campaign_sends (restaurant_id, order_id);
create index campaign_sends_created on public.campaign_sends (restaurant_id, created_at);
comment on table public.campaign_sends is 'tenant: one row per recipient of a campaign, with the consent it relied on.';

create table public.builder_configs (
    restaurant_id uuid not null,
    id uuid not null,
    kind text not null check (kind in ('web', 'app', 'widget')),
    name text not null check (length(name) between 1 and 200),
    config jsonb not null default '{}',
    is_published boolean not null default false,
    published_at timestamptz,
    updated_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, kind, name)
);
comment on table public.builder_configs is 'tenant: how a restaurant''s site, app or widget is made up.';

alter table public.messages
    add foreign key (restaurant_id, customer_id) references public.customers (restaurant_id, id),
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.marketing_campaigns add foreign key (restaurant_id) references public.restaurants (id);
alter table public.campaign_sends
    add foreign key (restaurant_id, campaign_id) references public.marketing_campaigns (restaurant_id, id),
    add foreign key (restaurant_id, customer_id) references public.customers (restaurant_id, id),
    add foreign key (restaurant_id, message_id) references public.messages (restaurant_id, id),
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.builder_configs add foreign key (restaurant_id) references public.restaurants (id);

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('messages.read', '{admin,manager,support,super_admin}'),
    ('marketing.read', '{admin,manager,super_admin}'),
    ('marketing.write', '{admin,manager,super_admin}'),
    ('builder.read', '{admin,manager,super_admin}'),
    ('builder.write', '{admin,manager,super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

revoke all on public.messages, public.marketing_campaigns, public.campaign_sends, public.builder_configs
    from public, anon, authenticated, service_role;
alter table public.messages enable row level security;
alter table public.marketing_campaigns enable row level security;
alter table public.campaign_sends enable row level security;
alter table public.builder_configs enable row level security;

create policy "Those with messages.read read messages" on public.messages for select to authenticated
    using (restaurant_id = any (app.restaurants_with('messages.read')));
create policy "Those with marketing.read read marketing_campaigns" on public.marketing_campaigns
    for select to authenticated using (restaurant_id = any (app.restaurants_with('marketing.read')));
create policy "Those with marketing.write add campaigns" on public.marketing_campaigns for insert to authenticated
    with check (
        restaurant_id = any (app.restaurants_with('marketing.write'))
        and status = 'draft' and created_by = app.user_id());
create policy "Those with marketing.write change campaigns" on public.marketing_campaigns for update to authenticated
    using (restaurant_id = any (app.restaurants_with('marketing.write')) and status in ('draft', 'scheduled'))
    with check (
        restaurant_id = any (app.restaurants_with('marketing.write')) and status in ('draft', 'scheduled', 'cancelled'));
create policy "Those with marketing.read read campaign_sends" on public.campaign_sends for select to authenticated
    using (restaurant_id = any (app.restaurants_with('marketing.read')));
create policy "Those with builder.read read builder_configs" on public.builder_configs for select to authenticated
    using (restaurant_id = any (app.restaurants_with('builder.read')));
create policy "Those with builder.write add builder_configs" on public.builder_configs for insert to authenticated
    with check (restaurant_id = any (app.restaurants_with('builder.write')) and updated_by = app.user_id());
create policy "Those with builder.write change builder_configs" on public.builder_configs for update to authenticated
    using (restaurant_id = any (app.restaurants_with('builder.write')))
    with check (restaurant_id = any (app.restaurants_with('builder.write')) and updated_by = app.user_id());

grant select on public.messages, public.marketing_campaigns, public.campaign_sends, public.builder_configs to authenticated;
grant insert on public.marketing_campaigns, public.builder_configs to authenticated;
grant update (name, status, subject, body, segment, scheduled_at, updated_at) on public.marketing_campaigns
    to authenticated;
grant update (name, config, is_published, published_at, updated_by, updated_at) on public.builder_configs to authenticated;
grant select, insert, update, delete on
    public.messages, public.marketing_campaigns, public.campaign_sends, public.builder_configs to service_role;
