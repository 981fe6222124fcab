-- Roles as docs/reference/roles.md has them: employees see active orders, analysts aggregates, guests what is their own,
-- support what an audited door shows them; roles on the platform need a second factor for everything but reading.

-- What a role may do, where it differs from before.

delete from app.role_permissions
where (role, permission) in (('employee', 'orders.read'), ('support', 'restaurant.read'), ('support', 'menu.read'));

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('orders.read', '{support}'),
    ('active_orders.read', '{admin,manager,employee,support,super_admin}'),
    ('some_orders.read', '{admin,manager,employee,customer,support,super_admin}'),
    ('own.read', '{customer}'),
    ('restaurant.read', '{support}'),
    ('discounts.read', '{admin,manager,super_admin}'),
    ('activities.read', '{admin,manager,super_admin}'),
    ('notifications.read', '{admin,manager,super_admin}'),
    ('access.read', '{admin,compliance,super_admin}'),
    ('support.open', '{support}'),
    ('support.read', '{admin,manager,support,compliance,super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

-- The claims, quicker: one setting per permission, so that a policy does not parse all of them at each evaluation. Where
-- claims come without the settings, as from Supabase's own REST API, the claims are read.

create or replace function app.restaurants_with(permission text) returns uuid[]
    language sql stable parallel safe
    as $$
        select coalesce(
            nullif(current_setting('flow.may.' || permission, true), ''),
            nullif(current_setting('request.jwt.claims', true), '')::jsonb
                #>> array['app_metadata', 'grants', permission]
        )::uuid[]
    $$;

create or replace function app.user_id() returns uuid
    language sql stable parallel safe
    as $$
        select coalesce(
            nullif(current_setting('flow.user_id', true), ''),
            nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
        )::uuid
    $$;

create function app.sees_orders_in_full() returns boolean
    language sql stable parallel safe
    as $$ select current_setting('flow.orders_in_full', true) = 'on' $$;
comment on function app.sees_orders_in_full() is
    'Whether the caller sees all orders wherever some are seen: spares the policies a look at each row.';
grant execute on function app.sees_orders_in_full() to authenticated;

create function app.has_second_factor() returns boolean
    language sql stable parallel safe
    as $$ select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'aal' = 'aal2', false) $$;
comment on function app.has_second_factor() is 'Whether the caller logged in with a second factor.';
grant execute on function app.has_second_factor() to authenticated, service_role;

-- Support: read-only, with a reason, for eight hours at most.

create table public.support_accesses (
    id uuid primary key,
    restaurant_id uuid not null,
    user_id uuid not null,
    reason text not null check (length(reason) between 10 and 500),
    granted_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    check (expires_at > granted_at and expires_at <= granted_at + interval '8 hours'),
    check (ended_at between granted_at and expires_at)
);
create index support_accesses_restaurant on public.support_accesses (restaurant_id, granted_at);
create index support_accesses_open on public.support_accesses (user_id, restaurant_id) where ended_at is null;
comment on table public.support_accesses is
    'shared: when somebody of support could read a restaurant''s orders and conversations, and why.';
comment on column public.support_accesses.ended_at is 'When it was closed, at the latest when it ran out.';

create function app.open_support_access(an_id uuid, a_restaurant uuid, a_reason text, minutes integer)
    returns public.support_accesses
    language plpgsql security definer set search_path = ''
    as $$
declare
    opened public.support_accesses;
begin
    if app.user_id() is null or not coalesce(a_restaurant = any (app.restaurants_with('support.open')), false) then
        raise exception 'support.open is missing' using errcode = '42501';
    end if;
    insert into public.support_accesses (id, restaurant_id, user_id, reason, expires_at)
    values (an_id, a_restaurant, app.user_id(), a_reason, now() + make_interval(mins => minutes))
    returning * into opened;
    insert into public.gdpr_audit_log
        (id, restaurant_id, action, description, reason, performed_by, performed_by_role, after, created_at)
    values (
        gen_random_uuid(), a_restaurant, 'support_access_opened',
        'Somebody of support opened the door to orders and conversations.', a_reason, app.user_id(), 'support',
        jsonb_build_object('access', an_id, 'expires_at', opened.expires_at), now());
    return opened;
end
$$;
comment on function app.open_support_access(uuid, uuid, text, integer) is
    'Lets the caller read a restaurant''s orders and conversations for a while, and notes it in the audit log.';
grant execute on function app.open_support_access(uuid, uuid, text, integer) to authenticated;

create function app.end_support_access(an_id uuid) returns boolean
    language plpgsql security definer set search_path = ''
    as $$
declare
    ended public.support_accesses;
begin
    update public.support_accesses s set ended_at = now()
    where s.id = an_id and s.ended_at is null and s.expires_at > now()
      and (s.user_id = app.user_id() or s.restaurant_id = any (app.restaurants_with('people.write')))
    returning * into ended;
    if ended.id is null then
        return false;
    end if;
    insert into public.gdpr_audit_log
        (id, restaurant_id, action, description, performed_by, performed_by_role, after, created_at)
    values (
        gen_random_uuid(), ended.restaurant_id, 'support_access_ended', 'The door for support was closed.',
        app.user_id(), case when ended.user_id = app.user_id() then 'support' else 'admin' end,
        jsonb_build_object('access', an_id), now());
    return true;
end
$$;
comment on function app.end_support_access(uuid) is
    'Closes an open access: one''s own, or any to a restaurant whose people one manages. False when none was open.';
grant execute on function app.end_support_access(uuid) to authenticated;

create function app.expire_support_accesses() returns integer
    language sql security definer set search_path = ''
    as $$
        with expired as (
            update public.support_accesses s set ended_at = s.expires_at
            where s.ended_at is null and s.expires_at <= now()
            returning s.id, s.restaurant_id, s.user_id, s.expires_at
        ),
        noted as (
            insert into public.gdpr_audit_log
                (id, restaurant_id, action, description, performed_by, performed_by_role, after, created_at)
            select gen_random_uuid(), e.restaurant_id, 'support_access_expired', 'An access of support ran out.',
                e.user_id, 'support', jsonb_build_object('access', e.id, 'expires_at', e.expires_at), now()
            from expired e
            returning 1
        )
        select count(*)::integer from noted
    $$;
comment on function app.expire_support_accesses() is
    'Notes in the audit log which accesses of support ran out; they let nobody in since then already.';
grant execute on function app.expire_support_accesses() to service_role;

-- The restaurants that the caller may ask to support: names alone, for the rows are behind the door.
create function app.restaurants_to_support() returns table (id uuid, name text)
    language sql stable security definer set search_path = ''
    as $$
        select r.id, r.name from public.restaurants r
        where r.id = any (app.restaurants_with('support.open')) and r.status <> 'closed'
        order by r.name, r.id
    $$;
comment on function app.restaurants_to_support() is 'Restaurants to which the caller may open the door of support.';
grant execute on function app.restaurants_to_support() to authenticated;

-- The doors that begin a transaction.

-- {"grants": {permission: "{uuid,…}"}, "platform_roles": […], "aal": …}; null when the log-in has ended. `claimed_aal` is
-- what an outside issuer says; of FLOW's own log-ins the session knows. Support counts while its door is open, a role on
-- the platform does without a second factor what reads, and whoever ordered or is known somewhere is a customer there.
drop function app.grants_of(uuid, uuid);
create function app.grants_of(a_user uuid, a_session uuid, claimed_aal text default null) returns jsonb
    language sql stable security definer set search_path = ''
    as $$
        with log_in as (
            select s.aal from app.login_sessions s
            where s.id = a_session and s.user_id = a_user and s.ended_at is null and s.expires_at > now()
            union all
            select case claimed_aal when 'aal2' then 'aal2' else 'aal1' end where a_session is null
        ),
        platform as (
            select r.role from public.user_roles r where r.user_id = a_user
        ),
        held as (
            select a.restaurant_id, a.role, false as on_platform
            from public.user_restaurant_access a where a.user_id = a_user
            union all
            select r.id, p.role, true from platform p cross join public.restaurants r
            union
            select o.restaurant_id, 'customer', false from public.orders o where o.user_id = a_user
            union
            select c.restaurant_id, 'customer', false from public.customers c where c.user_id = a_user
        ),
        open_doors as (
            select s.restaurant_id from public.support_accesses s
            where s.user_id = a_user and s.ended_at is null and s.expires_at > now()
        ),
        granted as (
            select p.permission, array_agg(distinct h.restaurant_id) as restaurants
            from held h join app.role_permissions p on p.role = h.role
            where (h.role <> 'support' or p.permission like 'support.%'
                    or h.restaurant_id in (select d.restaurant_id from open_doors d))
              and (not h.on_platform or p.permission like '%.read' or 'aal2' in (select l.aal from log_in l))
            group by p.permission
        )
        select jsonb_build_object(
            'grants', coalesce((select jsonb_object_agg(g.permission, g.restaurants::text) from granted g), '{}'),
            'platform_roles', coalesce((select jsonb_agg(p.role order by p.role) from platform p), '[]'),
            'aal', l.aal)
        from log_in l
    $$;
comment on function app.grants_of(uuid, uuid, text) is
    'Permissions of a user out of memberships, platform roles and orders; null when the log-in has ended.';
grant execute on function app.grants_of(uuid, uuid, text) to flow_api;

-- The settings of a request, as statements: SET LOCAL is what a cluster passes on.
create function app.settings_of(claims jsonb, permissions jsonb) returns text
    language sql stable set search_path = ''
    as $$
        select concat_ws('; ',
            (select string_agg(format('set local flow.may.%s = %L', g.key, g.value), '; ')
             from jsonb_each_text(permissions -> 'grants') g),
            format('set local flow.orders_in_full = %L',
                case when permissions #>> '{grants,some_orders.read}' = permissions #>> '{grants,orders.read}'
                    then 'on' else 'off' end),
            format('set local flow.user_id = %L', claims ->> 'sub'),
            -- Grants in a token are nobody's word here, and another aal than the session's neither.
            format('set local request.jwt.claims = %L',
                (claims #- '{app_metadata,grants}') || jsonb_build_object('aal', coalesce(permissions ->> 'aal', 'aal1'))),
            'set local "request.jwt.claim.sub" = ''''')
    $$;
comment on function app.settings_of(jsonb, jsonb) is 'What app.begin_request sets for the length of its transaction.';
grant execute on function app.settings_of(jsonb, jsonb) to flow_api;

create or replace function app.begin_request(claims jsonb, timeout_ms integer) returns jsonb
    language plpgsql set search_path = ''
    as $$
declare
    permissions jsonb := case
        when claims ? 'api_key'
        then app.grants_of_key((claims #>> '{api_key,restaurant_id}')::uuid, (claims ->> 'sub')::uuid)
        else app.grants_of((claims ->> 'sub')::uuid, (claims ->> 'session_id')::uuid, claims ->> 'aal')
    end;
begin
    if permissions is null then
        return null;
    end if;
    execute app.settings_of(claims, permissions);
    execute format('set local statement_timeout = %s', timeout_ms);
    execute 'set local role authenticated';
    return permissions;
end
$$;

-- Whose an order is. The policies of what belongs to orders ask by row, for callers who do not see all orders.

create index customers_user on public.customers (user_id) where user_id is not null;

create function app.own_customers() returns uuid[]
    language sql stable parallel safe security definer set search_path = ''
    as $$
        select array(select c.id from public.customers c where c.user_id = app.user_id())
    $$;
comment on function app.own_customers() is 'The guests that the caller is, one per restaurant.';
grant execute on function app.own_customers() to authenticated;

create function app.owns_order(a_restaurant uuid, an_order uuid) returns boolean
    language sql stable parallel safe security definer set search_path = ''
    as $$
        select exists (
            select from public.orders o
            where o.restaurant_id = a_restaurant and o.id = an_order
              and (o.user_id = app.user_id() or o.customer_id = any (app.own_customers())))
    $$;
comment on function app.owns_order(uuid, uuid) is 'Whether the caller ordered it.';
grant execute on function app.owns_order(uuid, uuid) to authenticated;

create function app.is_active_order(a_restaurant uuid, an_order uuid) returns boolean
    language sql stable parallel safe security definer set search_path = ''
    as $$
        select exists (
            select from public.orders o
            where o.restaurant_id = a_restaurant and o.id = an_order
              and o.restaurant_id = any (app.restaurants_with('active_orders.read'))
              and o.status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering'))
    $$;
comment on function app.is_active_order(uuid, uuid) is 'Whether it is underway, for those who may see such orders.';
grant execute on function app.is_active_order(uuid, uuid) to authenticated;

-- Reading. The first condition of what the dashboard reads is an index condition, the second settles it for most.

drop policy "Those with orders.read read orders" on public.orders;
create policy "People read the orders that their role shows" on public.orders for select to authenticated
    using (restaurant_id = any (app.restaurants_with('some_orders.read')) and (
        app.sees_orders_in_full()
        or restaurant_id = any (app.restaurants_with('orders.read'))
        or status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering')
            and restaurant_id = any (app.restaurants_with('active_orders.read'))
        or restaurant_id = any (app.restaurants_with('own.read'))
            and (user_id = app.user_id() or customer_id = any (app.own_customers()))));

drop policy "Those with orders.read read order_items" on public.order_items;
create policy "People read the lines of orders that their role shows" on public.order_items for select to authenticated
    using (restaurant_id = any (app.restaurants_with('some_orders.read')) and (
        app.sees_orders_in_full()
        or restaurant_id = any (app.restaurants_with('orders.read'))
        or restaurant_id = any (app.restaurants_with('active_orders.read'))
            and app.is_active_order(restaurant_id, order_id)
        or restaurant_id = any (app.restaurants_with('own.read')) and app.owns_order(restaurant_id, order_id)));

drop policy "Those with orders.read read order_status_changes" on public.order_status_changes;
create policy "People read the steps of orders that their role shows" on public.order_status_changes
    for select to authenticated
    using (restaurant_id = any (app.restaurants_with('some_orders.read')) and (
        app.sees_orders_in_full()
        or restaurant_id = any (app.restaurants_with('orders.read'))
        or restaurant_id = any (app.restaurants_with('active_orders.read'))
            and app.is_active_order(restaurant_id, order_id)
        or restaurant_id = any (app.restaurants_with('own.read')) and app.owns_order(restaurant_id, order_id)));

drop policy "Those with payments.read read payments" on public.payments;
create policy "Those with payments.read and who paid read payments" on public.payments for select to authenticated
    using (restaurant_id = any (app.restaurants_with('payments.read'))
        or restaurant_id = any (app.restaurants_with('own.read')) and app.owns_order(restaurant_id, order_id));

drop policy "Those with customers.read read customers" on public.customers;
create policy "Those with customers.read and guests themselves read customers" on public.customers
    for select to authenticated
    using (restaurant_id = any (app.restaurants_with('customers.read'))
        or restaurant_id = any (app.restaurants_with('own.read')) and user_id = app.user_id());

drop policy "Those with customers.read read loyalty_points" on public.loyalty_points;
create policy "Those with customers.read and members read loyalty_points" on public.loyalty_points
    for select to authenticated
    using (restaurant_id = any (app.restaurants_with('customers.read'))
        or restaurant_id = any (app.restaurants_with('own.read')) and customer_id = any (app.own_customers()));

drop policy "Those with customers.read read loyalty_transactions" on public.loyalty_transactions;
create policy "Those with customers.read and members read loyalty_transactions" on public.loyalty_transactions
    for select to authenticated
    using (restaurant_id = any (app.restaurants_with('customers.read'))
        or restaurant_id = any (app.restaurants_with('own.read')) and customer_id = any (app.own_customers()));

drop policy "People see the restaurants they work in" on public.restaurants;
create policy "People see the restaurants they work in or order from" on public.restaurants for select to authenticated
    using (id = any (app.restaurants_with('restaurant.read')) or id = any (app.restaurants_with('own.read')));

drop policy "Those with menu.read read discount_codes" on public.discount_codes;
create policy "Those with discounts.read read discount_codes" on public.discount_codes for select to authenticated
    using (restaurant_id = any (app.restaurants_with('discounts.read')));

drop policy "Those with orders.read read activities" on public.activities;
create policy "Those with activities.read read activities" on public.activities for select to authenticated
    using (restaurant_id = any (app.restaurants_with('activities.read')));

drop policy "Those with restaurant.read read notifications" on public.notifications;
create policy "Those with notifications.read read notifications" on public.notifications for select to authenticated
    using (restaurant_id = any (app.restaurants_with('notifications.read')));

drop policy "Those who work in a restaurant mark its notifications read" on public.notifications;
create policy "Those with notifications.read mark notifications read" on public.notifications for update
    to authenticated
    using (restaurant_id = any (app.restaurants_with('notifications.read')))
    with check (restaurant_id = any (app.restaurants_with('notifications.read')));

drop policy "Those with analytics.read read channel_attribution" on public.channel_attribution;
create policy "Those with behaviour.read read channel_attribution" on public.channel_attribution
    for select to authenticated using (restaurant_id = any (app.restaurants_with('behaviour.read')));

-- What a payment provider answered is for those who run the system.
revoke select on public.payments from authenticated;
grant select (restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, refunded_amount, refund_reason, initiated_at, completed_at, failed_at, created_at, updated_at)
    on public.payments to authenticated;

alter table public.support_accesses enable row level security;
revoke all on public.support_accesses from public, anon, authenticated, service_role;
create policy "Support sees its accesses, and those with people.read theirs" on public.support_accesses
    for select to authenticated
    using (user_id = app.user_id() or restaurant_id = any (app.restaurants_with('people.read')));
grant select on public.support_accesses to authenticated, service_role;
grant delete on public.support_accesses to service_role;  -- retention, after seven years
alter table public.support_accesses add foreign key (restaurant_id) references public.restaurants (id);

-- Moving orders: by one door, because an update must satisfy the reading policy with its new row, and an employee does not
-- see the order any more that was just completed.

drop policy "Those with orders.write move orders along" on public.orders;
drop policy "Those with orders.write record the steps" on public.order_status_changes;
revoke update (status, cancel_reason, confirmed_at, completed_at, cancelled_at, refunded_at, updated_at)
    on public.orders from authenticated;
revoke insert on public.order_status_changes from authenticated;

create function app.lock_order(a_restaurant uuid, an_order uuid) returns boolean
    language sql security definer set search_path = ''
    as $$
        select true from public.orders o
        where o.restaurant_id = a_restaurant and o.id = an_order and app.may('orders.write', a_restaurant)
        for update
    $$;
comment on function app.lock_order(uuid, uuid) is
    'Holds an order that is about to move; null unless it is there and the caller may move it.';
grant execute on function app.lock_order(uuid, uuid) to authenticated, service_role;

-- The status machine of flow.business.orders.status; a contract test holds them against each other.
create function app.may_follow(before text, after text, fulfillment text) returns boolean
    language sql immutable parallel safe
    as $$
        select case before
            when 'pending' then after in ('confirmed', 'cancelled')
            when 'confirmed' then after in ('preparing', 'cancelled')
            when 'preparing' then after in ('ready', 'cancelled')
            when 'ready' then after in ('completed', 'cancelled') or after = 'delivering' and fulfillment = 'delivery'
            when 'delivering' then after in ('completed', 'cancelled')
            when 'completed' then after = 'refunded'
            when 'cancelled' then after = 'refunded'
            else false
        end
    $$;
comment on function app.may_follow(text, text, text) is 'Whether an order may go from one status to the other.';
grant execute on function app.may_follow(text, text, text) to authenticated, service_role;

create function app.move_order(
    a_restaurant uuid, an_order uuid, new_status text, a_reason text, a_step uuid, a_mover uuid, moved_at timestamptz)
    returns setof public.orders
    language plpgsql security definer set search_path = ''
    as $$
declare
    old public.orders;
    pays_back boolean;
begin
    if not app.may('orders.write', a_restaurant) then
        raise exception 'orders.write is missing' using errcode = '42501';
    end if;
    select * into old from public.orders o where o.restaurant_id = a_restaurant and o.id = an_order for update;
    if old.id is null then
        return;
    end if;
    -- A part that is paid back is a step that stays where it is.
    pays_back := new_status = 'refunded' or new_status = old.status and old.status in ('completed', 'cancelled');
    if pays_back and not app.may('payments.write', a_restaurant) then
        raise exception 'payments.write is missing' using errcode = '42501';
    end if;
    if new_status <> old.status and not app.may_follow(old.status, new_status, old.fulfillment_type)
        or new_status = old.status and not pays_back or new_status = 'cancelled' and coalesce(a_reason, '') = '' then
        raise exception 'an order that is % cannot become %', old.status, new_status using errcode = '23514';
    end if;
    insert into public.order_status_changes
        (restaurant_id, order_id, changed_at, id, from_status, to_status, changed_by, reason)
    values (a_restaurant, an_order, moved_at, a_step, old.status, new_status, coalesce(app.user_id(), a_mover), a_reason);
    return query
        update public.orders o
        set status = new_status,
            cancel_reason = case when new_status = 'cancelled' and old.status <> new_status then a_reason
                else o.cancel_reason end,
            confirmed_at = case when new_status = 'confirmed' then moved_at else o.confirmed_at end,
            completed_at = case when new_status = 'completed' and old.status <> new_status then moved_at
                else o.completed_at end,
            cancelled_at = case when new_status = 'cancelled' and old.status <> new_status then moved_at
                else o.cancelled_at end,
            refunded_at = case when new_status = 'refunded' then moved_at else o.refunded_at end,
            updated_at = moved_at
        where o.restaurant_id = a_restaurant and o.id = an_order
        returning o.*;
end
$$;
comment on function app.move_order(uuid, uuid, text, text, uuid, uuid, timestamptz) is
    'The one way in which an order changes its state: checks who, from where and whereto, records the step, answers the '
    'order as it is then. `a_mover` counts only where no user asks.';
grant execute on function app.move_order(uuid, uuid, text, text, uuid, uuid, timestamptz) to authenticated, service_role;
