-- The whole schema as the migrations make it. Written by `make schema`; a test proves it fresh.
-- Read this first; change supabase/migrations instead.

CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'Functions and private tables of FLOW; not exposed.';
CREATE SCHEMA public;
COMMENT ON SCHEMA public IS 'standard public schema';

CREATE FUNCTION app.add_user(an_id uuid, an_email text, a_name text, at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    insert into auth.users (
        id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
    values (
        an_id, 'authenticated', 'authenticated', an_email, at, '{"provider": "email", "providers": ["email"]}',
        jsonb_build_object('name', a_name), at, at)
    on conflict do nothing;
    return found;
end
$$;
COMMENT ON FUNCTION app.add_user(an_id uuid, an_email text, a_name text, at timestamp with time zone) IS 'A new user of FLOW''s own issuer.';

CREATE TABLE public.gdpr_audit_log (
    id uuid NOT NULL,
    restaurant_id uuid,
    action text NOT NULL,
    description text NOT NULL,
    performed_by uuid,
    performed_by_role text,
    subject text,
    legal_basis text,
    before jsonb,
    after jsonb,
    request_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    reason text,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    recorded_by text DEFAULT SESSION_USER NOT NULL
);
COMMENT ON TABLE public.gdpr_audit_log IS 'platform: who did what to whose data and why; append-only.';
COMMENT ON COLUMN public.gdpr_audit_log.subject IS 'Pseudonymous reference to the person concerned; never a name, phone number or e-mail.';
COMMENT ON COLUMN public.gdpr_audit_log.reason IS 'Why it was done, in the words of who did it, e.g. a support case.';
COMMENT ON COLUMN public.gdpr_audit_log.recorded_at IS 'When the database took the entry; no writer can set it.';
COMMENT ON COLUMN public.gdpr_audit_log.recorded_by IS 'The log-in role of the process that wrote it; no writer can set it.';

CREATE FUNCTION app.audit_entry_hash(entry public.gdpr_audit_log) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
        select sha256(convert_to(string_agg(
            coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field, '-'), ',' order by place), 'UTF8'))
        from unnest(array[
            entry.id::text, entry.restaurant_id::text, entry.action, entry.description, entry.reason,
            entry.performed_by::text, entry.performed_by_role, entry.subject, entry.legal_basis,
            entry.before::text, entry.after::text, entry.request_id,
            to_char(entry.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
            to_char(entry.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
            entry.recorded_by
        ]) with ordinality as fields (field, place)
    $$;
COMMENT ON FUNCTION app.audit_entry_hash(entry public.gdpr_audit_log) IS 'SHA-256 of an audit entry; flow.privacy.audit.chain makes the same.';

CREATE FUNCTION app.audits_platform() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
        select exists (
            select from public.user_roles r join app.role_permissions p on p.role = r.role
            where r.user_id = app.user_id() and p.permission = 'audit.read')
    $$;
COMMENT ON FUNCTION app.audits_platform() IS 'Whether the caller holds audit.read by a role on the platform.';

CREATE FUNCTION app.begin_request(claims jsonb, timeout_ms integer) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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
COMMENT ON FUNCTION app.begin_request(claims jsonb, timeout_ms integer) IS 'First statement of a user''s transaction.';

CREATE FUNCTION app.begin_service(timeout_ms integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    execute 'set local request.jwt.claims = ''{"role":"service_role"}''';
    execute format('set local statement_timeout = %s', timeout_ms);
    execute 'set local role service_role';
end
$$;
COMMENT ON FUNCTION app.begin_service(timeout_ms integer) IS 'First statement of a service transaction.';

CREATE FUNCTION app.chain_audit_entry() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    head app.audit_head;
    fingerprint bytea := app.audit_entry_hash(new);
begin
    select * into strict head from app.audit_head for update;
    head.seq := head.seq + 1;
    head.hash := sha256(head.hash || int8send(head.seq) || fingerprint);
    insert into app.audit_chain (seq, entry_id, entry_hash, hash) values (head.seq, new.id, fingerprint, head.hash);
    update app.audit_head set seq = head.seq, hash = head.hash where is_only;
    return null;
end
$$;
COMMENT ON FUNCTION app.chain_audit_entry() IS 'Trigger: links a new audit entry to the one before it.';

CREATE FUNCTION app.check_marketing_consent(p_restaurant_id uuid, p_subjects text[], p_channel text, p_at timestamp with time zone DEFAULT now()) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select app.consent_in_force(p_restaurant_id, p_subjects, 'marketing', p_channel, p_at) is not null $$;
COMMENT ON FUNCTION app.check_marketing_consent(p_restaurant_id uuid, p_subjects text[], p_channel text, p_at timestamp with time zone) IS 'Whether this restaurant (null: FLOW) may send marketing to this person on this channel.';

CREATE FUNCTION app.consent_in_force(p_restaurant_id uuid, p_subjects text[], p_consent_type text, p_channel text, p_at timestamp with time zone DEFAULT now()) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
        select latest.id
        from (
            select c.id, c.granted, c.expires_at
            from public.user_consents c
            where c.subject = any (p_subjects) and c.consent_type = p_consent_type and c.channel = p_channel
              and c.restaurant_id is not distinct from p_restaurant_id and c.status = 'confirmed'
            order by c.number desc
            limit 1
        ) as latest
        where latest.granted and (latest.expires_at is null or latest.expires_at > p_at)
    $$;
COMMENT ON FUNCTION app.consent_in_force(p_restaurant_id uuid, p_subjects text[], p_consent_type text, p_channel text, p_at timestamp with time zone) IS 'Id of the consent in force, or null; a send keeps it as the proof it relied on.';

CREATE FUNCTION app.drop_partition(part text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET lock_timeout TO '100ms'
    AS $$
begin
    if not exists (
        select from pg_catalog.pg_inherits i
        where i.inhrelid = to_regclass(format('parts.%I', part))
          and i.inhparent in ('public.events'::regclass, 'public.page_views'::regclass, 'public.heatmap_events'::regclass))
    then
        raise exception '% is not a month of a partitioned table', part using errcode = '22023';
    end if;
    execute format('drop table parts.%I', part);
end
$$;
COMMENT ON FUNCTION app.drop_partition(part text) IS 'Retention: drops one month; fails at once when it would have to wait.';

CREATE FUNCTION app.end_support_access(an_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
COMMENT ON FUNCTION app.end_support_access(an_id uuid) IS 'Closes an open access: one''s own, or any to a restaurant whose people one manages. False when none was open.';

CREATE FUNCTION app.erase_account(an_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    delete from auth.users u where u.id = an_id;
    return found;
end
$$;
COMMENT ON FUNCTION app.erase_account(an_id uuid) IS 'Deletes a user; the service alone may, at the end of an erasure.';

CREATE FUNCTION app.expect_none(how_many bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    if how_many > 0 then
        raise exception '% found where none was expected', how_many using errcode = 'serialization_failure';
    end if;
end
$$;
COMMENT ON FUNCTION app.expect_none(how_many bigint) IS 'Fails, as one that is to be tried again, a transaction that was built on there being none.';

CREATE FUNCTION app.expire_audit(most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    first_kept bigint;
    last_link app.audit_chain;
    deleted bigint;
begin
    perform from app.audit_head for update;
    select c.seq into first_kept from app.audit_chain c
    where c.recorded_at >= now() - interval '7 years' order by c.seq limit 1;
    select * into last_link from app.audit_chain c
    where c.seq < coalesce(first_kept, 9223372036854775807)
      and c.seq < (select min(f.seq) from app.audit_chain f) + most
    order by c.seq desc limit 1;
    if last_link.seq is null then
        return 0;
    end if;
    delete from public.gdpr_audit_log l using app.audit_chain c where c.entry_id = l.id and c.seq <= last_link.seq;
    delete from app.audit_chain c where c.seq <= last_link.seq;
    get diagnostics deleted = row_count;
    delete from app.audit_checkpoints p
    where p.seq < last_link.seq and p.recorded_at < now() - interval '7 years';
    insert into app.audit_expiries (through_seq, hash, entries) values (last_link.seq, last_link.hash, deleted);
    return deleted;
end
$$;
COMMENT ON FUNCTION app.expire_audit(most integer) IS 'Deletes the oldest audit entries, none younger than seven years, and notes where the chain begins now.';

CREATE FUNCTION app.expire_consents(p_before timestamp with time zone, p_most integer, p_held text[] DEFAULT '{}'::text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    deleted integer;
begin
    if p_before is null or p_before > now() - interval '5 years' then
        raise exception 'consents are kept for five years after they end' using errcode = '22023';
    end if;
    perform set_config('flow.expiring_consents', 'on', true);
    delete from public.user_consents c
    where c.number in (
        select o.number
        from public.user_consents o
        where o.created_at < p_before and o.subject <> all (p_held)
          and (not o.granted or o.status = 'pending' or o.expires_at < p_before or exists (
            select from public.user_consents later
            where later.subject = o.subject and later.consent_type = o.consent_type and later.channel = o.channel
              and later.restaurant_id is not distinct from o.restaurant_id
              and later.number > o.number and later.status = 'confirmed' and later.created_at < p_before))
        order by o.number
        limit p_most);
    get diagnostics deleted = row_count;
    perform set_config('flow.expiring_consents', 'off', true);
    return deleted;
end
$$;
COMMENT ON FUNCTION app.expire_consents(p_before timestamp with time zone, p_most integer, p_held text[]) IS 'Retention of user_consents: five years after the end; `p_held` are subjects under legal hold.';

CREATE FUNCTION app.expire_support_accesses() RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
COMMENT ON FUNCTION app.expire_support_accesses() IS 'Notes in the audit log which accesses of support ran out; they let nobody in since then already.';

CREATE FUNCTION app.grants_of(a_user uuid, a_session uuid, claimed_aal text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
COMMENT ON FUNCTION app.grants_of(a_user uuid, a_session uuid, claimed_aal text) IS 'Permissions of a user out of memberships, platform roles and orders; null when the log-in has ended.';

CREATE FUNCTION app.grants_of_key(a_restaurant uuid, a_key uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
        select jsonb_build_object(
            'grants', coalesce((
                select jsonb_object_agg(p.permission, array[k.restaurant_id]::text)
                from app.role_permissions p where p.role = 'admin' and p.permission = any (k.scopes)), '{}'),
            'platform_roles', '[]'::jsonb)
        from public.api_keys k
        where k.restaurant_id = a_restaurant and k.id = a_key and k.revoked_at is null and k.expires_at > now()
    $$;
COMMENT ON FUNCTION app.grants_of_key(a_restaurant uuid, a_key uuid) IS 'Permissions of an API key in its restaurant; null when it was revoked or has expired.';

CREATE FUNCTION app.has_second_factor() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'aal' = 'aal2', false) $$;
COMMENT ON FUNCTION app.has_second_factor() IS 'Whether the caller logged in with a second factor.';

CREATE FUNCTION app.is_active_order(a_restaurant uuid, an_order uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
        select exists (
            select from public.orders o
            where o.restaurant_id = a_restaurant and o.id = an_order
              and o.restaurant_id = any (app.restaurants_with('active_orders.read'))
              and o.status in ('pending', 'confirmed', 'preparing', 'ready', 'delivering'))
    $$;
COMMENT ON FUNCTION app.is_active_order(a_restaurant uuid, an_order uuid) IS 'Whether it is underway, for those who may see such orders.';

CREATE FUNCTION app.is_restricted(a_restaurant uuid, a_subject text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
        select exists (
            select from public.privacy_restrictions r
            where r.subject = a_subject and r.ended_at is null
              and (r.restaurant_id is null or r.restaurant_id = a_restaurant))
    $$;
COMMENT ON FUNCTION app.is_restricted(a_restaurant uuid, a_subject text) IS 'Whether a person, by pseudonym, has restricted or objected to the use of their data.';

CREATE FUNCTION app.lock_order(a_restaurant uuid, an_order uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
        select true from public.orders o
        where o.restaurant_id = a_restaurant and o.id = an_order and app.may('orders.write', a_restaurant)
        for update
    $$;
COMMENT ON FUNCTION app.lock_order(a_restaurant uuid, an_order uuid) IS 'Holds an order that is about to move; null unless it is there and the caller may move it.';

CREATE FUNCTION app.make_partitions(parent text, first_month date, last_month date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
COMMENT ON FUNCTION app.make_partitions(parent text, first_month date, last_month date) IS 'Makes monthly partitions ahead of need; answers how many.';

CREATE FUNCTION app.may(permission text, a_restaurant uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        select coalesce(a_restaurant = any (app.restaurants_with(permission)), false)
            or coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' = 'service_role', false)
    $$;
COMMENT ON FUNCTION app.may(permission text, a_restaurant uuid) IS 'Whether the claims hold a permission in a restaurant; the service holds all.';

CREATE FUNCTION app.may_follow(before text, after text, fulfillment text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
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
COMMENT ON FUNCTION app.may_follow(before text, after text, fulfillment text) IS 'Whether an order may go from one status to the other.';

CREATE TABLE public.orders (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    order_number bigint NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    channel text DEFAULT 'web'::text NOT NULL,
    fulfillment_type text DEFAULT 'pickup'::text NOT NULL,
    payment_method text DEFAULT 'cash'::text NOT NULL,
    currency character(3) DEFAULT 'DKK'::bpchar NOT NULL,
    subtotal bigint NOT NULL,
    discount_amount bigint DEFAULT 0 NOT NULL,
    discount_code text,
    delivery_fee bigint DEFAULT 0 NOT NULL,
    tax_amount bigint DEFAULT 0 NOT NULL,
    total bigint NOT NULL,
    refunded_amount bigint DEFAULT 0 NOT NULL,
    item_count integer DEFAULT 0 NOT NULL,
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
    idempotency_key text,
    request_hash bytea,
    source text DEFAULT 'flow'::text NOT NULL,
    external_id text,
    import_id uuid,
    cancel_reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    completed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    refunded_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_channel_check CHECK ((channel = ANY (ARRAY['web'::text, 'app'::text, 'instagram'::text, 'facebook'::text, 'sms'::text, 'phone'::text, 'wolt'::text, 'ai_chat'::text, 'pos'::text]))),
    CONSTRAINT orders_check CHECK (((discount_amount >= 0) AND (discount_amount <= subtotal))),
    CONSTRAINT orders_check1 CHECK ((total = ((subtotal - discount_amount) + delivery_fee))),
    CONSTRAINT orders_check2 CHECK (((refunded_amount >= 0) AND (refunded_amount <= total))),
    CONSTRAINT orders_delivery_fee_check CHECK ((delivery_fee >= 0)),
    CONSTRAINT orders_fulfillment_type_check CHECK ((fulfillment_type = ANY (ARRAY['delivery'::text, 'pickup'::text, 'dine_in'::text]))),
    CONSTRAINT orders_idempotency_key_check CHECK (((length(idempotency_key) >= 1) AND (length(idempotency_key) <= 200))),
    CONSTRAINT orders_item_count_check CHECK ((item_count >= 0)),
    CONSTRAINT orders_payment_method_check CHECK ((payment_method = ANY (ARRAY['cash'::text, 'card'::text, 'mobilepay'::text, 'invoice'::text, 'external'::text]))),
    CONSTRAINT orders_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'preparing'::text, 'ready'::text, 'delivering'::text, 'completed'::text, 'cancelled'::text, 'refunded'::text]))),
    CONSTRAINT orders_subtotal_check CHECK ((subtotal >= 0)),
    CONSTRAINT orders_tax_amount_check CHECK ((tax_amount >= 0))
);
COMMENT ON TABLE public.orders IS 'tenant: orders from every channel, priced on the server. Bookkeeping: never deleted by code.';
COMMENT ON COLUMN public.orders.tax_amount IS 'VAT contained in total, in øre.';
COMMENT ON COLUMN public.orders.total IS 'What the guest pays, in øre: subtotal - discount_amount + delivery_fee, VAT included.';
COMMENT ON COLUMN public.orders.visitor_id IS 'The lasting id of a visitor who agreed to analytics; null without consent.';
COMMENT ON COLUMN public.orders.session_id IS 'The visit in which it was ordered; null without consent to analytics.';
COMMENT ON COLUMN public.orders.request_hash IS 'Hash of the request under the idempotency key: the same key with another body is refused.';
COMMENT ON COLUMN public.orders.source IS 'The system that the order comes from; with external_id it makes imports repeatable.';
COMMENT ON COLUMN public.orders.created_at IS 'When the guest ordered; decides the business day.';
COMMENT ON COLUMN public.orders.recorded_at IS 'When FLOW stored the row; later than created_at for imports.';

CREATE FUNCTION app.move_order(a_restaurant uuid, an_order uuid, new_status text, a_reason text, a_step uuid, a_mover uuid, moved_at timestamp with time zone, a_refund bigint DEFAULT NULL::bigint) RETURNS SETOF public.orders
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
    if a_refund > old.refunded_amount or a_refund is not null and not pays_back then
        raise exception 'no such amount was paid back' using errcode = '23514';
    end if;
    insert into public.order_status_changes
        (restaurant_id, order_id, changed_at, id, from_status, to_status, changed_by, reason, refund_amount)
    values (a_restaurant, an_order, moved_at, a_step, old.status, new_status, coalesce(app.user_id(), a_mover), a_reason,
        a_refund);
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
COMMENT ON FUNCTION app.move_order(a_restaurant uuid, an_order uuid, new_status text, a_reason text, a_step uuid, a_mover uuid, moved_at timestamp with time zone, a_refund bigint) IS 'The one way in which an order changes its state: checks who, from where and whereto, records the step, answers the order as it is then. `a_mover` counts only where no user asks; `a_refund` is what the order was paid back just now.';

CREATE TABLE public.support_accesses (
    id uuid NOT NULL,
    restaurant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    reason text NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT support_accesses_check CHECK (((expires_at > granted_at) AND (expires_at <= (granted_at + '08:00:00'::interval)))),
    CONSTRAINT support_accesses_check1 CHECK (((ended_at >= granted_at) AND (ended_at <= expires_at))),
    CONSTRAINT support_accesses_reason_check CHECK (((length(reason) >= 10) AND (length(reason) <= 500)))
);
COMMENT ON TABLE public.support_accesses IS 'shared: when somebody of support could read a restaurant''s orders and conversations, and why.';
COMMENT ON COLUMN public.support_accesses.ended_at IS 'When it was closed, at the latest when it ran out.';

CREATE FUNCTION app.open_support_access(an_id uuid, a_restaurant uuid, a_reason text, minutes integer) RETURNS public.support_accesses
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
COMMENT ON FUNCTION app.open_support_access(an_id uuid, a_restaurant uuid, a_reason text, minutes integer) IS 'Lets the caller read a restaurant''s orders and conversations for a while, and notes it in the audit log.';

CREATE FUNCTION app.own_customers() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
        select array(select c.id from public.customers c where c.user_id = app.user_id())
    $$;
COMMENT ON FUNCTION app.own_customers() IS 'The guests that the caller is, one per restaurant.';

CREATE FUNCTION app.owns_order(a_restaurant uuid, an_order uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
        select exists (
            select from public.orders o
            where o.restaurant_id = a_restaurant and o.id = an_order
              and (o.user_id = app.user_id() or o.customer_id = any (app.own_customers())))
    $$;
COMMENT ON FUNCTION app.owns_order(a_restaurant uuid, an_order uuid) IS 'Whether the caller ordered it.';

CREATE FUNCTION app.record_consent(p_restaurant_id uuid, p_user_id uuid, p_subject text, p_consent_type text, p_channel text, p_granted boolean, p_consent_version text, p_consent_text text, p_collection_method text, p_ip_address inet, p_user_agent text, p_status text DEFAULT 'confirmed'::text, p_confirms uuid DEFAULT NULL::uuid, p_language text DEFAULT NULL::text, p_recorded_by uuid DEFAULT NULL::uuid, p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_at timestamp with time zone DEFAULT now(), p_id uuid DEFAULT gen_random_uuid()) RETURNS uuid
    LANGUAGE sql
    SET search_path TO ''
    AS $$
        insert into public.user_consents
            (id, restaurant_id, user_id, subject, consent_type, channel, granted, status, confirms, consent_version,
             consent_text, language, collection_method, recorded_by, ip_address, user_agent, expires_at, created_at)
        values
            (p_id, p_restaurant_id, p_user_id, p_subject, p_consent_type, p_channel, p_granted, p_status, p_confirms,
             p_consent_version, p_consent_text, p_language, p_collection_method, p_recorded_by, p_ip_address, p_user_agent,
             p_expires_at, p_at)
        returning id
    $$;
COMMENT ON FUNCTION app.record_consent(p_restaurant_id uuid, p_user_id uuid, p_subject text, p_consent_type text, p_channel text, p_granted boolean, p_consent_version text, p_consent_text text, p_collection_method text, p_ip_address inet, p_user_agent text, p_status text, p_confirms uuid, p_language text, p_recorded_by uuid, p_expires_at timestamp with time zone, p_at timestamp with time zone, p_id uuid) IS 'Adds evidence that somebody gave or withdrew a consent; withdrawing needs no grant before it.';

CREATE FUNCTION app.record_events(a_restaurant uuid, an_order uuid, ids uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
        with moved as (
            select o.*, s.from_status, s.to_status, s.changed_at, s.refund_amount,
                (select count(*) from public.order_status_changes c
                 where c.restaurant_id = a_restaurant and c.order_id = an_order) as version
            from public.orders o
            cross join lateral (
                select c.from_status, c.to_status, c.changed_at, c.refund_amount from public.order_status_changes c
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
            select e.place, e.event_type, 'order', t.id, t.version, t.changed_at, t.data || e.more
            from told t
            cross join lateral (values
                (2, 'order.created', t.from_status is null, '{}'),
                (3, 'order.status_changed', t.from_status <> t.to_status, '{}'),
                -- An order whose refund came back is where it was, which was told when it came there.
                (4, 'order.completed', t.to_status = 'completed' and t.from_status not in ('completed', 'refunded'), '{}'),
                (5, 'order.cancelled', t.to_status = 'cancelled' and t.from_status not in ('cancelled', 'refunded'), '{}'),
                -- Once per step with which money went back, and where people say so without any.
                (6, 'order.refunded', t.refund_amount > 0 or t.from_status <> 'refunded' and t.to_status = 'refunded',
                    jsonb_build_object(
                        'refund_amount', coalesce(t.refund_amount, 0),
                        'is_fully_refunded', t.to_status = 'refunded' or t.refunded_amount = t.total))
            ) e (place, event_type, holds, more)
            -- What was told of an older step may have been deleted meanwhile: it is not told again when a payment changes.
            where e.holds and t.changed_at > (
                select greatest(t.updated_at, max(p.updated_at)) from paid p) - interval '25 days'
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
COMMENT ON FUNCTION app.record_events(a_restaurant uuid, an_order uuid, ids uuid[]) IS 'Writes into the outbox what an order''s last step and its payments'' states are, unless it is there already.';

CREATE FUNCTION app.record_refund(a_restaurant uuid, a_payment uuid, refund bigint, refund_reason text, refunded_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
        with refunded as (
            update public.payments p
            set refunded_amount = p.refunded_amount + refund,
                refund_reason = record_refund.refund_reason,
                status = case when p.refunded_amount + refund = p.amount then 'refunded' else 'partially_refunded' end,
                updated_at = record_refund.refunded_at
            where p.restaurant_id = a_restaurant and p.id = a_payment
              and p.status in ('completed', 'partially_refunded') and p.provider not in ('stripe', 'mobilepay')
              and refund > 0 and app.may('payments.write', a_restaurant)
            returning p.order_id
        )
        update public.orders o
        set refunded_amount = o.refunded_amount + refund, updated_at = record_refund.refunded_at
        from refunded r
        where o.restaurant_id = a_restaurant and o.id = r.order_id
    $$;
COMMENT ON FUNCTION app.record_refund(a_restaurant uuid, a_payment uuid, refund bigint, refund_reason text, refunded_at timestamp with time zone) IS 'Pays part or all of a payment back; never more than was paid.';

CREATE FUNCTION app.refresh_statistics(tables text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    a_table text;
begin
    foreach a_table in array tables loop
        execute format('analyze public.%I', a_table);
    end loop;
end
$$;
COMMENT ON FUNCTION app.refresh_statistics(tables text[]) IS 'Analyzes tables of schema public, rows of the running transaction included.';

CREATE FUNCTION app.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '42501';
end
$$;
COMMENT ON FUNCTION app.refuse_change() IS 'Trigger of append-only tables: stops even the owner.';

CREATE FUNCTION app.refuse_change_for_seven_years() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    if tg_op = 'DELETE' and old.recorded_at < now() - interval '7 years' then
        return old;
    end if;
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '42501';
end
$$;
COMMENT ON FUNCTION app.refuse_change_for_seven_years() IS 'Trigger of the audit tables: no change; no deletion before seven years.';

CREATE FUNCTION app.refuse_consent_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    if tg_op = 'DELETE' and current_setting('flow.expiring_consents', true) = 'on' then
        return old;
    end if;
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '42501';
end
$$;
COMMENT ON FUNCTION app.refuse_consent_change() IS 'Trigger of user_consents: stops even the owner, but for what app.expire_consents deletes.';

CREATE FUNCTION app.request_refund(a_restaurant uuid, a_payment uuid, a_refund uuid, refund bigint, a_reason text, a_requester uuid, requested_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
        with held as (
            update public.payments p
            set refunding_amount = p.refunding_amount + refund, refund_reason = a_reason, updated_at = requested_at
            where p.restaurant_id = a_restaurant and p.id = a_payment and p.provider in ('stripe', 'mobilepay')
              and p.status in ('completed', 'partially_refunded')
              and refund between 1 and p.captured_amount - p.refunded_amount - p.refunding_amount
              and app.may('payments.write', a_restaurant)
            returning p.order_id
        )
        insert into public.payment_refunds
            (restaurant_id, id, payment_id, order_id, amount, reason, requested_by, created_at, updated_at)
        select a_restaurant, a_refund, a_payment, h.order_id, refund, a_reason, coalesce(app.user_id(), a_requester),
            requested_at, requested_at
        from held h
    $$;
COMMENT ON FUNCTION app.request_refund(a_restaurant uuid, a_payment uuid, a_refund uuid, refund bigint, a_reason text, a_requester uuid, requested_at timestamp with time zone) IS 'Asks for a refund through the provider, never more than was taken and is not paid back or asked for already.';

CREATE FUNCTION app.restaurants_to_support() RETURNS TABLE(id uuid, name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
        select r.id, r.name from public.restaurants r
        where r.id = any (app.restaurants_with('support.open')) and r.status <> 'closed'
        order by r.name, r.id
    $$;
COMMENT ON FUNCTION app.restaurants_to_support() IS 'Restaurants to which the caller may open the door of support.';

CREATE FUNCTION app.restaurants_with(permission text) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        select coalesce(
            nullif(current_setting('flow.may.' || permission, true), ''),
            nullif(current_setting('request.jwt.claims', true), '')::jsonb
                #>> array['app_metadata', 'grants', permission]
        )::uuid[]
    $$;
COMMENT ON FUNCTION app.restaurants_with(permission text) IS 'Restaurants in which the current claims hold the permission; null (no rows) without claims.';

CREATE FUNCTION app.sees_orders_in_full() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select current_setting('flow.orders_in_full', true) = 'on' $$;
COMMENT ON FUNCTION app.sees_orders_in_full() IS 'Whether the caller sees all orders wherever some are seen: spares the policies a look at each row.';

CREATE FUNCTION app.settings_of(claims jsonb, permissions jsonb) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
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
COMMENT ON FUNCTION app.settings_of(claims jsonb, permissions jsonb) IS 'What app.begin_request sets for the length of its transaction.';

CREATE FUNCTION app.settle_payments(a_restaurant uuid, an_order uuid, settled_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
        update public.payments p
        set status = case o.status when 'completed' then 'completed' else 'failed' end,
            completed_at = case o.status when 'completed' then settled_at end,
            failed_at = case o.status when 'cancelled' then settled_at end,
            updated_at = settled_at
        from public.orders o
        where o.restaurant_id = a_restaurant and o.id = an_order
          and p.restaurant_id = a_restaurant and p.order_id = an_order
          and p.status in ('pending', 'processing')
          and (o.status = 'cancelled' and p.provider not in ('stripe', 'mobilepay')
               or o.status = 'completed' and p.provider = 'cash')
          and app.may('orders.write', a_restaurant)
    $$;
COMMENT ON FUNCTION app.settle_payments(a_restaurant uuid, an_order uuid, settled_at timestamp with time zone) IS 'Cash is paid when its order is completed; what is unpaid when its order is cancelled will not be.';

CREATE FUNCTION app.settle_points(a_restaurant uuid, an_order uuid, a_transaction uuid, settled_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
        with due as (
            select o.customer_id, l.points as balance,
                (o.total - o.refunded_amount) / 1000 - coalesce((
                    select sum(t.points) from public.loyalty_transactions t
                    where t.restaurant_id = a_restaurant and t.order_id = an_order and t.kind in ('earned', 'adjusted')
                ), 0)::bigint as change
            from public.orders o
            join public.loyalty_points l on l.restaurant_id = o.restaurant_id and l.customer_id = o.customer_id
            where o.restaurant_id = a_restaurant and o.id = an_order and o.completed_at >= l.created_at
              and app.may('orders.write', a_restaurant)
            for update of l
        ),
        given as (
            insert into public.loyalty_transactions
                (restaurant_id, id, customer_id, order_id, kind, points, reason, created_at)
            select a_restaurant, a_transaction, d.customer_id, an_order,
                case when d.change > 0 then 'earned' else 'adjusted' end, greatest(d.change, -d.balance),
                case when d.change > 0 then 'order completed' else 'order refunded' end, settled_at
            from due d
            where greatest(d.change, -d.balance) <> 0
            returning customer_id, points
        )
        update public.loyalty_points l
        set points = l.points + g.points, lifetime_points = greatest(l.lifetime_points + g.points, 0),
            updated_at = settled_at
        from given g
        where l.restaurant_id = a_restaurant and l.customer_id = g.customer_id
    $$;
COMMENT ON FUNCTION app.settle_points(a_restaurant uuid, an_order uuid, a_transaction uuid, settled_at timestamp with time zone) IS 'One point per whole 10 kr. that a member paid for a completed order; a refund takes back what is still there.';

CREATE FUNCTION app.sole_admin_of(a_user uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
        select a.restaurant_id from public.user_restaurant_access a
        where a.user_id = a_user and a.role = 'admin'
          and not exists (
            select from public.user_restaurant_access o
            where o.restaurant_id = a.restaurant_id and o.role = 'admin' and o.user_id <> a_user)
    $$;
COMMENT ON FUNCTION app.sole_admin_of(a_user uuid) IS 'Restaurants that would be without an administrator if the user were gone.';

CREATE FUNCTION app.spend_form(a_restaurant uuid, a_form uuid, permission text, at timestamp with time zone) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
        with spent as (
            insert into public.spent_forms (restaurant_id, form, spent_at)
            select a_restaurant, a_form, spend_form.at
            where app.may(spend_form.permission, a_restaurant)
            on conflict (restaurant_id, form) do nothing
            returning form
        )
        select exists (select from spent)
    $$;
COMMENT ON FUNCTION app.spend_form(a_restaurant uuid, a_form uuid, permission text, at timestamp with time zone) IS 'Whether a form is sent for the first time, by somebody who may do what it does; the same once more waits and is not.';

CREATE FUNCTION app.user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        select coalesce(
            nullif(current_setting('flow.user_id', true), ''),
            nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
        )::uuid
    $$;
COMMENT ON FUNCTION app.user_id() IS 'The user of the current claims, or null.';

CREATE FUNCTION app.utc_text(a_time timestamp with time zone) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$ select to_char(a_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
COMMENT ON FUNCTION app.utc_text(a_time timestamp with time zone) IS 'A time as other systems read it: ISO 8601, UTC, milliseconds.';
CREATE VIEW app.accounts AS
 SELECT id,
    email,
    COALESCE((raw_user_meta_data ->> 'name'::text), ''::text) AS name,
    ((deleted_at IS NOT NULL) OR COALESCE((banned_until > now()), false)) AS is_barred
   FROM auth.users u
  WHERE ((email IS NOT NULL) AND (is_sso_user = false));
COMMENT ON VIEW app.accounts IS 'platform: users who can log in with e-mail and password; the service alone reads it.';

CREATE TABLE app.audit_chain (
    seq bigint NOT NULL,
    entry_id uuid NOT NULL,
    entry_hash bytea NOT NULL,
    hash bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_chain_entry_hash_check CHECK ((octet_length(entry_hash) = 32)),
    CONSTRAINT audit_chain_hash_check CHECK ((octet_length(hash) = 32))
);
COMMENT ON TABLE app.audit_chain IS 'platform: one link per audit entry. hash = sha256(hash of the link before, seq as 8 bytes, entry_hash).';

CREATE TABLE app.audit_checkpoints (
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_checkpoints_hash_check CHECK ((octet_length(hash) = 32))
);
COMMENT ON TABLE app.audit_checkpoints IS 'platform: signed states of the audit chain (Ed25519).';

CREATE TABLE app.audit_expiries (
    through_seq bigint NOT NULL,
    hash bytea NOT NULL,
    entries bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_expiries_hash_check CHECK ((octet_length(hash) = 32))
);
COMMENT ON TABLE app.audit_expiries IS 'platform: the last links that were deleted with their entries after seven years.';

CREATE TABLE app.audit_head (
    is_only boolean DEFAULT true NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_head_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_head_is_only_check CHECK (is_only)
);
COMMENT ON TABLE app.audit_head IS 'platform: the last link of the audit chain; one row.';

CREATE TABLE app.login_failures (
    email_hash text NOT NULL,
    failed_attempts integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT login_failures_failed_attempts_check CHECK ((failed_attempts >= 0))
);
COMMENT ON TABLE app.login_failures IS 'platform: attempts to log in since the last right password, by address.';
COMMENT ON COLUMN app.login_failures.email_hash IS 'HMAC-SHA256 of the address, by a key of the installation.';

CREATE TABLE app.login_sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    device text DEFAULT ''::text NOT NULL,
    aal text DEFAULT 'aal1'::text NOT NULL,
    CONSTRAINT login_sessions_aal_check CHECK ((aal = ANY (ARRAY['aal1'::text, 'aal2'::text])))
);
COMMENT ON TABLE app.login_sessions IS 'platform: log-ins; ending one makes its token worthless at once.';
COMMENT ON COLUMN app.login_sessions.device IS 'Browser and system in words, so that a person can tell sessions apart.';
COMMENT ON COLUMN app.login_sessions.aal IS 'How sure the log-in is: aal1 by password, aal2 by a second factor as well.';

CREATE TABLE app.mails (
    id uuid NOT NULL,
    sealed bytea,
    kind text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    last_error text
);
COMMENT ON TABLE app.mails IS 'platform: mails on their way out; address and text are sealed, and wiped when sent.';
COMMENT ON COLUMN app.mails.next_attempt_at IS 'When to try (again); null once sent or given up.';
COMMENT ON COLUMN app.mails.last_error IS 'Kind of the last failure, never its text.';

CREATE TABLE app.password_resets (
    id uuid NOT NULL,
    email_sealed bytea,
    language text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    user_id uuid,
    token_hash bytea,
    expires_at timestamp with time zone,
    used_at timestamp with time zone,
    CONSTRAINT password_resets_language_check CHECK ((language = ANY (ARRAY['da'::text, 'sv'::text, 'en'::text])))
);
COMMENT ON TABLE app.password_resets IS 'platform: wishes for a new password. A job looks whose address it is, so that asking takes the same time for all.';
COMMENT ON COLUMN app.password_resets.email_sealed IS 'The address as typed, until the job has looked; then null.';
COMMENT ON COLUMN app.password_resets.token_hash IS 'SHA-256 of the secret in the link.';

CREATE TABLE app.privacy_request_keys (
    request_id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL
);
COMMENT ON TABLE app.privacy_request_keys IS 'platform: ids of the person''s rows while an erasure runs, since it removes what led to them; deleted at its end.';

CREATE TABLE app.recovery_codes (
    user_id uuid NOT NULL,
    slot smallint NOT NULL,
    code_hash text NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT recovery_codes_slot_check CHECK (((slot >= 0) AND (slot <= 9)))
);
COMMENT ON TABLE app.recovery_codes IS 'platform: codes for a lost second factor, Argon2-hashed, one use each.';
COMMENT ON COLUMN app.recovery_codes.slot IS 'First digit of the code, so that one hash is checked and not ten.';

CREATE TABLE app.retention_tallies (
    table_name text NOT NULL,
    restaurant_id uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    rows bigint NOT NULL,
    began_at timestamp with time zone NOT NULL,
    CONSTRAINT retention_tallies_rows_check CHECK ((rows >= 0))
);
COMMENT ON TABLE app.retention_tallies IS 'platform: rows done but not yet told to the audit log; counted in the transaction that did them, so a crash loses none.';
COMMENT ON COLUMN app.retention_tallies.restaurant_id IS 'Zeros where all restaurants went at once, as with partitions.';

CREATE TABLE app.role_permissions (
    role text NOT NULL,
    permission text NOT NULL,
    CONSTRAINT role_permissions_permission_check CHECK ((permission ~ '^[a-z_]+\.[a-z_]+$'::text))
);
COMMENT ON TABLE app.role_permissions IS 'shared: what a role may do; the one matrix.';

CREATE TABLE app.user_credentials (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    password_changed_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE app.user_credentials IS 'platform: Argon2 password hashes of FLOW''s own issuer.';

CREATE TABLE app.visitor_salts (
    day date NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT visitor_salts_salt_check CHECK ((octet_length(salt) = 32))
);
COMMENT ON TABLE app.visitor_salts IS 'platform: the day''s secret behind cookieless visitor ids; deleted after two days, so that ids cannot be traced back.';

CREATE TABLE public.activities (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid,
    activity_type text NOT NULL,
    category text NOT NULL,
    sub_category text,
    description text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.activities IS 'tenant: what people and FLOW did in a restaurant, in words; holds no guest''s data.';

CREATE TABLE public.ai_conversations (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id text NOT NULL,
    channel text NOT NULL,
    channel_user_id text,
    visitor_id uuid,
    customer_id uuid,
    customer_phone text,
    customer_name text,
    language text DEFAULT 'da'::text NOT NULL,
    current_state text,
    outcome text,
    order_id uuid,
    message_count integer DEFAULT 0 NOT NULL,
    clarification_count integer DEFAULT 0 NOT NULL,
    frustration_score numeric(3,2),
    customer_rating smallint,
    customer_feedback text,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    anonymised_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    last_message_at timestamp with time zone,
    CONSTRAINT ai_conversations_channel_check CHECK ((channel = ANY (ARRAY['web_chat'::text, 'instagram_dm'::text, 'facebook_messenger'::text, 'sms'::text]))),
    CONSTRAINT ai_conversations_check CHECK ((ended_at >= started_at)),
    CONSTRAINT ai_conversations_clarification_count_check CHECK ((clarification_count >= 0)),
    CONSTRAINT ai_conversations_conversation_id_check CHECK (((length(conversation_id) >= 1) AND (length(conversation_id) <= 200))),
    CONSTRAINT ai_conversations_customer_phone_check CHECK ((customer_phone ~ '^\+[1-9][0-9]{5,14}$'::text)),
    CONSTRAINT ai_conversations_customer_rating_check CHECK (((customer_rating >= 1) AND (customer_rating <= 5))),
    CONSTRAINT ai_conversations_frustration_score_check CHECK (((frustration_score >= (0)::numeric) AND (frustration_score <= (1)::numeric))),
    CONSTRAINT ai_conversations_language_check CHECK ((language = ANY (ARRAY['da'::text, 'sv'::text, 'en'::text]))),
    CONSTRAINT ai_conversations_message_count_check CHECK ((message_count >= 0)),
    CONSTRAINT ai_conversations_outcome_check CHECK ((outcome = ANY (ARRAY['order_completed'::text, 'abandoned'::text, 'escalated'::text, 'info_provided'::text])))
);
COMMENT ON TABLE public.ai_conversations IS 'tenant: conversations of guests with an agent, on any channel.';
COMMENT ON COLUMN public.ai_conversations.conversation_id IS 'The channel''s name of the conversation; unique within the restaurant.';
COMMENT ON COLUMN public.ai_conversations.anonymised_at IS 'Since then nobody can tell whose conversation it was.';
COMMENT ON COLUMN public.ai_conversations.last_message_at IS 'When somebody last wrote in it.';

CREATE TABLE public.ai_feedback (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    message_id uuid,
    conversation_id text,
    feedback_type text NOT NULL,
    original_value text,
    correct_value text,
    feedback_notes text,
    feedback_source text NOT NULL,
    feedback_by uuid,
    processed boolean DEFAULT false NOT NULL,
    processed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ai_feedback_feedback_source_check CHECK ((feedback_source = ANY (ARRAY['customer'::text, 'staff'::text, 'automatic'::text]))),
    CONSTRAINT ai_feedback_feedback_type_check CHECK ((feedback_type = ANY (ARRAY['intent_correction'::text, 'response_quality'::text, 'escalation_reason'::text])))
);
COMMENT ON TABLE public.ai_feedback IS 'tenant: what guests and staff said about an agent''s answers.';
COMMENT ON COLUMN public.ai_feedback.feedback_by IS 'The member of staff, if it was one.';

CREATE TABLE public.ai_intents (
    id uuid NOT NULL,
    intent_name text NOT NULL,
    intent_category text NOT NULL,
    description text,
    example_phrases jsonb DEFAULT '[]'::jsonb NOT NULL,
    total_detections bigint DEFAULT 0 NOT NULL,
    correct_detections bigint DEFAULT 0 NOT NULL,
    accuracy_rate numeric(5,4),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ai_intents_accuracy_rate_check CHECK (((accuracy_rate >= (0)::numeric) AND (accuracy_rate <= (1)::numeric))),
    CONSTRAINT ai_intents_check CHECK (((correct_detections >= 0) AND (correct_detections <= total_detections))),
    CONSTRAINT ai_intents_intent_category_check CHECK ((intent_category = ANY (ARRAY['ordering'::text, 'support'::text, 'info'::text, 'social'::text]))),
    CONSTRAINT ai_intents_total_detections_check CHECK ((total_detections >= 0))
);
COMMENT ON TABLE public.ai_intents IS 'shared: what guests may want, with phrases that name nobody.';

CREATE TABLE public.ai_messages (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id text NOT NULL,
    role text NOT NULL,
    content text NOT NULL,
    detected_intent text,
    intent_confidence numeric(3,2),
    entities jsonb DEFAULT '[]'::jsonb NOT NULL,
    response_time_ms integer,
    tokens_used integer,
    conversation_state text,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ai_messages_intent_confidence_check CHECK (((intent_confidence >= (0)::numeric) AND (intent_confidence <= (1)::numeric))),
    CONSTRAINT ai_messages_response_time_ms_check CHECK ((response_time_ms >= 0)),
    CONSTRAINT ai_messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'system'::text]))),
    CONSTRAINT ai_messages_tokens_used_check CHECK ((tokens_used >= 0))
);
COMMENT ON TABLE public.ai_messages IS 'tenant: what was said in a conversation, in its order.';
COMMENT ON COLUMN public.ai_messages.entities IS 'What was recognised: [{"type", "value", "id"}].';

CREATE TABLE public.api_keys (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    ending text NOT NULL,
    scopes text[] NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by uuid,
    CONSTRAINT api_keys_ending_check CHECK ((length(ending) = 4)),
    CONSTRAINT api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
    CONSTRAINT api_keys_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 40)))
);
COMMENT ON TABLE public.api_keys IS 'tenant: keys of programs; each may do what its scopes say, and nothing else.';
COMMENT ON COLUMN public.api_keys.key_hash IS 'SHA-256 of the whole key, which is shown once.';
COMMENT ON COLUMN public.api_keys.ending IS 'Last four characters of the key, so that people can tell keys apart.';
COMMENT ON COLUMN public.api_keys.scopes IS 'Permissions as in app.role_permissions.';

CREATE TABLE public.api_logs (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    api_name text NOT NULL,
    endpoint text NOT NULL,
    method text NOT NULL,
    request_params jsonb DEFAULT '{}'::jsonb NOT NULL,
    request_body_hash text,
    response_status integer,
    response_time_ms integer,
    success boolean NOT NULL,
    error_code text,
    error_message text,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_logs_response_time_ms_check CHECK ((response_time_ms >= 0))
);
COMMENT ON TABLE public.api_logs IS 'tenant: calls to other systems, without bodies.';

CREATE TABLE public.benchmark_aggregates (
    id uuid NOT NULL,
    period_type text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    industry_segment text,
    size_segment text,
    region text,
    restaurant_count integer NOT NULL,
    avg_daily_revenue bigint,
    median_daily_revenue bigint,
    p25_daily_revenue bigint,
    p75_daily_revenue bigint,
    avg_order_value bigint,
    avg_orders_per_day numeric(12,2),
    pct_orders_web numeric(5,2),
    pct_orders_app numeric(5,2),
    pct_orders_social numeric(5,2),
    avg_conversion_rate numeric(5,4),
    avg_return_customer_rate numeric(5,4),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT benchmark_aggregates_avg_conversion_rate_check CHECK (((avg_conversion_rate >= (0)::numeric) AND (avg_conversion_rate <= (1)::numeric))),
    CONSTRAINT benchmark_aggregates_avg_return_customer_rate_check CHECK (((avg_return_customer_rate >= (0)::numeric) AND (avg_return_customer_rate <= (1)::numeric))),
    CONSTRAINT benchmark_aggregates_check CHECK ((period_end >= period_start)),
    CONSTRAINT benchmark_aggregates_pct_orders_app_check CHECK (((pct_orders_app >= (0)::numeric) AND (pct_orders_app <= (100)::numeric))),
    CONSTRAINT benchmark_aggregates_pct_orders_social_check CHECK (((pct_orders_social >= (0)::numeric) AND (pct_orders_social <= (100)::numeric))),
    CONSTRAINT benchmark_aggregates_pct_orders_web_check CHECK (((pct_orders_web >= (0)::numeric) AND (pct_orders_web <= (100)::numeric))),
    CONSTRAINT benchmark_aggregates_period_type_check CHECK ((period_type = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text]))),
    CONSTRAINT benchmark_aggregates_restaurant_count_check CHECK ((restaurant_count >= 10)),
    CONSTRAINT benchmark_aggregates_size_segment_check CHECK ((size_segment = ANY (ARRAY['small'::text, 'medium'::text, 'large'::text])))
);
COMMENT ON TABLE public.benchmark_aggregates IS 'shared: figures of at least ten restaurants together; money in øre.';

CREATE TABLE public.builder_configs (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_published boolean DEFAULT false NOT NULL,
    published_at timestamp with time zone,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT builder_configs_kind_check CHECK ((kind = ANY (ARRAY['web'::text, 'app'::text, 'widget'::text]))),
    CONSTRAINT builder_configs_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
COMMENT ON TABLE public.builder_configs IS 'tenant: how a restaurant''s site, app or widget is made up.';

CREATE TABLE public.campaign_keywords (
    restaurant_id uuid NOT NULL,
    keyword text NOT NULL,
    campaign_id uuid,
    reply text NOT NULL,
    consent_text text,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT campaign_keywords_consent_text_check CHECK (((length(consent_text) >= 20) AND (length(consent_text) <= 4000))),
    CONSTRAINT campaign_keywords_keyword_check CHECK ((keyword ~ '^[0-9A-ZÆØÅÄÖ]{2,20}$'::text)),
    CONSTRAINT campaign_keywords_reply_check CHECK (((length(reply) >= 1) AND (length(reply) <= 600)))
);
COMMENT ON TABLE public.campaign_keywords IS 'tenant: words that guests send to a restaurant, and what is answered.';
COMMENT ON COLUMN public.campaign_keywords.keyword IS 'In capitals: how guests write it does not matter.';
COMMENT ON COLUMN public.campaign_keywords.consent_text IS 'What the poster says that sending the word agrees to; none: the word gets its answer and nothing more.';

CREATE TABLE public.campaign_sends (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    customer_id uuid,
    contact text,
    consent_id uuid NOT NULL,
    message_id uuid,
    status text DEFAULT 'queued'::text NOT NULL,
    order_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    clicked_at timestamp with time zone,
    CONSTRAINT campaign_sends_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'skipped'::text, 'clicked'::text, 'converted'::text])))
);
COMMENT ON TABLE public.campaign_sends IS 'tenant: one row per recipient of a campaign, with the consent it relied on.';

CREATE TABLE public.channel_attribution (
    restaurant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    first_touch_channel text,
    first_touch_source text,
    first_touch_campaign text,
    first_touch_at timestamp with time zone,
    last_touch_channel text,
    last_touch_source text,
    last_touch_campaign text,
    last_touch_at timestamp with time zone,
    touchpoint_path jsonb DEFAULT '[]'::jsonb NOT NULL,
    touchpoint_count integer DEFAULT 0 NOT NULL,
    days_to_conversion integer,
    sessions_to_conversion integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT channel_attribution_days_to_conversion_check CHECK ((days_to_conversion >= 0)),
    CONSTRAINT channel_attribution_sessions_to_conversion_check CHECK ((sessions_to_conversion >= 0)),
    CONSTRAINT channel_attribution_touchpoint_count_check CHECK ((touchpoint_count >= 0))
);
COMMENT ON TABLE public.channel_attribution IS 'tenant: the visits that led to an order. touchpoint_path: [{channel, source, timestamp}].';

CREATE TABLE public.consent_confirmations (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    consent_id uuid NOT NULL,
    subject text NOT NULL,
    channel text NOT NULL,
    contact text NOT NULL,
    language text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_confirmations_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
    CONSTRAINT consent_confirmations_language_check CHECK ((language = ANY (ARRAY['da'::text, 'sv'::text, 'en'::text])))
);
COMMENT ON TABLE public.consent_confirmations IS 'tenant: questions "was that you?" that wait to be sent; a row goes when it is sent.';

CREATE TABLE public.consent_contacts (
    restaurant_id uuid NOT NULL,
    subject text NOT NULL,
    contact text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_contacts_contact_check CHECK (((length(contact) >= 3) AND (length(contact) <= 254)))
);
COMMENT ON TABLE public.consent_contacts IS 'tenant: the contact behind a guest''s pseudonym, as long as it may be known.';
COMMENT ON COLUMN public.consent_contacts.contact IS 'Phone number (E.164) or e-mail address in lower case.';

CREATE TABLE public.consent_texts (
    restaurant_id uuid NOT NULL,
    consent_type text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    body text NOT NULL,
    valid_days integer,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_texts_body_check CHECK (((length(body) >= 20) AND (length(body) <= 4000))),
    CONSTRAINT consent_texts_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'phone'::text, 'web'::text, 'any'::text]))),
    CONSTRAINT consent_texts_consent_type_check CHECK ((consent_type = ANY (ARRAY['marketing'::text, 'analytics'::text, 'cookies'::text, 'terms'::text, 'privacy'::text]))),
    CONSTRAINT consent_texts_language_check CHECK ((language = ANY (ARRAY['da'::text, 'sv'::text, 'en'::text]))),
    CONSTRAINT consent_texts_valid_days_check CHECK (((valid_days >= 1) AND (valid_days <= 3650))),
    CONSTRAINT consent_texts_version_check CHECK ((version > 0))
);
COMMENT ON TABLE public.consent_texts IS 'tenant: what guests are asked, every version; the newest is shown.';
COMMENT ON COLUMN public.consent_texts.channel IS 'any: one question for all channels, as at the checkout.';
COMMENT ON COLUMN public.consent_texts.valid_days IS 'After how many days a consent under this text lapses; null is never.';

CREATE TABLE public.courier_deliveries (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    status text DEFAULT 'requested'::text NOT NULL,
    reference text,
    tracking_url text,
    price bigint,
    currency character(3),
    pickup_at timestamp with time zone,
    dropoff_at timestamp with time zone,
    reason text,
    requested_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    delivered_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT courier_deliveries_price_check CHECK ((price >= 0)),
    CONSTRAINT courier_deliveries_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT courier_deliveries_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 100))),
    CONSTRAINT courier_deliveries_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'received'::text, 'pickup_started'::text, 'pickup_arrival'::text, 'picked_up'::text, 'dropoff_started'::text, 'dropoff_arrival'::text, 'handshake_delivery'::text, 'dropoff_completed'::text, 'delivered'::text, 'rejected'::text, 'customer_no_show'::text, 'cancelled'::text, 'failed'::text]))),
    CONSTRAINT courier_deliveries_tracking_url_check CHECK ((length(tracking_url) <= 500))
);
COMMENT ON TABLE public.courier_deliveries IS 'tenant: orders that a courier of Wolt Drive carries; one at a time per order.';
COMMENT ON COLUMN public.courier_deliveries.reference IS 'Wolt''s number of the delivery (wolt_order_reference_id).';
COMMENT ON COLUMN public.courier_deliveries.price IS 'What the courier costs the restaurant, in øre.';
COMMENT ON COLUMN public.courier_deliveries.pickup_at IS 'When the courier is expected at the restaurant, by Wolt''s last word.';
COMMENT ON COLUMN public.courier_deliveries.reason IS 'Why there is no courier: the provider''s code, without personal data.';

CREATE TABLE public.customers (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid,
    name text,
    phone text,
    email text,
    first_order_at timestamp with time zone,
    last_order_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customers_email_check CHECK ((email = lower(email))),
    CONSTRAINT customers_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{5,14}$'::text))
);
COMMENT ON TABLE public.customers IS 'tenant: guests known by phone (E.164) or e-mail.';

CREATE TABLE public.daily_breakdowns (
    restaurant_id uuid NOT NULL,
    date date NOT NULL,
    dimension text NOT NULL,
    value text NOT NULL,
    orders integer DEFAULT 0 NOT NULL,
    revenue bigint DEFAULT 0 NOT NULL,
    cancelled_orders integer DEFAULT 0 NOT NULL,
    orders_containing integer DEFAULT 0 NOT NULL,
    units integer DEFAULT 0 NOT NULL,
    item_revenue bigint DEFAULT 0 NOT NULL,
    sessions integer DEFAULT 0 NOT NULL,
    visitors integer DEFAULT 0 NOT NULL,
    converted_sessions integer DEFAULT 0 NOT NULL,
    bounced_sessions integer DEFAULT 0 NOT NULL,
    session_seconds bigint DEFAULT 0 NOT NULL,
    session_page_views integer DEFAULT 0 NOT NULL,
    CONSTRAINT daily_breakdowns_dimension_check CHECK ((dimension = ANY (ARRAY['hour'::text, 'order_channel'::text, 'first_touch'::text, 'last_touch'::text, 'fulfillment'::text, 'category'::text, 'traffic_channel'::text, 'device'::text, 'country'::text])))
);
COMMENT ON TABLE public.daily_breakdowns IS 'tenant: a business day''s figures by one dimension.';
COMMENT ON COLUMN public.daily_breakdowns.value IS 'The dimension''s value; empty is unknown. Hours are local, 00 to 23.';
COMMENT ON COLUMN public.daily_breakdowns.orders_containing IS 'By category: orders with a line of it.';

CREATE TABLE public.daily_calls (
    restaurant_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    dimension text NOT NULL,
    value text NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    calls integer NOT NULL,
    calls_answered integer NOT NULL,
    times_ms integer[] NOT NULL,
    calls_timed integer[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT daily_calls_check CHECK ((starts_at < ends_at)),
    CONSTRAINT daily_calls_check1 CHECK ((cardinality(times_ms) = cardinality(calls_timed))),
    CONSTRAINT daily_calls_dimension_check CHECK ((dimension = ANY (ARRAY[''::text, 'provider'::text, 'provider_endpoint'::text])))
);
COMMENT ON TABLE public.daily_calls IS 'tenant: what api_logs says of a finished business day, by what was called. It holds for the rows from starts_at up to but not including ends_at: who changes one of them deletes the day''s counts in the same transaction, and the day is read from its rows until it is counted anew.';
COMMENT ON COLUMN public.daily_calls.dimension IS 'What `value` is: nothing (all calls), a provider, or an address.';
COMMENT ON COLUMN public.daily_calls.times_ms IS 'Every answer time of the day, once, ascending: quantiles stay exact.';
COMMENT ON COLUMN public.daily_calls.calls_timed IS 'How many calls took the time at the same place of times_ms.';

CREATE TABLE public.daily_metrics (
    restaurant_id uuid NOT NULL,
    date date NOT NULL,
    total_revenue bigint DEFAULT 0 NOT NULL,
    total_orders integer DEFAULT 0 NOT NULL,
    avg_order_value bigint DEFAULT 0 NOT NULL,
    gross_revenue bigint DEFAULT 0 NOT NULL,
    discounts bigint DEFAULT 0 NOT NULL,
    delivery_fees bigint DEFAULT 0 NOT NULL,
    refunds bigint DEFAULT 0 NOT NULL,
    tax_amount bigint DEFAULT 0 NOT NULL,
    items_sold integer DEFAULT 0 NOT NULL,
    item_revenue bigint DEFAULT 0 NOT NULL,
    cancelled_orders integer DEFAULT 0 NOT NULL,
    foreign_currency_orders integer DEFAULT 0 NOT NULL,
    orders_delivery integer DEFAULT 0 NOT NULL,
    orders_pickup integer DEFAULT 0 NOT NULL,
    orders_dine_in integer DEFAULT 0 NOT NULL,
    orders_web integer DEFAULT 0 NOT NULL,
    orders_app integer DEFAULT 0 NOT NULL,
    orders_instagram integer DEFAULT 0 NOT NULL,
    orders_facebook integer DEFAULT 0 NOT NULL,
    orders_sms integer DEFAULT 0 NOT NULL,
    orders_phone integer DEFAULT 0 NOT NULL,
    orders_attributed integer DEFAULT 0 NOT NULL,
    new_customers integer DEFAULT 0 NOT NULL,
    returning_customers integer DEFAULT 0 NOT NULL,
    known_customer_orders integer DEFAULT 0 NOT NULL,
    known_customer_revenue bigint DEFAULT 0 NOT NULL,
    unique_visitors integer DEFAULT 0 NOT NULL,
    new_visitors integer DEFAULT 0 NOT NULL,
    total_sessions integer DEFAULT 0 NOT NULL,
    session_page_views integer DEFAULT 0 NOT NULL,
    total_page_views integer DEFAULT 0 NOT NULL,
    total_events bigint DEFAULT 0 NOT NULL,
    session_seconds bigint DEFAULT 0 NOT NULL,
    avg_session_duration_sec integer,
    bounced_sessions integer DEFAULT 0 NOT NULL,
    bounce_rate numeric(5,4),
    converted_sessions integer DEFAULT 0 NOT NULL,
    events_expected bigint DEFAULT 0 NOT NULL,
    events_captured bigint DEFAULT 0 NOT NULL,
    web_orders_known integer DEFAULT 0 NOT NULL,
    web_orders_captured integer DEFAULT 0 NOT NULL,
    ai_conversations integer DEFAULT 0 NOT NULL,
    ai_orders_created integer DEFAULT 0 NOT NULL,
    ai_conversion_rate numeric(5,4),
    sms_sent integer DEFAULT 0 NOT NULL,
    sms_clicks integer DEFAULT 0 NOT NULL,
    email_sent integer DEFAULT 0 NOT NULL,
    email_opens integer DEFAULT 0 NOT NULL,
    points_earned bigint DEFAULT 0 NOT NULL,
    points_redeemed bigint DEFAULT 0 NOT NULL,
    new_loyalty_members integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT daily_metrics_ai_conversion_rate_check CHECK (((ai_conversion_rate >= (0)::numeric) AND (ai_conversion_rate <= (1)::numeric))),
    CONSTRAINT daily_metrics_bounce_rate_check CHECK (((bounce_rate >= (0)::numeric) AND (bounce_rate <= (1)::numeric)))
);
COMMENT ON TABLE public.daily_metrics IS 'tenant: a business day''s figures; recomputed whole, never added to.';
COMMENT ON COLUMN public.daily_metrics.total_revenue IS 'Net revenue in øre: totals of orders that were not cancelled, less refunds.';
COMMENT ON COLUMN public.daily_metrics.gross_revenue IS 'Subtotals in øre before discounts and refunds.';
COMMENT ON COLUMN public.daily_metrics.item_revenue IS 'Line totals in øre less the lines'' own discounts.';
COMMENT ON COLUMN public.daily_metrics.foreign_currency_orders IS 'Orders in another currency than the restaurant''s; they are in no other figure.';
COMMENT ON COLUMN public.daily_metrics.new_customers IS 'Known customers whose first order (cancelled ones aside) is of this day.';
COMMENT ON COLUMN public.daily_metrics.new_visitors IS 'Consented visitors not seen in any earlier visit that is still kept.';
COMMENT ON COLUMN public.daily_metrics.session_page_views IS 'Page views of the sessions that began this day.';
COMMENT ON COLUMN public.daily_metrics.events_expected IS 'Events that pages said they sent (highest sequence numbers).';
COMMENT ON COLUMN public.daily_metrics.web_orders_captured IS 'Web orders with a checkout_completed event; with web_orders_known a second capture rate.';
COMMENT ON COLUMN public.daily_metrics.updated_at IS 'When the day was rolled up last; after its end the day is complete.';

CREATE TABLE public.daily_restatements (
    restaurant_id uuid NOT NULL,
    date date NOT NULL,
    restated_at timestamp with time zone NOT NULL,
    metric text NOT NULL,
    old_value numeric NOT NULL,
    new_value numeric NOT NULL,
    reason text NOT NULL
);
COMMENT ON TABLE public.daily_restatements IS 'tenant: why a figure that was already shown has changed.';

CREATE TABLE public.discount_codes (
    restaurant_id uuid NOT NULL,
    code text NOT NULL,
    percent smallint,
    amount bigint,
    minimum_subtotal bigint DEFAULT 0 NOT NULL,
    valid_from timestamp with time zone,
    valid_until timestamp with time zone,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT discount_codes_amount_check CHECK ((amount > 0)),
    CONSTRAINT discount_codes_check CHECK (((percent IS NULL) <> (amount IS NULL))),
    CONSTRAINT discount_codes_code_check CHECK (((code = upper(code)) AND ((length(code) >= 2) AND (length(code) <= 40)))),
    CONSTRAINT discount_codes_minimum_subtotal_check CHECK ((minimum_subtotal >= 0)),
    CONSTRAINT discount_codes_percent_check CHECK (((percent >= 1) AND (percent <= 100)))
);
COMMENT ON TABLE public.discount_codes IS 'tenant: a discount in percent or øre that a guest can enter.';

CREATE TABLE public.dropped_events (
    restaurant_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    reason text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    count bigint DEFAULT 0 NOT NULL,
    CONSTRAINT dropped_events_count_check CHECK ((count >= 0))
);
COMMENT ON TABLE public.dropped_events IS 'tenant: how many events were dropped as robots, per hour and reason.';

CREATE TABLE public.error_logs (
    id uuid NOT NULL,
    error_type text NOT NULL,
    error_code text,
    error_message text NOT NULL,
    service text,
    restaurant_id uuid,
    user_id uuid,
    stack_trace text,
    request_url text,
    request_method text,
    request_body_hash text,
    browser text,
    os text,
    screen_resolution text,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    occurrence_count bigint DEFAULT 1 NOT NULL,
    status text DEFAULT 'new'::text NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by uuid,
    resolution_notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT error_logs_error_type_check CHECK ((error_type = ANY (ARRAY['javascript'::text, 'api'::text, 'database'::text, 'integration'::text]))),
    CONSTRAINT error_logs_occurrence_count_check CHECK ((occurrence_count > 0)),
    CONSTRAINT error_logs_status_check CHECK ((status = ANY (ARRAY['new'::text, 'investigating'::text, 'resolved'::text, 'ignored'::text])))
);
COMMENT ON TABLE public.error_logs IS 'platform: errors, one row for all times the same one was seen.';

CREATE TABLE public.events (
    restaurant_id uuid NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    page_view_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seq integer,
    time_on_page_ms integer,
    viewport_x integer,
    viewport_y integer,
    page_x integer,
    page_y integer,
    event_name text NOT NULL COLLATE pg_catalog."C",
    event_category text NOT NULL,
    page_url text,
    page_title text,
    element_id text,
    element_class text,
    element_text text,
    event_data jsonb DEFAULT '{}'::jsonb NOT NULL
)
PARTITION BY RANGE ("timestamp");
COMMENT ON TABLE public.events IS 'tenant: everything that happened on a page, once each.';
COMMENT ON COLUMN public.events."timestamp" IS 'The sender''s time. With the sender''s id it is the key, so that a retry is known for the life of the partition.';
COMMENT ON COLUMN public.events.session_id IS 'Its events lie between the session''s started_at and ended_at, so the key finds them.';
COMMENT ON COLUMN public.events.created_at IS 'The server''s time.';
COMMENT ON COLUMN public.events.seq IS 'Number of the event within its page view, from 1; a gap is a lost event.';
COMMENT ON COLUMN public.events.page_title IS 'Of the page_view event, and of events that belong to no page view; for others see the page view.';

CREATE TABLE public.heatmap_events (
    restaurant_id uuid NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    viewport_width integer NOT NULL,
    viewport_height integer NOT NULL,
    x_percent real,
    y_percent real,
    x_px integer,
    y_px integer,
    event_type text NOT NULL,
    page_path text NOT NULL COLLATE pg_catalog."C",
    element_selector text,
    CONSTRAINT heatmap_events_event_type_check CHECK ((event_type = ANY (ARRAY['click'::text, 'move'::text, 'scroll'::text]))),
    CONSTRAINT heatmap_events_page_path_check CHECK ((length(page_path) <= 512)),
    CONSTRAINT heatmap_events_viewport_height_check CHECK ((viewport_height > 0)),
    CONSTRAINT heatmap_events_viewport_width_check CHECK ((viewport_width > 0)),
    CONSTRAINT heatmap_events_x_percent_check CHECK (((x_percent >= (0)::double precision) AND (x_percent <= (1)::double precision))),
    CONSTRAINT heatmap_events_y_percent_check CHECK (((y_percent >= (0)::double precision) AND (y_percent <= (1)::double precision)))
)
PARTITION BY RANGE ("timestamp");
COMMENT ON TABLE public.heatmap_events IS 'tenant: positions of clicks and scrolls, without session or visitor.';
COMMENT ON COLUMN public.heatmap_events.x_percent IS 'Share of the viewport''s width, 0 to 1.';
COMMENT ON COLUMN public.heatmap_events.y_percent IS 'Share of the viewport''s height, 0 to 1.';

CREATE TABLE public.import_errors (
    restaurant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    file text NOT NULL,
    line bigint NOT NULL,
    reason text NOT NULL,
    raw text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.import_errors IS 'tenant: a row that an import could not take, with line, reason and content.';

CREATE TABLE public.imports (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    mapping_name text NOT NULL,
    files jsonb DEFAULT '[]'::jsonb NOT NULL,
    status text DEFAULT 'running'::text NOT NULL,
    rows_read bigint DEFAULT 0 NOT NULL,
    rows_rejected bigint DEFAULT 0 NOT NULL,
    orders_created bigint DEFAULT 0 NOT NULL,
    orders_known bigint DEFAULT 0 NOT NULL,
    first_day date,
    last_day date,
    message text,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    undone_at timestamp with time zone,
    CONSTRAINT imports_kind_check CHECK ((kind = 'orders'::text)),
    CONSTRAINT imports_status_check CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'failed'::text, 'undone'::text])))
);
COMMENT ON TABLE public.imports IS 'tenant: one run of `flow import`; undoing it removes what it made.';
COMMENT ON COLUMN public.imports.message IS 'Why it failed, in words.';

CREATE TABLE public.integration_configs (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    integration_type text NOT NULL,
    integration_name text NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    credentials_encrypted bytea,
    status text DEFAULT 'inactive'::text NOT NULL,
    last_sync_at timestamp with time zone,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    account text,
    tested_at timestamp with time zone,
    connected_by uuid,
    registered_at timestamp with time zone,
    registration_error text,
    CONSTRAINT integration_configs_account_check CHECK (((length(account) >= 1) AND (length(account) <= 200))),
    CONSTRAINT integration_configs_integration_type_check CHECK ((integration_type = ANY (ARRAY['payment'::text, 'accounting'::text, 'sms'::text, 'social'::text, 'delivery'::text]))),
    CONSTRAINT integration_configs_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'error'::text, 'pending_setup'::text])))
);
COMMENT ON TABLE public.integration_configs IS 'tenant: connections to other systems.';
COMMENT ON COLUMN public.integration_configs.credentials_encrypted IS 'Sealed; no person reads it, not even sealed.';
COMMENT ON COLUMN public.integration_configs.account IS 'The provider''s own number of this connection: an account, a merchant''s serial number, a page, a venue, a phone number.';
COMMENT ON COLUMN public.integration_configs.registered_at IS 'When FLOW last found its address for webhooks registered at the other system; null where that is done by hand.';
COMMENT ON COLUMN public.integration_configs.registration_error IS 'Why it could not be registered the last time, in FLOW''s words or as a code; null after success.';

CREATE TABLE public.interactions (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    session_id text,
    user_id text,
    device_type text,
    browser text,
    language text,
    kommun text,
    region text,
    postal_code text,
    income_level text,
    familjesituation text,
    antal_barn integer,
    barn_fodelsear integer[],
    sgi integer,
    plan_startdatum date,
    plan_slutdatum date,
    uttag_dagar_per_vecka integer,
    planerade_dagar_total integer,
    beraknad_ersattning integer,
    semesterperiod boolean,
    sparar_pengar boolean,
    "målsparande" text,
    riskvilja text,
    har_gravidforsakring boolean,
    har_barnforsakring boolean,
    intresserad_av_forsakring boolean,
    bor_med_partner boolean,
    "partner_ar_ledig_också" boolean,
    "fråga" text,
    svar text,
    kategori text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    sentiment_score double precision,
    "språkfel" boolean,
    komplexitet integer,
    relevant_product_categories text[] DEFAULT '{}'::text[] NOT NULL,
    partner_targets text[] DEFAULT '{}'::text[] NOT NULL,
    "köpbeteende_signal" text,
    "kan_få_relevant_annons" boolean DEFAULT false NOT NULL,
    senast_rekommenderad_partner text,
    anonymised_at timestamp with time zone,
    CONSTRAINT interactions_antal_barn_check CHECK ((antal_barn >= 0)),
    CONSTRAINT interactions_beraknad_ersattning_check CHECK ((beraknad_ersattning >= 0)),
    CONSTRAINT interactions_planerade_dagar_total_check CHECK ((planerade_dagar_total >= 0)),
    CONSTRAINT interactions_sentiment_score_check CHECK (((sentiment_score >= ('-1'::integer)::double precision) AND (sentiment_score <= (1)::double precision))),
    CONSTRAINT interactions_sgi_check CHECK ((sgi >= 0)),
    CONSTRAINT interactions_uttag_dagar_per_vecka_check CHECK (((uttag_dagar_per_vecka >= 0) AND (uttag_dagar_per_vecka <= 7)))
);
COMMENT ON TABLE public.interactions IS 'tenant: questions to the adviser, with what the asker told of the family.';
COMMENT ON COLUMN public.interactions.user_id IS 'The visitor''s or user''s id as the channel tells it.';
COMMENT ON COLUMN public.interactions.sgi IS 'Sickness benefit qualifying income, SEK a year.';
COMMENT ON COLUMN public.interactions.beraknad_ersattning IS 'Estimated benefit, SEK a month.';
COMMENT ON COLUMN public.interactions."kan_få_relevant_annons" IS 'False unless the asker consented to relevant offers.';

CREATE TABLE public.invitations (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    token_hash bytea NOT NULL,
    invited_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    accepted_by uuid,
    revoked_at timestamp with time zone,
    CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'manager'::text, 'employee'::text, 'analytics'::text, 'compliance'::text])))
);
COMMENT ON TABLE public.invitations IS 'tenant: people asked by mail to work in a restaurant.';
COMMENT ON COLUMN public.invitations.token_hash IS 'SHA-256 of the secret in the link.';

CREATE TABLE public.invoice_credits (
    restaurant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    number integer NOT NULL,
    amount bigint NOT NULL,
    status text DEFAULT 'claimed'::text NOT NULL,
    draft_number bigint,
    booked_number bigint,
    gross bigint,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invoice_credits_amount_check CHECK ((amount <> 0)),
    CONSTRAINT invoice_credits_booked_number_check CHECK ((booked_number > 0)),
    CONSTRAINT invoice_credits_draft_number_check CHECK ((draft_number > 0)),
    CONSTRAINT invoice_credits_number_check CHECK ((number > 0)),
    CONSTRAINT invoice_credits_reason_check CHECK ((length(reason) <= 300)),
    CONSTRAINT invoice_credits_status_check CHECK ((status = ANY (ARRAY['claimed'::text, 'created'::text, 'differs'::text, 'booked'::text, 'refused'::text])))
);
COMMENT ON TABLE public.invoice_credits IS 'tenant: draft credit notes in the accounting system: what was paid back of an order since the one before.';
COMMENT ON COLUMN public.invoice_credits.number IS 'The credit note among those of its order, from 1.';
COMMENT ON COLUMN public.invoice_credits.amount IS 'What was paid back since the one before, in øre; negative where a refund came back and is charged anew.';
COMMENT ON COLUMN public.invoice_credits.gross IS 'Its total by the accounting system, in øre: negative for a credit note. Another than -amount differs.';

CREATE TABLE public.invoice_customers (
    restaurant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invoice_customers_number_check CHECK ((number > 0))
);
COMMENT ON TABLE public.invoice_customers IS 'tenant: the number that a guest who pays by invoice has in the accounting system.';

CREATE TABLE public.invoice_drafts (
    restaurant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    status text DEFAULT 'claimed'::text NOT NULL,
    draft_number bigint,
    booked_number bigint,
    gross bigint,
    remainder bigint,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invoice_drafts_booked_number_check CHECK ((booked_number > 0)),
    CONSTRAINT invoice_drafts_draft_number_check CHECK ((draft_number > 0)),
    CONSTRAINT invoice_drafts_reason_check CHECK ((length(reason) <= 300)),
    CONSTRAINT invoice_drafts_status_check CHECK ((status = ANY (ARRAY['claimed'::text, 'created'::text, 'differs'::text, 'booked'::text, 'paid'::text, 'refused'::text])))
);
COMMENT ON TABLE public.invoice_drafts IS 'tenant: draft invoices in the accounting system, one per order: claimed first, then made there.';
COMMENT ON COLUMN public.invoice_drafts.gross IS 'The invoice''s total by the accounting system, in øre; another than the order''s differs.';
COMMENT ON COLUMN public.invoice_drafts.remainder IS 'What is unpaid of the booked invoice, in øre.';

CREATE TABLE public.legal_holds (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    ended_by uuid,
    CONSTRAINT legal_holds_check CHECK ((ended_at >= created_at)),
    CONSTRAINT legal_holds_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT legal_holds_subject_check CHECK ((subject ~ '^[0-9a-f]{64}$'::text))
);
COMMENT ON TABLE public.legal_holds IS 'tenant: persons whose rows retention and erasure leave alone, by pseudonym.';
COMMENT ON COLUMN public.legal_holds.subject IS 'Pseudonym of the contact (flow.privacy.subjects); never the contact itself.';
COMMENT ON COLUMN public.legal_holds.reason IS 'The case, without names.';

CREATE TABLE public.loyalty_points (
    restaurant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    points bigint DEFAULT 0 NOT NULL,
    lifetime_points bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT loyalty_points_lifetime_points_check CHECK ((lifetime_points >= 0)),
    CONSTRAINT loyalty_points_points_check CHECK ((points >= 0))
);
COMMENT ON TABLE public.loyalty_points IS 'tenant: a guest''s balance of points; a row makes the guest a member.';

CREATE TABLE public.loyalty_transactions (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    order_id uuid,
    kind text NOT NULL,
    points bigint NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT loyalty_transactions_kind_check CHECK ((kind = ANY (ARRAY['earned'::text, 'redeemed'::text, 'adjusted'::text, 'expired'::text]))),
    CONSTRAINT loyalty_transactions_points_check CHECK ((points <> 0))
);
COMMENT ON TABLE public.loyalty_transactions IS 'tenant: every change of a balance; points is signed.';

CREATE TABLE public.marketing_campaigns (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    channel text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    subject text,
    body text DEFAULT ''::text NOT NULL,
    segment jsonb DEFAULT '{}'::jsonb NOT NULL,
    scheduled_at timestamp with time zone,
    sent_at timestamp with time zone,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT marketing_campaigns_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
    CONSTRAINT marketing_campaigns_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT marketing_campaigns_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'scheduled'::text, 'sending'::text, 'sent'::text, 'cancelled'::text])))
);
COMMENT ON TABLE public.marketing_campaigns IS 'tenant: what is sent to whom and when.';
COMMENT ON COLUMN public.marketing_campaigns.segment IS 'Whom it is for, as a question to the metrics; holds no contacts.';

CREATE TABLE public.messages (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    direction text NOT NULL,
    channel text NOT NULL,
    contact text,
    customer_id uuid,
    order_id uuid,
    conversation_id text,
    subject text,
    body text NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    provider text,
    provider_message_id text,
    consent_id uuid,
    error_code text,
    error_message text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    kind text DEFAULT 'other'::text NOT NULL,
    sent_by uuid,
    keyword text,
    parts smallint,
    attempts smallint DEFAULT 0 NOT NULL,
    sending_since timestamp with time zone,
    withdrawn_at timestamp with time zone,
    CONSTRAINT messages_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT messages_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'instagram_dm'::text, 'facebook_messenger'::text, 'web_chat'::text]))),
    CONSTRAINT messages_direction_check CHECK ((direction = ANY (ARRAY['incoming'::text, 'outgoing'::text]))),
    CONSTRAINT messages_kind_check CHECK ((kind = ANY (ARRAY['guest'::text, 'staff'::text, 'automatic'::text, 'confirmation'::text, 'keyword'::text, 'marketing'::text, 'order'::text, 'elsewhere'::text, 'other'::text]))),
    CONSTRAINT messages_parts_check CHECK ((parts > 0)),
    CONSTRAINT messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'received'::text, 'read'::text])))
);
COMMENT ON TABLE public.messages IS 'tenant: SMS, mails and direct messages, both ways.';
COMMENT ON COLUMN public.messages.contact IS 'Phone number (E.164), e-mail address or the channel''s id of the other side.';
COMMENT ON COLUMN public.messages.consent_id IS 'The consent that an outgoing message relied on, where it needed one.';
COMMENT ON COLUMN public.messages.kind IS 'guest: from a guest; staff: a colleague''s answer; automatic: FLOW''s; elsewhere: written in the channel''s own app.';
COMMENT ON COLUMN public.messages.sent_by IS 'The colleague who wrote it, where somebody did.';
COMMENT ON COLUMN public.messages.keyword IS 'The word that a guest''s message began with, where it is one of the restaurant''s.';
COMMENT ON COLUMN public.messages.parts IS 'Parts that an SMS was sent in; each is paid for.';
COMMENT ON COLUMN public.messages.sending_since IS 'A request to send it may have arrived at a provider that knows no repetition; it is not sent again unless it did not.';
COMMENT ON COLUMN public.messages.withdrawn_at IS 'The guest deleted it at the channel; its text is gone here too.';

CREATE TABLE public.notifications (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid,
    kind text NOT NULL,
    severity text DEFAULT 'info'::text NOT NULL,
    title text NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    link text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    read_at timestamp with time zone,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT notifications_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
);
COMMENT ON TABLE public.notifications IS 'tenant: messages to the restaurant''s people; no user_id means all of them.';
COMMENT ON COLUMN public.notifications.title IS 'English, with %(name)s where a fact belongs; shown in the reader''s language (flow.delivery.notices).';
COMMENT ON COLUMN public.notifications.facts IS 'Numbers and names for title and body; nothing about guests.';

CREATE TABLE public.order_counters (
    restaurant_id uuid NOT NULL,
    last_number bigint DEFAULT 0 NOT NULL
);
COMMENT ON TABLE public.order_counters IS 'tenant: the last order number given, so that numbers have no gaps or doubles.';

CREATE TABLE public.order_items (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    product_id uuid,
    product_name text NOT NULL,
    product_sku text,
    product_category text,
    unit_price bigint NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    line_total bigint NOT NULL,
    discount_amount bigint DEFAULT 0 NOT NULL,
    discount_reason text,
    options jsonb DEFAULT '[]'::jsonb NOT NULL,
    notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT order_items_check CHECK ((line_total = (unit_price * quantity))),
    CONSTRAINT order_items_check1 CHECK (((discount_amount >= 0) AND (discount_amount <= line_total))),
    CONSTRAINT order_items_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT order_items_unit_price_check CHECK ((unit_price >= 0))
);
COMMENT ON TABLE public.order_items IS 'tenant: lines of an order, with the product as it was when ordered.';
COMMENT ON COLUMN public.order_items.unit_price IS 'In øre, options included.';
COMMENT ON COLUMN public.order_items.options IS 'Chosen options as shown to the guest: [{name, value, price_mod}].';
COMMENT ON COLUMN public.order_items.created_at IS 'Same moment as the order''s created_at.';

CREATE TABLE public.order_status_changes (
    restaurant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    from_status text,
    to_status text NOT NULL,
    changed_by uuid,
    reason text,
    refund_amount bigint,
    CONSTRAINT order_status_changes_refund_amount_check CHECK ((refund_amount >= 0))
);
COMMENT ON TABLE public.order_status_changes IS 'tenant: each step of an order through the status machine.';
COMMENT ON COLUMN public.order_status_changes.refund_amount IS 'What went back with this step, in øre; 0 where it was only asked for. Null: no refund, or one before this was kept.';

CREATE TABLE public.outbox_events (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    event_type text NOT NULL,
    object_type text NOT NULL,
    object_id uuid NOT NULL,
    version bigint NOT NULL,
    customer_id uuid,
    data jsonb NOT NULL,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    fanned_out_at timestamp with time zone,
    CONSTRAINT outbox_events_event_type_check CHECK ((event_type ~ '^[a-z_]+(\.[a-z_]+)+$'::text)),
    CONSTRAINT outbox_events_object_type_check CHECK ((object_type = ANY (ARRAY['order'::text, 'payment'::text, 'customer'::text, 'endpoint'::text]))),
    CONSTRAINT outbox_events_version_check CHECK ((version > 0))
);
COMMENT ON TABLE public.outbox_events IS 'tenant: what happened, in the order it happened, for other systems to be told.';
COMMENT ON COLUMN public.outbox_events.version IS 'Grows with each change of the object: a receiver keeps the highest.';
COMMENT ON COLUMN public.outbox_events.customer_id IS 'Whose order it is; other systems are told a pseudonym.';
COMMENT ON COLUMN public.outbox_events.data IS 'The object as it was then: ids, numbers and names of dishes, nobody''s contact.';
ALTER TABLE public.outbox_events ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_events_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.page_view_aggregates (
    restaurant_id uuid NOT NULL,
    page_path text NOT NULL,
    date date NOT NULL,
    views integer DEFAULT 0 NOT NULL,
    visitors integer DEFAULT 0 NOT NULL,
    entries integer DEFAULT 0 NOT NULL,
    exits integer DEFAULT 0 NOT NULL,
    time_on_page_ms bigint DEFAULT 0 NOT NULL,
    timed_views integer DEFAULT 0 NOT NULL,
    scroll_depth_sum bigint DEFAULT 0 NOT NULL,
    clicks integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.page_view_aggregates IS 'tenant: a page''s business day; outlives the page views themselves.';

CREATE TABLE public.page_views (
    restaurant_id uuid NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    exited_at timestamp with time zone,
    time_on_page_ms integer,
    max_scroll_depth_percent smallint,
    clicks_count integer DEFAULT 0 NOT NULL,
    events_received integer DEFAULT 0 NOT NULL,
    max_seq integer DEFAULT 0 NOT NULL,
    page_url text,
    page_path text COLLATE pg_catalog."C",
    page_title text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT page_views_clicks_count_check CHECK ((clicks_count >= 0)),
    CONSTRAINT page_views_max_scroll_depth_percent_check CHECK (((max_scroll_depth_percent >= 0) AND (max_scroll_depth_percent <= 100))),
    CONSTRAINT page_views_page_path_check CHECK ((length(page_path) <= 512)),
    CONSTRAINT page_views_time_on_page_ms_check CHECK ((time_on_page_ms >= 0))
)
PARTITION BY RANGE (entered_at);
COMMENT ON TABLE public.page_views IS 'tenant: one row per page load, derived from its events.';
COMMENT ON COLUMN public.page_views.entered_at IS 'The time within the page view''s own UUIDv7.';
COMMENT ON COLUMN public.page_views.events_received IS 'With max_seq the measured capture rate: received / sent.';
COMMENT ON COLUMN public.page_views.page_path IS 'Null until the page_view event itself has arrived.';

CREATE TABLE public.payment_refunds (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    amount bigint NOT NULL,
    status text DEFAULT 'requested'::text NOT NULL,
    provider_refund_id text,
    reason text,
    requested_by uuid,
    failure_code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payment_refunds_amount_check CHECK ((amount > 0)),
    CONSTRAINT payment_refunds_failure_code_check CHECK (((length(failure_code) >= 1) AND (length(failure_code) <= 100))),
    CONSTRAINT payment_refunds_provider_refund_id_check CHECK (((length(provider_refund_id) >= 1) AND (length(provider_refund_id) <= 200))),
    CONSTRAINT payment_refunds_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'pending'::text, 'succeeded'::text, 'failed'::text])))
);
COMMENT ON TABLE public.payment_refunds IS 'tenant: refunds through a provider, those of FLOW and those made elsewhere. Bookkeeping: never deleted by code.';
COMMENT ON COLUMN public.payment_refunds.status IS 'requested: to be carried out; pending: at the provider; failed: came back, even after it had succeeded.';

CREATE TABLE public.payments (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency character(3) DEFAULT 'DKK'::bpchar NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    provider text NOT NULL,
    provider_transaction_id text,
    provider_response jsonb,
    card_last_four character(4),
    card_brand text,
    refunded_amount bigint DEFAULT 0 NOT NULL,
    refund_reason text,
    initiated_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    failed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    captured_amount bigint DEFAULT 0 NOT NULL,
    refunding_amount bigint DEFAULT 0 NOT NULL,
    reported_refunded bigint DEFAULT 0 NOT NULL,
    dispute text,
    authorized_at timestamp with time zone,
    told_at timestamp with time zone,
    checkout_id text,
    checkout_url text,
    next_look_at timestamp with time zone,
    CONSTRAINT payments_amount_check CHECK ((amount >= 0)),
    CONSTRAINT payments_card_last_four_check CHECK ((card_last_four ~ '^[0-9]{4}$'::text)),
    CONSTRAINT payments_check CHECK (((refunded_amount >= 0) AND (refunded_amount <= amount))),
    CONSTRAINT payments_check1 CHECK (((captured_amount >= 0) AND (captured_amount <= amount))),
    CONSTRAINT payments_checkout_id_check CHECK (((length(checkout_id) >= 1) AND (length(checkout_id) <= 200))),
    CONSTRAINT payments_checkout_url_check CHECK (((length(checkout_url) >= 1) AND (length(checkout_url) <= 2000))),
    CONSTRAINT payments_dispute_check CHECK ((dispute = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text]))),
    CONSTRAINT payments_provider_check CHECK ((provider = ANY (ARRAY['stripe'::text, 'mobilepay'::text, 'cash'::text, 'invoice'::text, 'external'::text, 'simulated'::text]))),
    CONSTRAINT payments_refunding_amount_check CHECK ((refunding_amount >= 0)),
    CONSTRAINT payments_reported_refunded_check CHECK ((reported_refunded >= 0)),
    CONSTRAINT payments_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'authorized'::text, 'completed'::text, 'partially_refunded'::text, 'refunded'::text, 'disputed'::text, 'failed'::text, 'cancelled'::text, 'expired'::text])))
);
COMMENT ON TABLE public.payments IS 'tenant: payments of an order. Bookkeeping: never deleted by code.';
COMMENT ON COLUMN public.payments.provider_response IS 'What the provider answered, without personal data or secrets.';
COMMENT ON COLUMN public.payments.captured_amount IS 'What Stripe or MobilePay has taken; other payments leave it 0.';
COMMENT ON COLUMN public.payments.refunding_amount IS 'What is asked of the provider to be paid back, and is not yet.';
COMMENT ON COLUMN public.payments.reported_refunded IS 'The most that the provider ever said was paid back in all.';
COMMENT ON COLUMN public.payments.told_at IS 'The provider''s time of what the status stems from.';
COMMENT ON COLUMN public.payments.checkout_id IS 'The provider''s number of the page on which the guest pays.';
COMMENT ON COLUMN public.payments.next_look_at IS 'When to ask the provider how the payment is, should it not tell.';

CREATE TABLE public.privacy_request_steps (
    request_id uuid NOT NULL,
    "position" integer NOT NULL,
    table_name text NOT NULL,
    rule text NOT NULL,
    rows_found bigint DEFAULT 0 NOT NULL,
    rows_changed bigint DEFAULT 0 NOT NULL,
    rows_deleted bigint DEFAULT 0 NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT privacy_request_steps_rows_changed_check CHECK ((rows_changed >= 0)),
    CONSTRAINT privacy_request_steps_rows_deleted_check CHECK ((rows_deleted >= 0)),
    CONSTRAINT privacy_request_steps_rows_found_check CHECK ((rows_found >= 0))
);
COMMENT ON TABLE public.privacy_request_steps IS 'platform: how far a request is: a row per table and rule, counted in the transaction of each batch, so that a killed job goes on.';

CREATE TABLE public.privacy_requests (
    id uuid NOT NULL,
    restaurant_id uuid,
    kind text NOT NULL,
    status text DEFAULT 'received'::text NOT NULL,
    subject text NOT NULL,
    subject_hint text,
    sealed bytea,
    user_id uuid,
    identity_method text,
    identity_note text,
    identity_checked_by uuid,
    identity_checked_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    extended_reason text,
    extended_at timestamp with time zone,
    reminded smallint DEFAULT 0 NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    decision_reason text,
    outcome jsonb,
    file_name text,
    file_expires_at timestamp with time zone,
    completed_at timestamp with time zone,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT privacy_requests_check CHECK ((due_at > received_at)),
    CONSTRAINT privacy_requests_check1 CHECK (((extended_at IS NULL) = (extended_reason IS NULL))),
    CONSTRAINT privacy_requests_check2 CHECK (((identity_checked_at IS NULL) = (identity_method IS NULL))),
    CONSTRAINT privacy_requests_identity_method_check CHECK ((identity_method = ANY (ARRAY['logged_in'::text, 'code_to_contact'::text, 'document'::text, 'in_person'::text, 'known_order'::text, 'other'::text]))),
    CONSTRAINT privacy_requests_kind_check CHECK ((kind = ANY (ARRAY['access'::text, 'portability'::text, 'erasure'::text, 'restriction'::text, 'objection'::text, 'offboarding'::text]))),
    CONSTRAINT privacy_requests_reminded_check CHECK (((reminded >= 0) AND (reminded <= 3))),
    CONSTRAINT privacy_requests_status_check CHECK ((status = ANY (ARRAY['received'::text, 'running'::text, 'completed'::text, 'refused'::text, 'held'::text, 'failed'::text])))
);
COMMENT ON TABLE public.privacy_requests IS 'platform: what persons asked of a restaurant or of FLOW: access, erasure, restriction; with its clock.';
COMMENT ON COLUMN public.privacy_requests.subject IS 'Pseudonym of the person; of a restaurant when it is offboarded, its id.';
COMMENT ON COLUMN public.privacy_requests.subject_hint IS 'The contact with most of it hidden, to tell requests apart; gone once erased.';
COMMENT ON COLUMN public.privacy_requests.sealed IS 'The contacts, sealed in the context privacy_request:<id>; wiped when the request is closed.';
COMMENT ON COLUMN public.privacy_requests.user_id IS 'The account, where the person has one; null once erased.';
COMMENT ON COLUMN public.privacy_requests.due_at IS '30 days after it was received; may be extended once, with a reason (Art. 12(3)).';
COMMENT ON COLUMN public.privacy_requests.reminded IS 'Reminders sent: 1 a week before, 2 the day before, 3 overdue.';
COMMENT ON COLUMN public.privacy_requests.outcome IS 'Counts per table and rule; no personal data.';

CREATE TABLE public.privacy_restrictions (
    id uuid NOT NULL,
    restaurant_id uuid,
    subject text NOT NULL,
    kind text NOT NULL,
    request_id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT privacy_restrictions_check CHECK ((ended_at >= since)),
    CONSTRAINT privacy_restrictions_kind_check CHECK ((kind = ANY (ARRAY['restriction'::text, 'objection'::text]))),
    CONSTRAINT privacy_restrictions_subject_check CHECK ((subject ~ '^[0-9a-f]{64}$'::text))
);
COMMENT ON TABLE public.privacy_restrictions IS 'platform: persons whose data are stored and otherwise left alone (Art. 18), or not used for marketing and profiling (Art. 21).';

CREATE TABLE public.privacy_tombstones (
    id uuid NOT NULL,
    restaurant_id uuid,
    subject text NOT NULL,
    request_id uuid NOT NULL,
    erased_at timestamp with time zone NOT NULL,
    CONSTRAINT privacy_tombstones_subject_check CHECK ((subject ~ '^[0-9a-f]{64}$'::text))
);
COMMENT ON TABLE public.privacy_tombstones IS 'platform: pseudonyms of those who were erased, so that an old backup or a late import does not bring them back.';
COMMENT ON COLUMN public.privacy_tombstones.restaurant_id IS 'Null: erased everywhere.';
COMMENT ON COLUMN public.privacy_tombstones.erased_at IS 'What happened before is not to come back; what the person does later is theirs to do.';

CREATE TABLE public.product_analytics (
    restaurant_id uuid NOT NULL,
    product_id uuid NOT NULL,
    date date NOT NULL,
    units_sold integer DEFAULT 0 NOT NULL,
    revenue bigint DEFAULT 0 NOT NULL,
    orders_containing integer DEFAULT 0 NOT NULL,
    avg_order_quantity numeric(8,2),
    units_sold_prev integer,
    revenue_prev bigint,
    menu_views integer DEFAULT 0 NOT NULL,
    add_to_cart integer DEFAULT 0 NOT NULL,
    removed_from_cart integer DEFAULT 0 NOT NULL,
    view_to_cart_rate numeric(9,4),
    cart_to_purchase_rate numeric(9,4),
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.product_analytics IS 'tenant: a product''s business day. *_prev: same weekday of the week before.';
COMMENT ON COLUMN public.product_analytics.revenue IS 'Line totals in øre less the lines'' own discounts.';
COMMENT ON COLUMN public.product_analytics.menu_views IS 'Nothing sends views of a single product yet: 0.';
COMMENT ON COLUMN public.product_analytics.add_to_cart IS 'Events checkout_item_added.';

CREATE TABLE public.product_option_groups (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    name text NOT NULL,
    min_choices smallint DEFAULT 0 NOT NULL,
    max_choices smallint DEFAULT 1 NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    CONSTRAINT product_option_groups_check CHECK ((max_choices >= min_choices)),
    CONSTRAINT product_option_groups_min_choices_check CHECK ((min_choices >= 0)),
    CONSTRAINT product_option_groups_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
COMMENT ON TABLE public.product_option_groups IS 'tenant: a choice that belongs to a product, such as size or extras.';

CREATE TABLE public.product_options (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    name text NOT NULL,
    price_mod bigint DEFAULT 0 NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    is_available boolean DEFAULT true NOT NULL,
    CONSTRAINT product_options_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
COMMENT ON TABLE public.product_options IS 'tenant: one choice in a group; price_mod is added to the price, in øre.';

CREATE TABLE public.product_prices (
    restaurant_id uuid NOT NULL,
    product_id uuid NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    price bigint NOT NULL,
    currency character(3) DEFAULT 'DKK'::bpchar NOT NULL,
    changed_by uuid,
    CONSTRAINT product_prices_price_check CHECK ((price >= 0))
);
COMMENT ON TABLE public.product_prices IS 'tenant: price history; a row per change, valid until the next.';

CREATE TABLE public.products (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    category text DEFAULT ''::text NOT NULL,
    sku text,
    price bigint NOT NULL,
    currency character(3) DEFAULT 'DKK'::bpchar NOT NULL,
    allergens text[] DEFAULT '{}'::text[] NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    is_available boolean DEFAULT true NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    import_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT products_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT products_price_check CHECK ((price >= 0))
);
COMMENT ON TABLE public.products IS 'tenant: the menu. A product is retired (is_active), never deleted: orders refer to it.';
COMMENT ON COLUMN public.products.price IS 'In øre, VAT included.';
COMMENT ON COLUMN public.products.is_available IS 'False while sold out.';
COMMENT ON COLUMN public.products.import_id IS 'The import that added the product; undoing it retires the product.';

CREATE TABLE public.provider_calls (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    provider text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    arguments jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    locked_until timestamp with time zone,
    last_error text,
    result jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT provider_calls_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT provider_calls_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
    CONSTRAINT provider_calls_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 60))),
    CONSTRAINT provider_calls_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 40))),
    CONSTRAINT provider_calls_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'done'::text, 'dropped'::text, 'failed'::text])))
);
COMMENT ON TABLE public.provider_calls IS 'tenant: what FLOW is to do, and did, at other systems, each effect once.';
COMMENT ON COLUMN public.provider_calls.arguments IS 'Ids and numbers; contacts and texts stay in their own tables.';

CREATE TABLE public.provider_differences (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    provider text NOT NULL,
    kind text NOT NULL,
    object_id text NOT NULL,
    field text NOT NULL,
    ours text,
    theirs text,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT provider_differences_field_check CHECK (((length(field) >= 1) AND (length(field) <= 60))),
    CONSTRAINT provider_differences_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 60))),
    CONSTRAINT provider_differences_object_id_check CHECK (((length(object_id) >= 1) AND (length(object_id) <= 200))),
    CONSTRAINT provider_differences_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 40)))
);
COMMENT ON TABLE public.provider_differences IS 'tenant: where a provider and FLOW say different things about the same payment, order or invoice.';
COMMENT ON COLUMN public.provider_differences.object_id IS 'The provider''s number of the thing, else our id.';
COMMENT ON COLUMN public.provider_differences.settled_at IS 'When both said the same again.';

CREATE TABLE public.rejected_events (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    event_name text,
    raw text NOT NULL,
    context jsonb DEFAULT '{}'::jsonb NOT NULL,
    replayed_at timestamp with time zone,
    replay_outcome text,
    CONSTRAINT rejected_events_replay_outcome_check CHECK ((replay_outcome = ANY (ARRAY['accepted'::text, 'duplicate'::text, 'rejected'::text])))
);
COMMENT ON TABLE public.rejected_events IS 'tenant: the quarantine; what was refused, why, and its raw body, to be replayed after a fix.';
COMMENT ON COLUMN public.rejected_events.context IS 'What replaying needs of the batch: visitor, session, device. No address.';

CREATE TABLE public.restaurants (
    id uuid NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    cvr text,
    email text,
    phone text,
    address text,
    postal_code text,
    city text,
    country_code character(2) DEFAULT 'DK'::bpchar NOT NULL,
    currency character(3) DEFAULT 'DKK'::bpchar NOT NULL,
    time_zone text DEFAULT 'Europe/Copenhagen'::text NOT NULL,
    business_day_cutoff_hour smallint DEFAULT 4 NOT NULL,
    language text DEFAULT 'da'::text NOT NULL,
    event_namespace text NOT NULL,
    vat_rate_percent numeric(5,2) DEFAULT 25 NOT NULL,
    delivery_fee bigint DEFAULT 0 NOT NULL,
    free_delivery_from bigint,
    minimum_order bigint DEFAULT 0 NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    is_simulated boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    financial_year_first_month smallint DEFAULT 1 NOT NULL,
    offboarded_at timestamp with time zone,
    CONSTRAINT restaurants_business_day_cutoff_hour_check CHECK (((business_day_cutoff_hour >= 0) AND (business_day_cutoff_hour <= 12))),
    CONSTRAINT restaurants_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT restaurants_cvr_check CHECK ((cvr ~ '^[0-9A-Z]{6,14}$'::text)),
    CONSTRAINT restaurants_delivery_fee_check CHECK ((delivery_fee >= 0)),
    CONSTRAINT restaurants_event_namespace_check CHECK ((event_namespace ~ '^[a-z][a-z0-9_]{1,30}$'::text)),
    CONSTRAINT restaurants_financial_year_first_month_check CHECK (((financial_year_first_month >= 1) AND (financial_year_first_month <= 12))),
    CONSTRAINT restaurants_free_delivery_from_check CHECK ((free_delivery_from >= 0)),
    CONSTRAINT restaurants_language_check CHECK ((language = ANY (ARRAY['da'::text, 'sv'::text, 'en'::text]))),
    CONSTRAINT restaurants_minimum_order_check CHECK ((minimum_order >= 0)),
    CONSTRAINT restaurants_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT restaurants_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT restaurants_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'closed'::text]))),
    CONSTRAINT restaurants_vat_rate_percent_check CHECK (((vat_rate_percent >= (0)::numeric) AND (vat_rate_percent <= (100)::numeric)))
);
COMMENT ON TABLE public.restaurants IS 'shared: a business that uses FLOW; the tenant.';
COMMENT ON COLUMN public.restaurants.business_day_cutoff_hour IS 'Local hour at which a new business day begins.';
COMMENT ON COLUMN public.restaurants.event_namespace IS 'Prefix of the restaurant''s own event names.';
COMMENT ON COLUMN public.restaurants.delivery_fee IS 'In øre.';
COMMENT ON COLUMN public.restaurants.free_delivery_from IS 'Order subtotal in øre from which delivery is free.';
COMMENT ON COLUMN public.restaurants.minimum_order IS 'Smallest subtotal in øre for a delivery.';
COMMENT ON COLUMN public.restaurants.is_simulated IS 'Data of this restaurant are made up; every page says so.';
COMMENT ON COLUMN public.restaurants.financial_year_first_month IS 'First month of the financial year; bookkeeping is kept until five years after the end of it.';
COMMENT ON COLUMN public.restaurants.offboarded_at IS 'When the restaurant left: its bookkeeping is kept without persons, all else is gone.';

CREATE TABLE public.sessions (
    restaurant_id uuid NOT NULL,
    session_id uuid NOT NULL,
    visitor_id uuid NOT NULL,
    is_consented boolean DEFAULT false NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    duration_seconds integer GENERATED ALWAYS AS ((EXTRACT(epoch FROM (ended_at - started_at)))::integer) STORED,
    device_type text,
    browser text,
    os text,
    screen_resolution text,
    language text,
    channel text DEFAULT 'direct'::text NOT NULL,
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
    page_views integer DEFAULT 0 NOT NULL,
    events_count integer DEFAULT 0 NOT NULL,
    interactions integer DEFAULT 0 NOT NULL,
    orders_created integer DEFAULT 0 NOT NULL,
    is_bounce boolean GENERATED ALWAYS AS (((page_views <= 1) AND (interactions = 0))) STORED,
    country_code character(2),
    region text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sessions_check CHECK ((ended_at >= started_at)),
    CONSTRAINT sessions_events_count_check CHECK ((events_count >= 0)),
    CONSTRAINT sessions_interactions_check CHECK ((interactions >= 0)),
    CONSTRAINT sessions_orders_created_check CHECK ((orders_created >= 0)),
    CONSTRAINT sessions_page_views_check CHECK ((page_views >= 0))
);
COMMENT ON TABLE public.sessions IS 'tenant: visits; 30 minutes of silence end one. No IP address is kept.';
COMMENT ON COLUMN public.sessions.visitor_id IS 'Cookieless: an id that changes every day. After consent: the lasting id.';
COMMENT ON COLUMN public.sessions.interactions IS 'Events in which the visitor did something: clicks, forms, cart, own events.';
COMMENT ON COLUMN public.sessions.is_bounce IS 'One page view at most and no interaction.';

CREATE TABLE public.site_keys (
    restaurant_id uuid NOT NULL,
    key text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    allowed_origins text[] DEFAULT '{}'::text[] NOT NULL,
    events_per_minute integer DEFAULT 60000 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT site_keys_events_per_minute_check CHECK ((events_per_minute > 0)),
    CONSTRAINT site_keys_key_check CHECK ((key ~ '^fk_[A-Za-z0-9_-]{16,64}$'::text))
);
COMMENT ON TABLE public.site_keys IS 'tenant: public keys with which pages send events.';
COMMENT ON COLUMN public.site_keys.allowed_origins IS 'Origins (https://host) whose pages may use the key; empty allows any.';

CREATE TABLE public.spent_forms (
    restaurant_id uuid NOT NULL,
    form uuid NOT NULL,
    spent_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.spent_forms IS 'tenant: which forms were sent with which contents; the same once more is a double click.';
COMMENT ON COLUMN public.spent_forms.form IS 'Made of the form''s own number, drawn when it was shown, and what was filled in.';

CREATE TABLE public.stale_days (
    restaurant_id uuid NOT NULL,
    date date NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    reason text NOT NULL,
    marked_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.stale_days IS 'tenant: marks of business days whose roll-up must be made anew. Who changes a day''s rows inserts a mark (restaurant_id, date, reason) in the same transaction, without ON CONFLICT: marks never wait for each other or for the roll-up, and none is lost.';

CREATE TABLE public.system_logs (
    id uuid NOT NULL,
    log_level text NOT NULL,
    log_category text NOT NULL,
    service text,
    function_name text,
    restaurant_id uuid,
    user_id uuid,
    message text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    stack_trace text,
    request_id text,
    ip_address inet,
    user_agent text,
    duration_ms integer,
    memory_mb integer,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT system_logs_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT system_logs_log_category_check CHECK ((log_category = ANY (ARRAY['performance'::text, 'security'::text, 'business'::text, 'integration'::text, 'maintenance'::text]))),
    CONSTRAINT system_logs_log_level_check CHECK ((log_level = ANY (ARRAY['debug'::text, 'info'::text, 'warn'::text, 'error'::text, 'critical'::text]))),
    CONSTRAINT system_logs_memory_mb_check CHECK ((memory_mb >= 0))
);
COMMENT ON TABLE public.system_logs IS 'platform: what the system did, for those who run it.';

CREATE TABLE public.user_2fa_settings (
    user_id uuid NOT NULL,
    method text DEFAULT 'totp'::text NOT NULL,
    secret_sealed bytea NOT NULL,
    enabled_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL,
    failed_attempts integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_2fa_settings_failed_attempts_check CHECK ((failed_attempts >= 0)),
    CONSTRAINT user_2fa_settings_method_check CHECK ((method = 'totp'::text))
);
COMMENT ON TABLE public.user_2fa_settings IS 'shared: a user''s second factor; in force from enabled_at on.';
COMMENT ON COLUMN public.user_2fa_settings.secret_sealed IS 'Sealed by the secret box in the context totp:<user id>.';
COMMENT ON COLUMN public.user_2fa_settings.last_step IS 'Time step (RFC 6238) of the last code used; no code of it or before counts again.';

CREATE TABLE public.user_consents (
    id uuid NOT NULL,
    number bigint NOT NULL,
    restaurant_id uuid,
    user_id uuid,
    subject text NOT NULL,
    consent_type text NOT NULL,
    channel text NOT NULL,
    granted boolean NOT NULL,
    status text DEFAULT 'confirmed'::text NOT NULL,
    confirms uuid,
    consent_version text NOT NULL,
    consent_text text NOT NULL,
    language text,
    collection_method text NOT NULL,
    recorded_by uuid,
    ip_address inet,
    user_agent text,
    expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT a_guest_confirms_marketing CHECK (((NOT granted) OR (consent_type <> 'marketing'::text) OR (status = 'pending'::text) OR (user_id IS NOT NULL) OR (confirms IS NOT NULL) OR (collection_method = 'preference_page'::text))),
    CONSTRAINT user_consents_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'phone'::text, 'web'::text]))),
    CONSTRAINT user_consents_collection_method_check CHECK ((collection_method = ANY (ARRAY['signup_form'::text, 'checkout'::text, 'cookie_banner'::text, 'settings_page'::text, 'preference_page'::text, 'confirmation'::text, 'unsubscribe'::text, 'staff'::text, 'sms_reply'::text, 'import'::text]))),
    CONSTRAINT user_consents_consent_text_check CHECK (((length(consent_text) >= 1) AND (length(consent_text) <= 4000))),
    CONSTRAINT user_consents_consent_type_check CHECK ((consent_type = ANY (ARRAY['marketing'::text, 'analytics'::text, 'cookies'::text, 'terms'::text, 'privacy'::text]))),
    CONSTRAINT user_consents_consent_version_check CHECK (((length(consent_version) >= 1) AND (length(consent_version) <= 60))),
    CONSTRAINT user_consents_language_check CHECK ((language = ANY (ARRAY['da'::text, 'sv'::text, 'en'::text]))),
    CONSTRAINT user_consents_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'confirmed'::text]))),
    CONSTRAINT user_consents_subject_check CHECK ((subject ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT user_consents_user_agent_check CHECK ((length(user_agent) <= 400)),
    CONSTRAINT withdrawing_needs_no_confirmation CHECK ((granted OR (status = 'confirmed'::text)))
);
COMMENT ON TABLE public.user_consents IS 'platform: evidence of consents given and withdrawn; append-only.';
COMMENT ON COLUMN public.user_consents.number IS 'Order in which rows were recorded: decides which is the latest, whatever the clocks of the servers say.';
COMMENT ON COLUMN public.user_consents.restaurant_id IS 'The controller; null is FLOW itself.';
COMMENT ON COLUMN public.user_consents.subject IS 'Pseudonym of a guest''s contact, a visitor''s lasting id or a user''s id (flow.privacy.subjects).';
COMMENT ON COLUMN public.user_consents.status IS 'pending: typed by somebody, counts for nothing until confirmed.';
COMMENT ON COLUMN public.user_consents.confirms IS 'The pending row that this one confirms.';
COMMENT ON COLUMN public.user_consents.consent_text IS 'The whole text as it was shown.';
COMMENT ON COLUMN public.user_consents.recorded_by IS 'The colleague who recorded it, where somebody did.';
COMMENT ON COLUMN public.user_consents.ip_address IS 'Network the answer came from: the address without its last part.';
ALTER TABLE public.user_consents ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.user_consents_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.user_restaurant_access (
    restaurant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    CONSTRAINT user_restaurant_access_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'manager'::text, 'employee'::text, 'analytics'::text, 'support'::text, 'compliance'::text])))
);
COMMENT ON TABLE public.user_restaurant_access IS 'shared: which role a user has in which restaurant.';

CREATE TABLE public.user_roles (
    user_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    CONSTRAINT user_roles_role_check CHECK ((role = ANY (ARRAY['super_admin'::text, 'support'::text, 'compliance'::text])))
);
COMMENT ON TABLE public.user_roles IS 'shared: roles on the whole platform.';

CREATE TABLE public.webhook_attempts (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    attempted_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    status_code integer,
    error text,
    answer text,
    CONSTRAINT webhook_attempts_answer_check CHECK ((length(answer) <= 500)),
    CONSTRAINT webhook_attempts_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT webhook_attempts_error_check CHECK ((length(error) <= 200))
);
COMMENT ON TABLE public.webhook_attempts IS 'tenant: each try to deliver, what was answered and how long it took.';
COMMENT ON COLUMN public.webhook_attempts.answer IS 'The beginning of what the endpoint answered to a try that failed.';

CREATE TABLE public.webhook_deliveries (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    object_id uuid NOT NULL,
    sequence bigint NOT NULL,
    body text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    locked_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    wanted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhook_deliveries_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text])))
);
COMMENT ON TABLE public.webhook_deliveries IS 'tenant: one event for one endpoint, once each, with the very bytes that are sent.';
COMMENT ON COLUMN public.webhook_deliveries.wanted_at IS 'When it was to be told: the moment of the event, or of the wish to be told again.';

CREATE TABLE public.webhook_endpoints (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    event_types text[] NOT NULL,
    payload text DEFAULT 'full'::text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    disabled_reason text,
    secrets_sealed bytea NOT NULL,
    public_key text NOT NULL,
    consecutive_failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    paused_until timestamp with time zone,
    due_at timestamp with time zone,
    last_success_at timestamp with time zone,
    last_failure_at timestamp with time zone,
    last_error text,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    creation_key text,
    CONSTRAINT webhook_endpoints_consecutive_failures_check CHECK ((consecutive_failures >= 0)),
    CONSTRAINT webhook_endpoints_creation_key_check CHECK (((length(creation_key) >= 1) AND (length(creation_key) <= 200))),
    CONSTRAINT webhook_endpoints_description_check CHECK ((length(description) <= 200)),
    CONSTRAINT webhook_endpoints_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['gone'::text, 'failing'::text]))),
    CONSTRAINT webhook_endpoints_event_types_check CHECK (((cardinality(event_types) >= 1) AND (cardinality(event_types) <= 50))),
    CONSTRAINT webhook_endpoints_payload_check CHECK ((payload = ANY (ARRAY['full'::text, 'thin'::text]))),
    CONSTRAINT webhook_endpoints_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'disabled'::text, 'removed'::text]))),
    CONSTRAINT webhook_endpoints_url_check CHECK (((length(url) >= 8) AND (length(url) <= 2000)))
);
COMMENT ON TABLE public.webhook_endpoints IS 'tenant: addresses of other systems that are told what happens.';
COMMENT ON COLUMN public.webhook_endpoints.secrets_sealed IS 'What messages are signed with, old and new, sealed.';
COMMENT ON COLUMN public.webhook_endpoints.paused_until IS 'Nothing is sent before: it failed, or asked to wait.';
COMMENT ON COLUMN public.webhook_endpoints.due_at IS 'When there is next something to send; none while nothing waits.';
COMMENT ON COLUMN public.webhook_endpoints.creation_key IS 'The Idempotency-Key with which a program set it up.';

CREATE TABLE public.webhook_inbox (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    provider text NOT NULL,
    dedupe_key text NOT NULL,
    event_type text NOT NULL,
    payload_sealed bytea,
    subject text,
    status text DEFAULT 'received'::text NOT NULL,
    reason text,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    processed_at timestamp with time zone,
    CONSTRAINT webhook_inbox_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT webhook_inbox_dedupe_key_check CHECK (((length(dedupe_key) >= 1) AND (length(dedupe_key) <= 400))),
    CONSTRAINT webhook_inbox_event_type_check CHECK (((length(event_type) >= 1) AND (length(event_type) <= 100))),
    CONSTRAINT webhook_inbox_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 40))),
    CONSTRAINT webhook_inbox_status_check CHECK ((status = ANY (ARRAY['received'::text, 'done'::text, 'ignored'::text, 'parked'::text]))),
    CONSTRAINT webhook_inbox_subject_check CHECK ((subject ~ '^[0-9a-f]{64}$'::text))
);
COMMENT ON TABLE public.webhook_inbox IS 'tenant: what providers told FLOW, once each, kept until it was applied and a month after.';
COMMENT ON COLUMN public.webhook_inbox.payload_sealed IS 'The provider''s own words, sealed: they hold names and messages.';
COMMENT ON COLUMN public.webhook_inbox.subject IS 'Pseudonym of the person it is about, where the payload names one.';
COMMENT ON COLUMN public.webhook_inbox.reason IS 'Why it was ignored or parked, without personal data.';

CREATE TABLE public.webhook_logs (
    restaurant_id uuid NOT NULL,
    id uuid NOT NULL,
    webhook_type text NOT NULL,
    webhook_name text NOT NULL,
    method text,
    url text,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    request_body jsonb,
    response_status integer,
    response_body jsonb,
    response_time_ms integer,
    status text NOT NULL,
    error_message text,
    retry_count integer DEFAULT 0 NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    processed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhook_logs_response_time_ms_check CHECK ((response_time_ms >= 0)),
    CONSTRAINT webhook_logs_retry_count_check CHECK ((retry_count >= 0)),
    CONSTRAINT webhook_logs_status_check CHECK ((status = ANY (ARRAY['success'::text, 'failed'::text, 'timeout'::text, 'retrying'::text]))),
    CONSTRAINT webhook_logs_webhook_type_check CHECK ((webhook_type = ANY (ARRAY['incoming'::text, 'outgoing'::text])))
);
COMMENT ON TABLE public.webhook_logs IS 'tenant: webhooks in and out, redacted.';

CREATE TABLE public.webhook_refusals (
    restaurant_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    provider text NOT NULL,
    reason text NOT NULL,
    deliveries bigint NOT NULL,
    CONSTRAINT webhook_refusals_deliveries_check CHECK ((deliveries > 0)),
    CONSTRAINT webhook_refusals_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 40))),
    CONSTRAINT webhook_refusals_reason_check CHECK ((reason = ANY (ARRAY['bad_signature'::text, 'greeting_refused'::text])))
);
COMMENT ON TABLE public.webhook_refusals IS 'tenant: deliveries in the name of a connected system that were refused, counted by hour.';
COMMENT ON COLUMN public.webhook_refusals.hour IS 'The beginning of the hour, UTC.';

CREATE TABLE public.wolt_orders (
    restaurant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    wolt_number text,
    kind text NOT NULL,
    delivery_type text NOT NULL,
    is_carried_by_us boolean DEFAULT false NOT NULL,
    wolt_status text NOT NULL,
    seen_status text NOT NULL,
    accept_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT wolt_orders_delivery_type_check CHECK (((length(delivery_type) >= 1) AND (length(delivery_type) <= 40))),
    CONSTRAINT wolt_orders_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 40))),
    CONSTRAINT wolt_orders_wolt_number_check CHECK ((length(wolt_number) <= 40)),
    CONSTRAINT wolt_orders_wolt_status_check CHECK (((length(wolt_status) >= 1) AND (length(wolt_status) <= 40)))
);
COMMENT ON TABLE public.wolt_orders IS 'tenant: what Wolt says of orders made there, and what it was told of them.';
COMMENT ON COLUMN public.wolt_orders.wolt_number IS 'The number on Wolt''s own screen and the courier''s phone; it repeats from day to day.';
COMMENT ON COLUMN public.wolt_orders.kind IS 'instant or preorder, in Wolt''s words, which may grow.';
COMMENT ON COLUMN public.wolt_orders.is_carried_by_us IS 'The guest fetches it or the restaurant carries it: then Wolt is told when it is delivered.';
COMMENT ON COLUMN public.wolt_orders.wolt_status IS 'The furthest order_status that Wolt has told.';
COMMENT ON COLUMN public.wolt_orders.seen_status IS 'The order''s status when last compared with Wolt''s; another one is news for Wolt.';
COMMENT ON COLUMN public.wolt_orders.accept_until IS 'When Wolt gives an order up that nobody accepts; null once it was decided.';
ALTER TABLE ONLY app.audit_chain
    ADD CONSTRAINT audit_chain_entry_id_key UNIQUE (entry_id);
ALTER TABLE ONLY app.audit_chain
    ADD CONSTRAINT audit_chain_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY app.audit_checkpoints
    ADD CONSTRAINT audit_checkpoints_pkey PRIMARY KEY (seq, key_id);
ALTER TABLE ONLY app.audit_expiries
    ADD CONSTRAINT audit_expiries_pkey PRIMARY KEY (through_seq);
ALTER TABLE ONLY app.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (is_only);
ALTER TABLE ONLY app.login_failures
    ADD CONSTRAINT login_failures_pkey PRIMARY KEY (email_hash);
ALTER TABLE ONLY app.login_sessions
    ADD CONSTRAINT login_sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY app.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (id);
ALTER TABLE ONLY app.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (id);
ALTER TABLE ONLY app.privacy_request_keys
    ADD CONSTRAINT privacy_request_keys_pkey PRIMARY KEY (request_id, kind, key);
ALTER TABLE ONLY app.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, slot);
ALTER TABLE ONLY app.retention_tallies
    ADD CONSTRAINT retention_tallies_pkey PRIMARY KEY (table_name, restaurant_id);
ALTER TABLE ONLY app.role_permissions
    ADD CONSTRAINT role_permissions_pkey PRIMARY KEY (role, permission);
ALTER TABLE ONLY app.user_credentials
    ADD CONSTRAINT user_credentials_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY app.visitor_salts
    ADD CONSTRAINT visitor_salts_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.ai_conversations
    ADD CONSTRAINT ai_conversations_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.ai_conversations
    ADD CONSTRAINT ai_conversations_restaurant_id_conversation_id_key UNIQUE (restaurant_id, conversation_id);
ALTER TABLE ONLY public.ai_feedback
    ADD CONSTRAINT ai_feedback_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.ai_intents
    ADD CONSTRAINT ai_intents_intent_name_key UNIQUE (intent_name);
ALTER TABLE ONLY public.ai_intents
    ADD CONSTRAINT ai_intents_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ai_messages
    ADD CONSTRAINT ai_messages_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.api_logs
    ADD CONSTRAINT api_logs_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.benchmark_aggregates
    ADD CONSTRAINT benchmark_aggregates_period_type_period_start_industry_segm_key UNIQUE NULLS NOT DISTINCT (period_type, period_start, industry_segment, size_segment, region);
ALTER TABLE ONLY public.benchmark_aggregates
    ADD CONSTRAINT benchmark_aggregates_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.builder_configs
    ADD CONSTRAINT builder_configs_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.builder_configs
    ADD CONSTRAINT builder_configs_restaurant_id_kind_name_key UNIQUE (restaurant_id, kind, name);
ALTER TABLE ONLY public.campaign_keywords
    ADD CONSTRAINT campaign_keywords_pkey PRIMARY KEY (restaurant_id, keyword);
ALTER TABLE ONLY public.campaign_sends
    ADD CONSTRAINT campaign_sends_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.campaign_sends
    ADD CONSTRAINT campaign_sends_restaurant_id_campaign_id_contact_key UNIQUE (restaurant_id, campaign_id, contact);
ALTER TABLE ONLY public.channel_attribution
    ADD CONSTRAINT channel_attribution_pkey PRIMARY KEY (restaurant_id, order_id);
ALTER TABLE ONLY public.consent_confirmations
    ADD CONSTRAINT consent_confirmations_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.consent_contacts
    ADD CONSTRAINT consent_contacts_pkey PRIMARY KEY (restaurant_id, subject);
ALTER TABLE ONLY public.consent_texts
    ADD CONSTRAINT consent_texts_pkey PRIMARY KEY (restaurant_id, consent_type, channel, language, version);
ALTER TABLE ONLY public.courier_deliveries
    ADD CONSTRAINT courier_deliveries_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_restaurant_id_email_key UNIQUE (restaurant_id, email);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_restaurant_id_phone_key UNIQUE (restaurant_id, phone);
ALTER TABLE ONLY public.daily_breakdowns
    ADD CONSTRAINT daily_breakdowns_pkey PRIMARY KEY (restaurant_id, dimension, date, value);
ALTER TABLE ONLY public.daily_calls
    ADD CONSTRAINT daily_calls_pkey PRIMARY KEY (restaurant_id, starts_at, dimension, value);
ALTER TABLE ONLY public.daily_metrics
    ADD CONSTRAINT daily_metrics_pkey PRIMARY KEY (restaurant_id, date);
ALTER TABLE ONLY public.daily_restatements
    ADD CONSTRAINT daily_restatements_pkey PRIMARY KEY (restaurant_id, date, restated_at, metric);
ALTER TABLE ONLY public.discount_codes
    ADD CONSTRAINT discount_codes_pkey PRIMARY KEY (restaurant_id, code);
ALTER TABLE ONLY public.dropped_events
    ADD CONSTRAINT dropped_events_pkey PRIMARY KEY (restaurant_id, hour, reason, detail);
ALTER TABLE ONLY public.error_logs
    ADD CONSTRAINT error_logs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (restaurant_id, "timestamp", id);
ALTER TABLE ONLY public.gdpr_audit_log
    ADD CONSTRAINT gdpr_audit_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.heatmap_events
    ADD CONSTRAINT heatmap_events_pkey PRIMARY KEY (restaurant_id, page_path, "timestamp", id);
ALTER TABLE ONLY public.import_errors
    ADD CONSTRAINT import_errors_pkey PRIMARY KEY (restaurant_id, import_id, file, line);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.integration_configs
    ADD CONSTRAINT integration_configs_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.integration_configs
    ADD CONSTRAINT integration_configs_restaurant_id_integration_name_key UNIQUE (restaurant_id, integration_name);
ALTER TABLE ONLY public.integration_configs
    ADD CONSTRAINT integration_configs_restaurant_id_integration_type_integrat_key UNIQUE (restaurant_id, integration_type, integration_name);
ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.invoice_credits
    ADD CONSTRAINT invoice_credits_pkey PRIMARY KEY (restaurant_id, order_id, number);
ALTER TABLE ONLY public.invoice_customers
    ADD CONSTRAINT invoice_customers_pkey PRIMARY KEY (restaurant_id, customer_id);
ALTER TABLE ONLY public.invoice_drafts
    ADD CONSTRAINT invoice_drafts_pkey PRIMARY KEY (restaurant_id, order_id);
ALTER TABLE ONLY public.legal_holds
    ADD CONSTRAINT legal_holds_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.loyalty_points
    ADD CONSTRAINT loyalty_points_pkey PRIMARY KEY (restaurant_id, customer_id);
ALTER TABLE ONLY public.loyalty_transactions
    ADD CONSTRAINT loyalty_transactions_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.marketing_campaigns
    ADD CONSTRAINT marketing_campaigns_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_restaurant_id_provider_provider_message_id_key UNIQUE (restaurant_id, provider, provider_message_id);
ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.order_counters
    ADD CONSTRAINT order_counters_pkey PRIMARY KEY (restaurant_id);
ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.order_status_changes
    ADD CONSTRAINT order_status_changes_pkey PRIMARY KEY (restaurant_id, order_id, changed_at, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_restaurant_id_idempotency_key_key UNIQUE (restaurant_id, idempotency_key);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_restaurant_id_order_number_key UNIQUE (restaurant_id, order_number);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_restaurant_id_source_external_id_key UNIQUE (restaurant_id, source, external_id);
ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT outbox_events_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT outbox_events_restaurant_id_object_id_version_event_type_key UNIQUE (restaurant_id, object_id, version, event_type);
ALTER TABLE ONLY public.page_view_aggregates
    ADD CONSTRAINT page_view_aggregates_pkey PRIMARY KEY (restaurant_id, date, page_path);
ALTER TABLE ONLY public.page_views
    ADD CONSTRAINT page_views_pkey PRIMARY KEY (restaurant_id, entered_at, id);
ALTER TABLE ONLY public.payment_refunds
    ADD CONSTRAINT payment_refunds_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.payment_refunds
    ADD CONSTRAINT payment_refunds_restaurant_id_payment_id_provider_refund_id_key UNIQUE (restaurant_id, payment_id, provider_refund_id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_restaurant_id_provider_provider_transaction_id_key UNIQUE (restaurant_id, provider, provider_transaction_id);
ALTER TABLE ONLY public.privacy_request_steps
    ADD CONSTRAINT privacy_request_steps_pkey PRIMARY KEY (request_id, table_name, rule);
ALTER TABLE ONLY public.privacy_requests
    ADD CONSTRAINT privacy_requests_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.privacy_restrictions
    ADD CONSTRAINT privacy_restrictions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.privacy_tombstones
    ADD CONSTRAINT privacy_tombstones_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.privacy_tombstones
    ADD CONSTRAINT privacy_tombstones_restaurant_id_subject_key UNIQUE NULLS NOT DISTINCT (restaurant_id, subject);
ALTER TABLE ONLY public.product_analytics
    ADD CONSTRAINT product_analytics_pkey PRIMARY KEY (restaurant_id, date, product_id);
ALTER TABLE ONLY public.product_option_groups
    ADD CONSTRAINT product_option_groups_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.product_options
    ADD CONSTRAINT product_options_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.product_prices
    ADD CONSTRAINT product_prices_pkey PRIMARY KEY (restaurant_id, product_id, valid_from);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_restaurant_id_sku_key UNIQUE (restaurant_id, sku);
ALTER TABLE ONLY public.provider_calls
    ADD CONSTRAINT provider_calls_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.provider_calls
    ADD CONSTRAINT provider_calls_restaurant_id_provider_key_key UNIQUE (restaurant_id, provider, key);
ALTER TABLE ONLY public.provider_differences
    ADD CONSTRAINT provider_differences_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.rejected_events
    ADD CONSTRAINT rejected_events_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.restaurants
    ADD CONSTRAINT restaurants_event_namespace_key UNIQUE (event_namespace);
ALTER TABLE ONLY public.restaurants
    ADD CONSTRAINT restaurants_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.restaurants
    ADD CONSTRAINT restaurants_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (restaurant_id, session_id);
ALTER TABLE ONLY public.site_keys
    ADD CONSTRAINT site_keys_pkey PRIMARY KEY (restaurant_id, key);
ALTER TABLE ONLY public.spent_forms
    ADD CONSTRAINT spent_forms_pkey PRIMARY KEY (restaurant_id, form);
ALTER TABLE ONLY public.stale_days
    ADD CONSTRAINT stale_days_pkey PRIMARY KEY (restaurant_id, date, id);
ALTER TABLE ONLY public.support_accesses
    ADD CONSTRAINT support_accesses_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.system_logs
    ADD CONSTRAINT system_logs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.user_2fa_settings
    ADD CONSTRAINT user_2fa_settings_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.user_consents
    ADD CONSTRAINT user_consents_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.user_restaurant_access
    ADD CONSTRAINT user_restaurant_access_pkey PRIMARY KEY (restaurant_id, user_id);
ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role);
ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_restaurant_id_endpoint_id_event_id_key UNIQUE (restaurant_id, endpoint_id, event_id);
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.webhook_inbox
    ADD CONSTRAINT webhook_inbox_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.webhook_inbox
    ADD CONSTRAINT webhook_inbox_restaurant_id_provider_dedupe_key_key UNIQUE (restaurant_id, provider, dedupe_key);
ALTER TABLE ONLY public.webhook_logs
    ADD CONSTRAINT webhook_logs_pkey PRIMARY KEY (restaurant_id, id);
ALTER TABLE ONLY public.webhook_refusals
    ADD CONSTRAINT webhook_refusals_pkey PRIMARY KEY (restaurant_id, hour, provider, reason);
ALTER TABLE ONLY public.wolt_orders
    ADD CONSTRAINT wolt_orders_pkey PRIMARY KEY (restaurant_id, order_id);
CREATE INDEX login_sessions_user ON app.login_sessions USING btree (user_id);
CREATE INDEX mails_waiting ON app.mails USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX password_resets_user ON app.password_resets USING btree (user_id);
CREATE INDEX activities_created ON public.activities USING btree (restaurant_id, created_at);
CREATE INDEX ai_conversations_channel_user ON public.ai_conversations USING btree (restaurant_id, channel, channel_user_id);
CREATE INDEX ai_conversations_customer ON public.ai_conversations USING btree (restaurant_id, customer_id);
CREATE INDEX ai_conversations_last_message ON public.ai_conversations USING btree (restaurant_id, last_message_at);
CREATE INDEX ai_conversations_order ON public.ai_conversations USING btree (restaurant_id, order_id);
CREATE INDEX ai_conversations_started ON public.ai_conversations USING btree (restaurant_id, started_at);
CREATE INDEX ai_feedback_conversation ON public.ai_feedback USING btree (restaurant_id, conversation_id);
CREATE INDEX ai_feedback_message ON public.ai_feedback USING btree (restaurant_id, message_id);
CREATE INDEX ai_feedback_unprocessed ON public.ai_feedback USING btree (restaurant_id, created_at) WHERE (NOT processed);
CREATE INDEX ai_messages_conversation ON public.ai_messages USING btree (restaurant_id, conversation_id, "timestamp");
CREATE INDEX ai_messages_timestamp ON public.ai_messages USING btree (restaurant_id, "timestamp");
CREATE INDEX api_logs_measured ON public.api_logs USING btree (restaurant_id, "timestamp") INCLUDE (api_name, success, response_time_ms);
CREATE INDEX campaign_keywords_campaign ON public.campaign_keywords USING btree (restaurant_id, campaign_id);
CREATE INDEX campaign_sends_created ON public.campaign_sends USING btree (restaurant_id, created_at);
CREATE INDEX campaign_sends_customer ON public.campaign_sends USING btree (restaurant_id, customer_id);
CREATE INDEX campaign_sends_message ON public.campaign_sends USING btree (restaurant_id, message_id);
CREATE INDEX campaign_sends_order ON public.campaign_sends USING btree (restaurant_id, order_id);
CREATE INDEX channel_attribution_created ON public.channel_attribution USING btree (restaurant_id, created_at);
CREATE INDEX consent_confirmations_due ON public.consent_confirmations USING btree (restaurant_id, next_attempt_at);
CREATE INDEX courier_deliveries_of_order ON public.courier_deliveries USING btree (restaurant_id, order_id);
CREATE UNIQUE INDEX courier_deliveries_order ON public.courier_deliveries USING btree (restaurant_id, order_id) WHERE (status <> ALL (ARRAY['rejected'::text, 'cancelled'::text, 'failed'::text]));
CREATE INDEX customers_first_order ON public.customers USING btree (restaurant_id, first_order_at);
CREATE INDEX customers_user ON public.customers USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX daily_metrics_with_orders ON public.daily_metrics USING btree (restaurant_id, date) WHERE ((total_orders > 0) OR (cancelled_orders > 0));
CREATE INDEX daily_metrics_with_visits ON public.daily_metrics USING btree (restaurant_id, date) WHERE (total_sessions > 0);
CREATE INDEX error_logs_last_seen ON public.error_logs USING btree (last_seen_at);
CREATE INDEX error_logs_restaurant ON public.error_logs USING btree (restaurant_id, last_seen_at);
CREATE INDEX events_name ON ONLY public.events USING btree (restaurant_id, event_name) WHERE (event_name <> ALL (ARRAY['page_view'::text, 'page_scroll'::text, 'page_exit'::text, 'element_click'::text, 'element_hover'::text]));
CREATE INDEX gdpr_audit_log_created ON public.gdpr_audit_log USING btree (created_at);
CREATE INDEX gdpr_audit_log_restaurant ON public.gdpr_audit_log USING btree (restaurant_id, created_at);
CREATE INDEX import_errors_created ON public.import_errors USING btree (restaurant_id, created_at);
CREATE INDEX interactions_timestamp ON public.interactions USING btree (restaurant_id, "timestamp");
CREATE INDEX interactions_user ON public.interactions USING btree (restaurant_id, user_id);
CREATE INDEX invitations_expires ON public.invitations USING btree (restaurant_id, expires_at);
CREATE INDEX invoice_credits_made ON public.invoice_credits USING btree (restaurant_id, created_at);
CREATE UNIQUE INDEX invoice_drafts_booked ON public.invoice_drafts USING btree (restaurant_id, booked_number) WHERE (booked_number IS NOT NULL);
CREATE UNIQUE INDEX legal_holds_in_force ON public.legal_holds USING btree (restaurant_id, subject) WHERE (ended_at IS NULL);
CREATE INDEX loyalty_transactions_created ON public.loyalty_transactions USING btree (restaurant_id, created_at);
CREATE INDEX loyalty_transactions_customer ON public.loyalty_transactions USING btree (restaurant_id, customer_id, created_at);
CREATE INDEX loyalty_transactions_order ON public.loyalty_transactions USING btree (restaurant_id, order_id);
CREATE INDEX marketing_campaigns_created ON public.marketing_campaigns USING btree (restaurant_id, created_at);
CREATE INDEX messages_contact ON public.messages USING btree (restaurant_id, contact, created_at);
CREATE INDEX messages_conversation ON public.messages USING btree (restaurant_id, conversation_id, created_at);
CREATE INDEX messages_created ON public.messages USING btree (restaurant_id, created_at);
CREATE INDEX messages_customer ON public.messages USING btree (restaurant_id, customer_id);
CREATE INDEX messages_order ON public.messages USING btree (restaurant_id, order_id);
CREATE INDEX notifications_unread ON public.notifications USING btree (restaurant_id, created_at) WHERE (read_at IS NULL);
CREATE INDEX order_items_noted ON public.order_items USING btree (restaurant_id, created_at) WHERE (notes IS NOT NULL);
CREATE INDEX order_items_order ON public.order_items USING btree (restaurant_id, order_id);
CREATE INDEX order_items_product ON public.order_items USING btree (restaurant_id, product_id, created_at);
CREATE INDEX order_status_changes_signed ON public.order_status_changes USING btree (restaurant_id, changed_at) WHERE ((changed_by IS NOT NULL) OR (reason IS NOT NULL));
CREATE INDEX orders_active ON public.orders USING btree (restaurant_id, created_at) WHERE (status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'preparing'::text, 'ready'::text, 'delivering'::text]));
CREATE INDEX orders_created ON public.orders USING btree (restaurant_id, created_at);
CREATE INDEX orders_customer ON public.orders USING btree (restaurant_id, customer_id, created_at);
CREATE INDEX orders_import ON public.orders USING btree (restaurant_id, import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX orders_paid_back ON public.orders USING btree (restaurant_id, updated_at) WHERE (refunded_amount > 0);
CREATE INDEX orders_user ON public.orders USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX outbox_events_customer ON public.outbox_events USING btree (restaurant_id, customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX outbox_events_occurred ON public.outbox_events USING btree (restaurant_id, occurred_at);
CREATE INDEX outbox_events_waiting ON public.outbox_events USING btree (restaurant_id, sequence) WHERE (fanned_out_at IS NULL);
CREATE INDEX page_views_session ON ONLY public.page_views USING btree (restaurant_id, session_id);
CREATE INDEX payment_refunds_failed ON public.payment_refunds USING btree (restaurant_id, updated_at) WHERE (status = 'failed'::text);
CREATE INDEX payment_refunds_order ON public.payment_refunds USING btree (restaurant_id, order_id);
CREATE INDEX payment_refunds_requested ON public.payment_refunds USING btree (restaurant_id, created_at) WHERE (status = 'requested'::text);
CREATE INDEX payments_created ON public.payments USING btree (restaurant_id, created_at);
CREATE INDEX payments_order ON public.payments USING btree (restaurant_id, order_id);
CREATE INDEX payments_to_look_at ON public.payments USING btree (restaurant_id, next_look_at) WHERE (next_look_at IS NOT NULL);
CREATE INDEX payments_underway ON public.payments USING btree (restaurant_id, order_id) WHERE ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'authorized'::text])) AND (provider = ANY (ARRAY['stripe'::text, 'mobilepay'::text])));
CREATE INDEX privacy_requests_open ON public.privacy_requests USING btree (due_at) WHERE (status = ANY (ARRAY['received'::text, 'running'::text, 'held'::text, 'failed'::text]));
CREATE INDEX privacy_requests_restaurant ON public.privacy_requests USING btree (restaurant_id, received_at);
CREATE INDEX privacy_restrictions_restaurant ON public.privacy_restrictions USING btree (restaurant_id, since);
CREATE INDEX privacy_restrictions_subject ON public.privacy_restrictions USING btree (subject) WHERE (ended_at IS NULL);
CREATE INDEX product_analytics_product ON public.product_analytics USING btree (restaurant_id, product_id, date);
CREATE INDEX product_option_groups_product ON public.product_option_groups USING btree (restaurant_id, product_id);
CREATE INDEX product_options_group ON public.product_options USING btree (restaurant_id, group_id);
CREATE INDEX products_import ON public.products USING btree (restaurant_id, import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX provider_calls_created ON public.provider_calls USING btree (restaurant_id, created_at);
CREATE INDEX provider_calls_due ON public.provider_calls USING btree (restaurant_id, next_attempt_at) WHERE (status = 'queued'::text);
CREATE INDEX provider_differences_found ON public.provider_differences USING btree (restaurant_id, found_at);
CREATE UNIQUE INDEX provider_differences_open ON public.provider_differences USING btree (restaurant_id, provider, kind, object_id, field) WHERE (settled_at IS NULL);
CREATE INDEX rejected_events_received ON public.rejected_events USING btree (restaurant_id, received_at);
CREATE INDEX sessions_started ON public.sessions USING btree (restaurant_id, started_at);
CREATE INDEX sessions_visitor ON public.sessions USING btree (restaurant_id, visitor_id, started_at);
CREATE INDEX spent_forms_old ON public.spent_forms USING btree (restaurant_id, spent_at);
CREATE INDEX support_accesses_open ON public.support_accesses USING btree (user_id, restaurant_id) WHERE (ended_at IS NULL);
CREATE INDEX support_accesses_restaurant ON public.support_accesses USING btree (restaurant_id, granted_at);
CREATE INDEX system_logs_restaurant ON public.system_logs USING btree (restaurant_id, "timestamp");
CREATE INDEX system_logs_timestamp ON public.system_logs USING btree ("timestamp");
CREATE INDEX user_consents_restaurant ON public.user_consents USING btree (restaurant_id, created_at);
CREATE INDEX user_consents_subject ON public.user_consents USING btree (subject, consent_type, channel, number);
CREATE INDEX user_consents_user ON public.user_consents USING btree (user_id);
CREATE INDEX user_restaurant_access_user ON public.user_restaurant_access USING btree (user_id);
CREATE INDEX webhook_attempts_delivery ON public.webhook_attempts USING btree (restaurant_id, delivery_id, attempted_at);
CREATE INDEX webhook_attempts_endpoint ON public.webhook_attempts USING btree (restaurant_id, endpoint_id, attempted_at);
CREATE INDEX webhook_deliveries_created ON public.webhook_deliveries USING btree (restaurant_id, endpoint_id, created_at);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (restaurant_id, endpoint_id, next_attempt_at, sequence) WHERE (status = 'pending'::text);
CREATE INDEX webhook_deliveries_locked ON public.webhook_deliveries USING btree (restaurant_id, locked_until) WHERE ((status = 'pending'::text) AND (locked_until IS NOT NULL));
CREATE INDEX webhook_deliveries_object ON public.webhook_deliveries USING btree (restaurant_id, endpoint_id, object_id, sequence) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX webhook_endpoints_creation_key ON public.webhook_endpoints USING btree (restaurant_id, creation_key) WHERE (creation_key IS NOT NULL);
CREATE INDEX webhook_endpoints_due ON public.webhook_endpoints USING btree (restaurant_id, due_at) WHERE ((status = 'active'::text) AND (due_at IS NOT NULL));
CREATE INDEX webhook_inbox_due ON public.webhook_inbox USING btree (restaurant_id, next_attempt_at) WHERE (status = 'received'::text);
CREATE INDEX webhook_inbox_received ON public.webhook_inbox USING btree (restaurant_id, received_at);
CREATE INDEX webhook_logs_received ON public.webhook_logs USING btree (restaurant_id, received_at);
CREATE INDEX wolt_orders_open ON public.wolt_orders USING btree (restaurant_id, created_at) WHERE (seen_status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'preparing'::text, 'ready'::text, 'delivering'::text]));
CREATE TRIGGER audit_chain_append_only BEFORE DELETE OR UPDATE ON app.audit_chain FOR EACH ROW EXECUTE FUNCTION app.refuse_change_for_seven_years();
CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON app.audit_chain FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER audit_checkpoints_append_only BEFORE DELETE OR UPDATE ON app.audit_checkpoints FOR EACH ROW EXECUTE FUNCTION app.refuse_change_for_seven_years();
CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON app.audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER audit_expiries_append_only BEFORE DELETE OR UPDATE ON app.audit_expiries FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER audit_expiries_no_truncate BEFORE TRUNCATE ON app.audit_expiries FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON app.audit_head FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER audit_head_stays BEFORE INSERT OR DELETE ON app.audit_head FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER gdpr_audit_log_append_only BEFORE DELETE OR UPDATE ON public.gdpr_audit_log FOR EACH ROW EXECUTE FUNCTION app.refuse_change_for_seven_years();
CREATE CONSTRAINT TRIGGER gdpr_audit_log_chained AFTER INSERT ON public.gdpr_audit_log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.chain_audit_entry();
CREATE TRIGGER gdpr_audit_log_no_truncate BEFORE TRUNCATE ON public.gdpr_audit_log FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER user_consents_append_only BEFORE DELETE OR UPDATE ON public.user_consents FOR EACH ROW EXECUTE FUNCTION app.refuse_consent_change();
CREATE TRIGGER user_consents_no_truncate BEFORE TRUNCATE ON public.user_consents FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
ALTER TABLE ONLY app.login_sessions
    ADD CONSTRAINT login_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY app.password_resets
    ADD CONSTRAINT password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY app.privacy_request_keys
    ADD CONSTRAINT privacy_request_keys_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.privacy_requests(id);
ALTER TABLE ONLY app.recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY app.user_credentials
    ADD CONSTRAINT user_credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.ai_conversations
    ADD CONSTRAINT ai_conversations_restaurant_id_customer_id_fkey FOREIGN KEY (restaurant_id, customer_id) REFERENCES public.customers(restaurant_id, id);
ALTER TABLE ONLY public.ai_conversations
    ADD CONSTRAINT ai_conversations_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.ai_feedback
    ADD CONSTRAINT ai_feedback_restaurant_id_conversation_id_fkey FOREIGN KEY (restaurant_id, conversation_id) REFERENCES public.ai_conversations(restaurant_id, conversation_id);
ALTER TABLE ONLY public.ai_feedback
    ADD CONSTRAINT ai_feedback_restaurant_id_message_id_fkey FOREIGN KEY (restaurant_id, message_id) REFERENCES public.ai_messages(restaurant_id, id);
ALTER TABLE ONLY public.ai_messages
    ADD CONSTRAINT ai_messages_restaurant_id_conversation_id_fkey FOREIGN KEY (restaurant_id, conversation_id) REFERENCES public.ai_conversations(restaurant_id, conversation_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.api_logs
    ADD CONSTRAINT api_logs_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.builder_configs
    ADD CONSTRAINT builder_configs_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.campaign_keywords
    ADD CONSTRAINT campaign_keywords_restaurant_id_campaign_id_fkey FOREIGN KEY (restaurant_id, campaign_id) REFERENCES public.marketing_campaigns(restaurant_id, id);
ALTER TABLE ONLY public.campaign_keywords
    ADD CONSTRAINT campaign_keywords_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.campaign_sends
    ADD CONSTRAINT campaign_sends_restaurant_id_campaign_id_fkey FOREIGN KEY (restaurant_id, campaign_id) REFERENCES public.marketing_campaigns(restaurant_id, id);
ALTER TABLE ONLY public.campaign_sends
    ADD CONSTRAINT campaign_sends_restaurant_id_customer_id_fkey FOREIGN KEY (restaurant_id, customer_id) REFERENCES public.customers(restaurant_id, id);
ALTER TABLE ONLY public.campaign_sends
    ADD CONSTRAINT campaign_sends_restaurant_id_message_id_fkey FOREIGN KEY (restaurant_id, message_id) REFERENCES public.messages(restaurant_id, id);
ALTER TABLE ONLY public.campaign_sends
    ADD CONSTRAINT campaign_sends_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.channel_attribution
    ADD CONSTRAINT channel_attribution_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.consent_confirmations
    ADD CONSTRAINT consent_confirmations_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.consent_contacts
    ADD CONSTRAINT consent_contacts_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.consent_texts
    ADD CONSTRAINT consent_texts_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.courier_deliveries
    ADD CONSTRAINT courier_deliveries_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.daily_calls
    ADD CONSTRAINT daily_calls_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.discount_codes
    ADD CONSTRAINT discount_codes_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.import_errors
    ADD CONSTRAINT import_errors_restaurant_id_import_id_fkey FOREIGN KEY (restaurant_id, import_id) REFERENCES public.imports(restaurant_id, id);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.integration_configs
    ADD CONSTRAINT integration_configs_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.invoice_credits
    ADD CONSTRAINT invoice_credits_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.invoice_customers
    ADD CONSTRAINT invoice_customers_restaurant_id_customer_id_fkey FOREIGN KEY (restaurant_id, customer_id) REFERENCES public.customers(restaurant_id, id);
ALTER TABLE ONLY public.invoice_drafts
    ADD CONSTRAINT invoice_drafts_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.legal_holds
    ADD CONSTRAINT legal_holds_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.loyalty_points
    ADD CONSTRAINT loyalty_points_restaurant_id_customer_id_fkey FOREIGN KEY (restaurant_id, customer_id) REFERENCES public.customers(restaurant_id, id);
ALTER TABLE ONLY public.loyalty_transactions
    ADD CONSTRAINT loyalty_transactions_restaurant_id_customer_id_fkey FOREIGN KEY (restaurant_id, customer_id) REFERENCES public.customers(restaurant_id, id);
ALTER TABLE ONLY public.loyalty_transactions
    ADD CONSTRAINT loyalty_transactions_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.marketing_campaigns
    ADD CONSTRAINT marketing_campaigns_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_restaurant_id_customer_id_fkey FOREIGN KEY (restaurant_id, customer_id) REFERENCES public.customers(restaurant_id, id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.order_counters
    ADD CONSTRAINT order_counters_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_restaurant_id_product_id_fkey FOREIGN KEY (restaurant_id, product_id) REFERENCES public.products(restaurant_id, id);
ALTER TABLE ONLY public.order_status_changes
    ADD CONSTRAINT order_status_changes_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_restaurant_id_customer_id_fkey FOREIGN KEY (restaurant_id, customer_id) REFERENCES public.customers(restaurant_id, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_restaurant_id_import_id_fkey FOREIGN KEY (restaurant_id, import_id) REFERENCES public.imports(restaurant_id, id);
ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT outbox_events_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.payment_refunds
    ADD CONSTRAINT payment_refunds_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.payment_refunds
    ADD CONSTRAINT payment_refunds_restaurant_id_payment_id_fkey FOREIGN KEY (restaurant_id, payment_id) REFERENCES public.payments(restaurant_id, id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
ALTER TABLE ONLY public.privacy_request_steps
    ADD CONSTRAINT privacy_request_steps_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.privacy_requests(id);
ALTER TABLE ONLY public.privacy_requests
    ADD CONSTRAINT privacy_requests_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.product_analytics
    ADD CONSTRAINT product_analytics_restaurant_id_product_id_fkey FOREIGN KEY (restaurant_id, product_id) REFERENCES public.products(restaurant_id, id);
ALTER TABLE ONLY public.product_option_groups
    ADD CONSTRAINT product_option_groups_restaurant_id_product_id_fkey FOREIGN KEY (restaurant_id, product_id) REFERENCES public.products(restaurant_id, id);
ALTER TABLE ONLY public.product_options
    ADD CONSTRAINT product_options_restaurant_id_group_id_fkey FOREIGN KEY (restaurant_id, group_id) REFERENCES public.product_option_groups(restaurant_id, id);
ALTER TABLE ONLY public.product_prices
    ADD CONSTRAINT product_prices_restaurant_id_product_id_fkey FOREIGN KEY (restaurant_id, product_id) REFERENCES public.products(restaurant_id, id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_restaurant_id_import_id_fkey FOREIGN KEY (restaurant_id, import_id) REFERENCES public.imports(restaurant_id, id);
ALTER TABLE ONLY public.provider_calls
    ADD CONSTRAINT provider_calls_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.provider_differences
    ADD CONSTRAINT provider_differences_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.site_keys
    ADD CONSTRAINT site_keys_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.spent_forms
    ADD CONSTRAINT spent_forms_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.support_accesses
    ADD CONSTRAINT support_accesses_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.user_2fa_settings
    ADD CONSTRAINT user_2fa_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.user_restaurant_access
    ADD CONSTRAINT user_restaurant_access_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.user_restaurant_access
    ADD CONSTRAINT user_restaurant_access_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_restaurant_id_endpoint_id_fkey FOREIGN KEY (restaurant_id, endpoint_id) REFERENCES public.webhook_endpoints(restaurant_id, id);
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.webhook_inbox
    ADD CONSTRAINT webhook_inbox_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.webhook_logs
    ADD CONSTRAINT webhook_logs_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.webhook_refusals
    ADD CONSTRAINT webhook_refusals_restaurant_id_fkey FOREIGN KEY (restaurant_id) REFERENCES public.restaurants(id);
ALTER TABLE ONLY public.wolt_orders
    ADD CONSTRAINT wolt_orders_restaurant_id_order_id_fkey FOREIGN KEY (restaurant_id, order_id) REFERENCES public.orders(restaurant_id, id);
CREATE POLICY "People end their own log-ins" ON app.login_sessions FOR UPDATE TO authenticated USING ((user_id = app.user_id())) WITH CHECK (((user_id = app.user_id()) AND (ended_at IS NOT NULL)));
CREATE POLICY "People see where they are logged in" ON app.login_sessions FOR SELECT TO authenticated USING ((user_id = app.user_id()));
ALTER TABLE app.audit_chain ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.audit_checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.audit_expiries ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.audit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.login_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.login_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.password_resets ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.privacy_request_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.retention_tallies ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.role_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.user_credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.visitor_salts ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Compliance reads the audit log" ON public.gdpr_audit_log FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('audit.read'::text))) OR ((restaurant_id IS NULL) AND app.audits_platform())));
CREATE POLICY "Everybody reads ai_intents" ON public.ai_intents FOR SELECT TO authenticated USING (true);
CREATE POLICY "Everybody reads the benchmark" ON public.benchmark_aggregates FOR SELECT TO authenticated USING (true);
CREATE POLICY "People read the lines of orders that their role shows" ON public.order_items FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('some_orders.read'::text))) AND (app.sees_orders_in_full() OR (restaurant_id = ANY (app.restaurants_with('orders.read'::text))) OR ((restaurant_id = ANY (app.restaurants_with('active_orders.read'::text))) AND app.is_active_order(restaurant_id, order_id)) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND app.owns_order(restaurant_id, order_id)))));
CREATE POLICY "People read the orders that their role shows" ON public.orders FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('some_orders.read'::text))) AND (app.sees_orders_in_full() OR (restaurant_id = ANY (app.restaurants_with('orders.read'::text))) OR ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'preparing'::text, 'ready'::text, 'delivering'::text])) AND (restaurant_id = ANY (app.restaurants_with('active_orders.read'::text)))) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND ((user_id = app.user_id()) OR (customer_id = ANY (app.own_customers())))))));
CREATE POLICY "People read the steps of orders that their role shows" ON public.order_status_changes FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('some_orders.read'::text))) AND (app.sees_orders_in_full() OR (restaurant_id = ANY (app.restaurants_with('orders.read'::text))) OR ((restaurant_id = ANY (app.restaurants_with('active_orders.read'::text))) AND app.is_active_order(restaurant_id, order_id)) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND app.owns_order(restaurant_id, order_id)))));
CREATE POLICY "People read their own consents, and those of restaurants where " ON public.user_consents FOR SELECT TO authenticated USING (((user_id = app.user_id()) OR (restaurant_id = ANY (app.restaurants_with('consents.read'::text)))));
CREATE POLICY "People see the restaurants they work in or order from" ON public.restaurants FOR SELECT TO authenticated USING (((id = ANY (app.restaurants_with('restaurant.read'::text))) OR (id = ANY (app.restaurants_with('own.read'::text)))));
CREATE POLICY "People see their own memberships and those of restaurants whose" ON public.user_restaurant_access FOR SELECT TO authenticated USING (((user_id = app.user_id()) OR (restaurant_id = ANY (app.restaurants_with('people.read'::text)))));
CREATE POLICY "People see their own platform roles" ON public.user_roles FOR SELECT TO authenticated USING ((user_id = app.user_id()));
CREATE POLICY "People see whether they have a second factor" ON public.user_2fa_settings FOR SELECT TO authenticated USING ((user_id = app.user_id()));
CREATE POLICY "Support sees its accesses, and those with people.read theirs" ON public.support_accesses FOR SELECT TO authenticated USING (((user_id = app.user_id()) OR (restaurant_id = ANY (app.restaurants_with('people.read'::text)))));
CREATE POLICY "Those with activities.read read activities" ON public.activities FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('activities.read'::text))));
CREATE POLICY "Those with analytics.read read daily_breakdowns" ON public.daily_breakdowns FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('analytics.read'::text))));
CREATE POLICY "Those with analytics.read read daily_metrics" ON public.daily_metrics FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('analytics.read'::text))));
CREATE POLICY "Those with analytics.read read daily_restatements" ON public.daily_restatements FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('analytics.read'::text))));
CREATE POLICY "Those with analytics.read read page_view_aggregates" ON public.page_view_aggregates FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('analytics.read'::text))));
CREATE POLICY "Those with analytics.read read product_analytics" ON public.product_analytics FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('analytics.read'::text))));
CREATE POLICY "Those with analytics.read read stale_days" ON public.stale_days FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('analytics.read'::text))));
CREATE POLICY "Those with audit.read read legal_holds" ON public.legal_holds FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('audit.read'::text))));
CREATE POLICY "Those with behaviour.read read channel_attribution" ON public.channel_attribution FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('behaviour.read'::text))));
CREATE POLICY "Those with behaviour.read read events" ON public.events FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('behaviour.read'::text))));
CREATE POLICY "Those with behaviour.read read heatmap_events" ON public.heatmap_events FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('behaviour.read'::text))));
CREATE POLICY "Those with behaviour.read read page_views" ON public.page_views FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('behaviour.read'::text))));
CREATE POLICY "Those with behaviour.read read sessions" ON public.sessions FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('behaviour.read'::text))));
CREATE POLICY "Those with builder.read read builder_configs" ON public.builder_configs FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('builder.read'::text))));
CREATE POLICY "Those with builder.write add builder_configs" ON public.builder_configs FOR INSERT TO authenticated WITH CHECK (((restaurant_id = ANY (app.restaurants_with('builder.write'::text))) AND (updated_by = app.user_id())));
CREATE POLICY "Those with builder.write change builder_configs" ON public.builder_configs FOR UPDATE TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('builder.write'::text)))) WITH CHECK (((restaurant_id = ANY (app.restaurants_with('builder.write'::text))) AND (updated_by = app.user_id())));
CREATE POLICY "Those with consents.read read consent_confirmations" ON public.consent_confirmations FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('consents.read'::text))));
CREATE POLICY "Those with consents.read read consent_contacts" ON public.consent_contacts FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('consents.read'::text))));
CREATE POLICY "Those with consents.read read consent_texts" ON public.consent_texts FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('consents.read'::text))));
CREATE POLICY "Those with consents.write add consent_texts" ON public.consent_texts FOR INSERT TO authenticated WITH CHECK (((restaurant_id = ANY (app.restaurants_with('consents.write'::text))) AND (created_by = app.user_id())));
CREATE POLICY "Those with conversations.read read ai_conversations" ON public.ai_conversations FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('conversations.read'::text))));
CREATE POLICY "Those with conversations.read read ai_feedback" ON public.ai_feedback FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('conversations.read'::text))));
CREATE POLICY "Those with conversations.read read ai_messages" ON public.ai_messages FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('conversations.read'::text))));
CREATE POLICY "Those with conversations.read read interactions" ON public.interactions FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('conversations.read'::text))));
CREATE POLICY "Those with conversations.write give feedback" ON public.ai_feedback FOR INSERT TO authenticated WITH CHECK (((restaurant_id = ANY (app.restaurants_with('conversations.write'::text))) AND (feedback_source = 'staff'::text) AND (feedback_by = app.user_id()) AND (NOT processed)));
CREATE POLICY "Those with customers.read and guests themselves read customers" ON public.customers FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('customers.read'::text))) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND (user_id = app.user_id()))));
CREATE POLICY "Those with customers.read and members read loyalty_points" ON public.loyalty_points FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('customers.read'::text))) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND (customer_id = ANY (app.own_customers())))));
CREATE POLICY "Those with customers.read and members read loyalty_transactions" ON public.loyalty_transactions FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('customers.read'::text))) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND (customer_id = ANY (app.own_customers())))));
CREATE POLICY "Those with customers.read read invoice_customers" ON public.invoice_customers FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('customers.read'::text))));
CREATE POLICY "Those with discounts.read read discount_codes" ON public.discount_codes FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('discounts.read'::text))));
CREATE POLICY "Those with holds.write begin holds" ON public.legal_holds FOR INSERT TO authenticated WITH CHECK (((restaurant_id = ANY (app.restaurants_with('holds.write'::text))) AND (created_by = app.user_id()) AND (ended_at IS NULL)));
CREATE POLICY "Those with holds.write end holds" ON public.legal_holds FOR UPDATE TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('holds.write'::text))) AND (ended_at IS NULL))) WITH CHECK (((restaurant_id = ANY (app.restaurants_with('holds.write'::text))) AND (ended_by = app.user_id())));
CREATE POLICY "Those with integrations.read read api_logs" ON public.api_logs FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read daily_calls" ON public.daily_calls FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read integration_configs" ON public.integration_configs FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read provider_calls" ON public.provider_calls FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read webhook_attempts" ON public.webhook_attempts FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read webhook_deliveries" ON public.webhook_deliveries FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read webhook_endpoints" ON public.webhook_endpoints FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read webhook_inbox" ON public.webhook_inbox FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read webhook_logs" ON public.webhook_logs FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with integrations.read read webhook_refusals" ON public.webhook_refusals FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('integrations.read'::text))));
CREATE POLICY "Those with keys.read read api_keys" ON public.api_keys FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('keys.read'::text))));
CREATE POLICY "Those with logs.read read error_logs" ON public.error_logs FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('logs.read'::text))));
CREATE POLICY "Those with logs.read read system_logs" ON public.system_logs FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('logs.read'::text))));
CREATE POLICY "Those with marketing.read read campaign_sends" ON public.campaign_sends FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('marketing.read'::text))));
CREATE POLICY "Those with marketing.read read marketing_campaigns" ON public.marketing_campaigns FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('marketing.read'::text))));
CREATE POLICY "Those with marketing.write add campaigns" ON public.marketing_campaigns FOR INSERT TO authenticated WITH CHECK (((restaurant_id = ANY (app.restaurants_with('marketing.write'::text))) AND (status = 'draft'::text) AND (created_by = app.user_id())));
CREATE POLICY "Those with marketing.write change campaigns" ON public.marketing_campaigns FOR UPDATE TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('marketing.write'::text))) AND (status = ANY (ARRAY['draft'::text, 'scheduled'::text])))) WITH CHECK (((restaurant_id = ANY (app.restaurants_with('marketing.write'::text))) AND (status = ANY (ARRAY['draft'::text, 'scheduled'::text, 'cancelled'::text]))));
CREATE POLICY "Those with menu.read read product_option_groups" ON public.product_option_groups FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('menu.read'::text))));
CREATE POLICY "Those with menu.read read product_options" ON public.product_options FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('menu.read'::text))));
CREATE POLICY "Those with menu.read read product_prices" ON public.product_prices FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('menu.read'::text))));
CREATE POLICY "Those with menu.read read products" ON public.products FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('menu.read'::text))));
CREATE POLICY "Those with menu.write add products" ON public.products FOR INSERT TO authenticated WITH CHECK ((restaurant_id = ANY (app.restaurants_with('menu.write'::text))));
CREATE POLICY "Those with menu.write change products" ON public.products FOR UPDATE TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('menu.write'::text)))) WITH CHECK ((restaurant_id = ANY (app.restaurants_with('menu.write'::text))));
CREATE POLICY "Those with menu.write record prices" ON public.product_prices FOR INSERT TO authenticated WITH CHECK (((restaurant_id = ANY (app.restaurants_with('menu.write'::text))) AND (changed_by = app.user_id())));
CREATE POLICY "Those with messages.read read campaign_keywords" ON public.campaign_keywords FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('messages.read'::text))));
CREATE POLICY "Those with messages.read read messages" ON public.messages FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('messages.read'::text))));
CREATE POLICY "Those with notifications.read mark notifications read" ON public.notifications FOR UPDATE TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('notifications.read'::text)))) WITH CHECK ((restaurant_id = ANY (app.restaurants_with('notifications.read'::text))));
CREATE POLICY "Those with notifications.read read notifications" ON public.notifications FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('notifications.read'::text))));
CREATE POLICY "Those with orders.read read courier_deliveries" ON public.courier_deliveries FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('orders.read'::text))));
CREATE POLICY "Those with orders.read read wolt_orders" ON public.wolt_orders FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('orders.read'::text))));
CREATE POLICY "Those with orders.write mark days stale" ON public.stale_days FOR INSERT TO authenticated WITH CHECK ((restaurant_id = ANY (app.restaurants_with('orders.write'::text))));
CREATE POLICY "Those with payments.read and who paid read payment_refunds" ON public.payment_refunds FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('payments.read'::text))) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND app.owns_order(restaurant_id, order_id))));
CREATE POLICY "Those with payments.read and who paid read payments" ON public.payments FOR SELECT TO authenticated USING (((restaurant_id = ANY (app.restaurants_with('payments.read'::text))) OR ((restaurant_id = ANY (app.restaurants_with('own.read'::text))) AND app.owns_order(restaurant_id, order_id))));
CREATE POLICY "Those with payments.read read invoice_credits" ON public.invoice_credits FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('payments.read'::text))));
CREATE POLICY "Those with payments.read read invoice_drafts" ON public.invoice_drafts FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('payments.read'::text))));
CREATE POLICY "Those with payments.read read provider_differences" ON public.provider_differences FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('payments.read'::text))));
CREATE POLICY "Those with people.read read invitations" ON public.invitations FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('people.read'::text))));
CREATE POLICY "Those with privacy.read read requests" ON public.privacy_requests FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('privacy.read'::text))));
CREATE POLICY "Those with privacy.read read restrictions" ON public.privacy_restrictions FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('privacy.read'::text))));
CREATE POLICY "Those with privacy.read read tombstones" ON public.privacy_tombstones FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('privacy.read'::text))));
CREATE POLICY "Those with quality.read read dropped_events" ON public.dropped_events FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('quality.read'::text))));
CREATE POLICY "Those with quality.read read import_errors" ON public.import_errors FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('quality.read'::text))));
CREATE POLICY "Those with quality.read read imports" ON public.imports FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('quality.read'::text))));
CREATE POLICY "Those with quality.read read rejected_events" ON public.rejected_events FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('quality.read'::text))));
CREATE POLICY "Those with quality.write say what became of replayed events" ON public.rejected_events FOR UPDATE TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('quality.write'::text)))) WITH CHECK ((restaurant_id = ANY (app.restaurants_with('quality.write'::text))));
CREATE POLICY "Those with restaurant.write change their restaurant" ON public.restaurants FOR UPDATE TO authenticated USING ((id = ANY (app.restaurants_with('restaurant.write'::text)))) WITH CHECK ((id = ANY (app.restaurants_with('restaurant.write'::text))));
CREATE POLICY "Those with restaurant.write read site_keys" ON public.site_keys FOR SELECT TO authenticated USING ((restaurant_id = ANY (app.restaurants_with('restaurant.write'::text))));
ALTER TABLE public.activities ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ai_conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ai_feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ai_intents ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ai_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.api_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.benchmark_aggregates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.builder_configs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.campaign_keywords ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.campaign_sends ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.channel_attribution ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.consent_confirmations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.consent_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.consent_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.courier_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.daily_breakdowns ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.daily_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.daily_metrics ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.daily_restatements ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.discount_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.dropped_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.error_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.gdpr_audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.heatmap_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.import_errors ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.integration_configs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.interactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_credits ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_drafts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.legal_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.loyalty_points ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.loyalty_transactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.marketing_campaigns ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.order_counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.order_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.order_status_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.page_view_aggregates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.page_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.privacy_request_steps ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.privacy_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.privacy_restrictions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.privacy_tombstones ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.product_analytics ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.product_option_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.product_options ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.product_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.products ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.provider_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.provider_differences ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.rejected_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.restaurants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.site_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.spent_forms ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.stale_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.support_accesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.system_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_2fa_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_restaurant_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.webhook_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.webhook_inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.webhook_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.webhook_refusals ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.wolt_orders ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA app TO anon;
GRANT USAGE ON SCHEMA app TO authenticated;
GRANT USAGE ON SCHEMA app TO service_role;
GRANT USAGE ON SCHEMA app TO flow_api;
GRANT USAGE ON SCHEMA app TO flow_worker;
GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;
GRANT ALL ON SCHEMA public TO flow_owner;
REVOKE ALL ON FUNCTION app.add_user(an_id uuid, an_email text, a_name text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.add_user(an_id uuid, an_email text, a_name text, at timestamp with time zone) TO service_role;
GRANT SELECT ON TABLE public.gdpr_audit_log TO authenticated;
GRANT SELECT ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(id) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(restaurant_id) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(action) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(description) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(performed_by) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(performed_by_role) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(subject) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(legal_basis) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(before) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(after) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(request_id) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(created_at) ON TABLE public.gdpr_audit_log TO service_role;
GRANT INSERT(reason) ON TABLE public.gdpr_audit_log TO service_role;
REVOKE ALL ON FUNCTION app.audit_entry_hash(entry public.gdpr_audit_log) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.audits_platform() FROM PUBLIC;
GRANT ALL ON FUNCTION app.audits_platform() TO authenticated;
REVOKE ALL ON FUNCTION app.begin_request(claims jsonb, timeout_ms integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.begin_request(claims jsonb, timeout_ms integer) TO flow_api;
REVOKE ALL ON FUNCTION app.begin_service(timeout_ms integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.begin_service(timeout_ms integer) TO flow_worker;
REVOKE ALL ON FUNCTION app.chain_audit_entry() FROM PUBLIC;
REVOKE ALL ON FUNCTION app.check_marketing_consent(p_restaurant_id uuid, p_subjects text[], p_channel text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.check_marketing_consent(p_restaurant_id uuid, p_subjects text[], p_channel text, p_at timestamp with time zone) TO service_role;
REVOKE ALL ON FUNCTION app.consent_in_force(p_restaurant_id uuid, p_subjects text[], p_consent_type text, p_channel text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.consent_in_force(p_restaurant_id uuid, p_subjects text[], p_consent_type text, p_channel text, p_at timestamp with time zone) TO service_role;
REVOKE ALL ON FUNCTION app.drop_partition(part text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.drop_partition(part text) TO service_role;
REVOKE ALL ON FUNCTION app.end_support_access(an_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.end_support_access(an_id uuid) TO authenticated;
REVOKE ALL ON FUNCTION app.erase_account(an_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.erase_account(an_id uuid) TO service_role;
REVOKE ALL ON FUNCTION app.expect_none(how_many bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION app.expect_none(how_many bigint) TO service_role;
REVOKE ALL ON FUNCTION app.expire_audit(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.expire_audit(most integer) TO service_role;
REVOKE ALL ON FUNCTION app.expire_consents(p_before timestamp with time zone, p_most integer, p_held text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION app.expire_consents(p_before timestamp with time zone, p_most integer, p_held text[]) TO service_role;
REVOKE ALL ON FUNCTION app.expire_support_accesses() FROM PUBLIC;
GRANT ALL ON FUNCTION app.expire_support_accesses() TO service_role;
REVOKE ALL ON FUNCTION app.grants_of(a_user uuid, a_session uuid, claimed_aal text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.grants_of(a_user uuid, a_session uuid, claimed_aal text) TO flow_api;
REVOKE ALL ON FUNCTION app.grants_of_key(a_restaurant uuid, a_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.grants_of_key(a_restaurant uuid, a_key uuid) TO flow_api;
REVOKE ALL ON FUNCTION app.has_second_factor() FROM PUBLIC;
GRANT ALL ON FUNCTION app.has_second_factor() TO authenticated;
GRANT ALL ON FUNCTION app.has_second_factor() TO service_role;
REVOKE ALL ON FUNCTION app.is_active_order(a_restaurant uuid, an_order uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.is_active_order(a_restaurant uuid, an_order uuid) TO authenticated;
REVOKE ALL ON FUNCTION app.is_restricted(a_restaurant uuid, a_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.is_restricted(a_restaurant uuid, a_subject text) TO service_role;
REVOKE ALL ON FUNCTION app.lock_order(a_restaurant uuid, an_order uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.lock_order(a_restaurant uuid, an_order uuid) TO authenticated;
GRANT ALL ON FUNCTION app.lock_order(a_restaurant uuid, an_order uuid) TO service_role;
REVOKE ALL ON FUNCTION app.make_partitions(parent text, first_month date, last_month date) FROM PUBLIC;
GRANT ALL ON FUNCTION app.make_partitions(parent text, first_month date, last_month date) TO service_role;
REVOKE ALL ON FUNCTION app.may(permission text, a_restaurant uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.may(permission text, a_restaurant uuid) TO authenticated;
GRANT ALL ON FUNCTION app.may(permission text, a_restaurant uuid) TO service_role;
REVOKE ALL ON FUNCTION app.may_follow(before text, after text, fulfillment text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.may_follow(before text, after text, fulfillment text) TO authenticated;
GRANT ALL ON FUNCTION app.may_follow(before text, after text, fulfillment text) TO service_role;
GRANT SELECT ON TABLE public.orders TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orders TO service_role;
REVOKE ALL ON FUNCTION app.move_order(a_restaurant uuid, an_order uuid, new_status text, a_reason text, a_step uuid, a_mover uuid, moved_at timestamp with time zone, a_refund bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION app.move_order(a_restaurant uuid, an_order uuid, new_status text, a_reason text, a_step uuid, a_mover uuid, moved_at timestamp with time zone, a_refund bigint) TO authenticated;
GRANT ALL ON FUNCTION app.move_order(a_restaurant uuid, an_order uuid, new_status text, a_reason text, a_step uuid, a_mover uuid, moved_at timestamp with time zone, a_refund bigint) TO service_role;
GRANT SELECT ON TABLE public.support_accesses TO authenticated;
GRANT SELECT,DELETE ON TABLE public.support_accesses TO service_role;
REVOKE ALL ON FUNCTION app.open_support_access(an_id uuid, a_restaurant uuid, a_reason text, minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.open_support_access(an_id uuid, a_restaurant uuid, a_reason text, minutes integer) TO authenticated;
REVOKE ALL ON FUNCTION app.own_customers() FROM PUBLIC;
GRANT ALL ON FUNCTION app.own_customers() TO authenticated;
REVOKE ALL ON FUNCTION app.owns_order(a_restaurant uuid, an_order uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.owns_order(a_restaurant uuid, an_order uuid) TO authenticated;
REVOKE ALL ON FUNCTION app.record_consent(p_restaurant_id uuid, p_user_id uuid, p_subject text, p_consent_type text, p_channel text, p_granted boolean, p_consent_version text, p_consent_text text, p_collection_method text, p_ip_address inet, p_user_agent text, p_status text, p_confirms uuid, p_language text, p_recorded_by uuid, p_expires_at timestamp with time zone, p_at timestamp with time zone, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.record_consent(p_restaurant_id uuid, p_user_id uuid, p_subject text, p_consent_type text, p_channel text, p_granted boolean, p_consent_version text, p_consent_text text, p_collection_method text, p_ip_address inet, p_user_agent text, p_status text, p_confirms uuid, p_language text, p_recorded_by uuid, p_expires_at timestamp with time zone, p_at timestamp with time zone, p_id uuid) TO service_role;
REVOKE ALL ON FUNCTION app.record_events(a_restaurant uuid, an_order uuid, ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION app.record_events(a_restaurant uuid, an_order uuid, ids uuid[]) TO authenticated;
GRANT ALL ON FUNCTION app.record_events(a_restaurant uuid, an_order uuid, ids uuid[]) TO service_role;
REVOKE ALL ON FUNCTION app.record_refund(a_restaurant uuid, a_payment uuid, refund bigint, refund_reason text, refunded_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.record_refund(a_restaurant uuid, a_payment uuid, refund bigint, refund_reason text, refunded_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION app.record_refund(a_restaurant uuid, a_payment uuid, refund bigint, refund_reason text, refunded_at timestamp with time zone) TO service_role;
REVOKE ALL ON FUNCTION app.refresh_statistics(tables text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION app.refresh_statistics(tables text[]) TO service_role;
REVOKE ALL ON FUNCTION app.refuse_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION app.refuse_change_for_seven_years() FROM PUBLIC;
REVOKE ALL ON FUNCTION app.refuse_consent_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION app.request_refund(a_restaurant uuid, a_payment uuid, a_refund uuid, refund bigint, a_reason text, a_requester uuid, requested_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.request_refund(a_restaurant uuid, a_payment uuid, a_refund uuid, refund bigint, a_reason text, a_requester uuid, requested_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION app.request_refund(a_restaurant uuid, a_payment uuid, a_refund uuid, refund bigint, a_reason text, a_requester uuid, requested_at timestamp with time zone) TO service_role;
REVOKE ALL ON FUNCTION app.restaurants_to_support() FROM PUBLIC;
GRANT ALL ON FUNCTION app.restaurants_to_support() TO authenticated;
REVOKE ALL ON FUNCTION app.restaurants_with(permission text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.restaurants_with(permission text) TO authenticated;
GRANT ALL ON FUNCTION app.restaurants_with(permission text) TO service_role;
REVOKE ALL ON FUNCTION app.sees_orders_in_full() FROM PUBLIC;
GRANT ALL ON FUNCTION app.sees_orders_in_full() TO authenticated;
REVOKE ALL ON FUNCTION app.settings_of(claims jsonb, permissions jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.settings_of(claims jsonb, permissions jsonb) TO flow_api;
REVOKE ALL ON FUNCTION app.settle_payments(a_restaurant uuid, an_order uuid, settled_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.settle_payments(a_restaurant uuid, an_order uuid, settled_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION app.settle_payments(a_restaurant uuid, an_order uuid, settled_at timestamp with time zone) TO service_role;
REVOKE ALL ON FUNCTION app.settle_points(a_restaurant uuid, an_order uuid, a_transaction uuid, settled_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.settle_points(a_restaurant uuid, an_order uuid, a_transaction uuid, settled_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION app.settle_points(a_restaurant uuid, an_order uuid, a_transaction uuid, settled_at timestamp with time zone) TO service_role;
REVOKE ALL ON FUNCTION app.sole_admin_of(a_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.sole_admin_of(a_user uuid) TO service_role;
REVOKE ALL ON FUNCTION app.spend_form(a_restaurant uuid, a_form uuid, permission text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.spend_form(a_restaurant uuid, a_form uuid, permission text, at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION app.spend_form(a_restaurant uuid, a_form uuid, permission text, at timestamp with time zone) TO service_role;
REVOKE ALL ON FUNCTION app.user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION app.user_id() TO authenticated;
GRANT ALL ON FUNCTION app.user_id() TO service_role;
REVOKE ALL ON FUNCTION app.utc_text(a_time timestamp with time zone) FROM PUBLIC;
GRANT SELECT ON TABLE app.accounts TO service_role;
GRANT SELECT ON TABLE app.audit_chain TO service_role;
GRANT SELECT ON TABLE app.audit_checkpoints TO service_role;
GRANT INSERT(seq) ON TABLE app.audit_checkpoints TO service_role;
GRANT INSERT(hash) ON TABLE app.audit_checkpoints TO service_role;
GRANT INSERT(made_at) ON TABLE app.audit_checkpoints TO service_role;
GRANT INSERT(key_id) ON TABLE app.audit_checkpoints TO service_role;
GRANT INSERT(signature) ON TABLE app.audit_checkpoints TO service_role;
GRANT SELECT ON TABLE app.audit_expiries TO service_role;
GRANT SELECT ON TABLE app.audit_head TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.login_failures TO service_role;
GRANT SELECT ON TABLE app.login_sessions TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.login_sessions TO service_role;
GRANT UPDATE(ended_at) ON TABLE app.login_sessions TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.mails TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.password_resets TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE app.privacy_request_keys TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.recovery_codes TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.retention_tallies TO service_role;
GRANT SELECT ON TABLE app.role_permissions TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.user_credentials TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.visitor_salts TO service_role;
GRANT SELECT ON TABLE public.activities TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.activities TO service_role;
GRANT SELECT ON TABLE public.ai_conversations TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_conversations TO service_role;
GRANT SELECT,INSERT ON TABLE public.ai_feedback TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_feedback TO service_role;
GRANT SELECT ON TABLE public.ai_intents TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_intents TO service_role;
GRANT SELECT ON TABLE public.ai_messages TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_messages TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_keys TO service_role;
GRANT SELECT(restaurant_id) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(id) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(name) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(ending) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(scopes) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(created_by) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(created_at) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(expires_at) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(last_used_at) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(revoked_at) ON TABLE public.api_keys TO authenticated;
GRANT SELECT(revoked_by) ON TABLE public.api_keys TO authenticated;
GRANT SELECT ON TABLE public.api_logs TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_logs TO service_role;
GRANT SELECT ON TABLE public.benchmark_aggregates TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.benchmark_aggregates TO service_role;
GRANT SELECT,INSERT ON TABLE public.builder_configs TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.builder_configs TO service_role;
GRANT UPDATE(name) ON TABLE public.builder_configs TO authenticated;
GRANT UPDATE(config) ON TABLE public.builder_configs TO authenticated;
GRANT UPDATE(is_published) ON TABLE public.builder_configs TO authenticated;
GRANT UPDATE(published_at) ON TABLE public.builder_configs TO authenticated;
GRANT UPDATE(updated_by) ON TABLE public.builder_configs TO authenticated;
GRANT UPDATE(updated_at) ON TABLE public.builder_configs TO authenticated;
GRANT SELECT ON TABLE public.campaign_keywords TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaign_keywords TO service_role;
GRANT SELECT ON TABLE public.campaign_sends TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaign_sends TO service_role;
GRANT SELECT ON TABLE public.channel_attribution TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.channel_attribution TO service_role;
GRANT SELECT ON TABLE public.consent_confirmations TO authenticated;
GRANT SELECT,INSERT,DELETE ON TABLE public.consent_confirmations TO service_role;
GRANT UPDATE(attempts) ON TABLE public.consent_confirmations TO service_role;
GRANT UPDATE(next_attempt_at) ON TABLE public.consent_confirmations TO service_role;
GRANT SELECT ON TABLE public.consent_contacts TO authenticated;
GRANT SELECT,INSERT,DELETE ON TABLE public.consent_contacts TO service_role;
GRANT SELECT,INSERT ON TABLE public.consent_texts TO authenticated;
GRANT SELECT,INSERT ON TABLE public.consent_texts TO service_role;
GRANT SELECT ON TABLE public.courier_deliveries TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.courier_deliveries TO service_role;
GRANT SELECT ON TABLE public.customers TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.customers TO service_role;
GRANT SELECT ON TABLE public.daily_breakdowns TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_breakdowns TO service_role;
GRANT SELECT ON TABLE public.daily_calls TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_calls TO service_role;
GRANT SELECT ON TABLE public.daily_metrics TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_metrics TO service_role;
GRANT SELECT ON TABLE public.daily_restatements TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_restatements TO service_role;
GRANT SELECT ON TABLE public.discount_codes TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.discount_codes TO service_role;
GRANT SELECT ON TABLE public.dropped_events TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dropped_events TO service_role;
GRANT SELECT ON TABLE public.error_logs TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.error_logs TO service_role;
GRANT SELECT ON TABLE public.events TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.events TO service_role;
GRANT SELECT ON TABLE public.heatmap_events TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.heatmap_events TO service_role;
GRANT SELECT ON TABLE public.import_errors TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_errors TO service_role;
GRANT SELECT ON TABLE public.imports TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.imports TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.integration_configs TO service_role;
GRANT SELECT(restaurant_id) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(id) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(integration_type) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(integration_name) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(config) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(status) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(last_sync_at) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(last_error) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(created_at) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(updated_at) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(account) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(tested_at) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(connected_by) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(registered_at) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT(registration_error) ON TABLE public.integration_configs TO authenticated;
GRANT SELECT ON TABLE public.interactions TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.interactions TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invitations TO service_role;
GRANT SELECT(restaurant_id) ON TABLE public.invitations TO authenticated;
GRANT SELECT(id) ON TABLE public.invitations TO authenticated;
GRANT SELECT(email) ON TABLE public.invitations TO authenticated;
GRANT SELECT(role) ON TABLE public.invitations TO authenticated;
GRANT SELECT(invited_by) ON TABLE public.invitations TO authenticated;
GRANT SELECT(created_at) ON TABLE public.invitations TO authenticated;
GRANT SELECT(expires_at) ON TABLE public.invitations TO authenticated;
GRANT SELECT(accepted_at) ON TABLE public.invitations TO authenticated;
GRANT SELECT(accepted_by) ON TABLE public.invitations TO authenticated;
GRANT SELECT(revoked_at) ON TABLE public.invitations TO authenticated;
GRANT SELECT ON TABLE public.invoice_credits TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invoice_credits TO service_role;
GRANT SELECT ON TABLE public.invoice_customers TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invoice_customers TO service_role;
GRANT SELECT ON TABLE public.invoice_drafts TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invoice_drafts TO service_role;
GRANT SELECT,INSERT ON TABLE public.legal_holds TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.legal_holds TO service_role;
GRANT UPDATE(ended_at) ON TABLE public.legal_holds TO authenticated;
GRANT UPDATE(ended_by) ON TABLE public.legal_holds TO authenticated;
GRANT SELECT ON TABLE public.loyalty_points TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.loyalty_points TO service_role;
GRANT SELECT ON TABLE public.loyalty_transactions TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.loyalty_transactions TO service_role;
GRANT SELECT,INSERT ON TABLE public.marketing_campaigns TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.marketing_campaigns TO service_role;
GRANT UPDATE(name) ON TABLE public.marketing_campaigns TO authenticated;
GRANT UPDATE(status) ON TABLE public.marketing_campaigns TO authenticated;
GRANT UPDATE(subject) ON TABLE public.marketing_campaigns TO authenticated;
GRANT UPDATE(body) ON TABLE public.marketing_campaigns TO authenticated;
GRANT UPDATE(segment) ON TABLE public.marketing_campaigns TO authenticated;
GRANT UPDATE(scheduled_at) ON TABLE public.marketing_campaigns TO authenticated;
GRANT UPDATE(updated_at) ON TABLE public.marketing_campaigns TO authenticated;
GRANT SELECT ON TABLE public.messages TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO service_role;
GRANT SELECT ON TABLE public.notifications TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notifications TO service_role;
GRANT UPDATE(read_at) ON TABLE public.notifications TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.order_counters TO service_role;
GRANT SELECT ON TABLE public.order_items TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.order_items TO service_role;
GRANT SELECT ON TABLE public.order_status_changes TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.order_status_changes TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox_events TO service_role;
GRANT SELECT ON TABLE public.page_view_aggregates TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.page_view_aggregates TO service_role;
GRANT SELECT ON TABLE public.page_views TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.page_views TO service_role;
GRANT SELECT,INSERT,UPDATE ON TABLE public.payment_refunds TO service_role;
GRANT SELECT(restaurant_id) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(id) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(payment_id) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(order_id) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(amount) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(status) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(reason) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(created_at) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT(updated_at) ON TABLE public.payment_refunds TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payments TO service_role;
GRANT SELECT(restaurant_id) ON TABLE public.payments TO authenticated;
GRANT SELECT(id) ON TABLE public.payments TO authenticated;
GRANT SELECT(order_id) ON TABLE public.payments TO authenticated;
GRANT SELECT(amount) ON TABLE public.payments TO authenticated;
GRANT SELECT(currency) ON TABLE public.payments TO authenticated;
GRANT SELECT(status) ON TABLE public.payments TO authenticated;
GRANT SELECT(provider) ON TABLE public.payments TO authenticated;
GRANT SELECT(provider_transaction_id) ON TABLE public.payments TO authenticated;
GRANT SELECT(card_last_four) ON TABLE public.payments TO authenticated;
GRANT SELECT(card_brand) ON TABLE public.payments TO authenticated;
GRANT SELECT(refunded_amount) ON TABLE public.payments TO authenticated;
GRANT SELECT(refund_reason) ON TABLE public.payments TO authenticated;
GRANT SELECT(initiated_at) ON TABLE public.payments TO authenticated;
GRANT SELECT(completed_at) ON TABLE public.payments TO authenticated;
GRANT SELECT(failed_at) ON TABLE public.payments TO authenticated;
GRANT SELECT(created_at) ON TABLE public.payments TO authenticated;
GRANT SELECT(updated_at) ON TABLE public.payments TO authenticated;
GRANT SELECT(captured_amount) ON TABLE public.payments TO authenticated;
GRANT SELECT(refunding_amount) ON TABLE public.payments TO authenticated;
GRANT SELECT(dispute) ON TABLE public.payments TO authenticated;
GRANT SELECT(authorized_at) ON TABLE public.payments TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.privacy_request_steps TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.privacy_requests TO service_role;
GRANT SELECT(id) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(restaurant_id) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(kind) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(status) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(subject) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(subject_hint) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(user_id) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(identity_method) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(identity_note) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(identity_checked_by) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(identity_checked_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(received_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(due_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(extended_reason) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(extended_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(reminded) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(decided_by) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(decided_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(decision_reason) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(outcome) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(file_name) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(file_expires_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(completed_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(created_by) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(created_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT(updated_at) ON TABLE public.privacy_requests TO authenticated;
GRANT SELECT ON TABLE public.privacy_restrictions TO authenticated;
GRANT SELECT,INSERT,UPDATE ON TABLE public.privacy_restrictions TO service_role;
GRANT SELECT ON TABLE public.privacy_tombstones TO authenticated;
GRANT SELECT,INSERT ON TABLE public.privacy_tombstones TO service_role;
GRANT UPDATE(erased_at) ON TABLE public.privacy_tombstones TO service_role;
GRANT SELECT ON TABLE public.product_analytics TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_analytics TO service_role;
GRANT SELECT ON TABLE public.product_option_groups TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_option_groups TO service_role;
GRANT SELECT ON TABLE public.product_options TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_options TO service_role;
GRANT SELECT,INSERT ON TABLE public.product_prices TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_prices TO service_role;
GRANT SELECT,INSERT ON TABLE public.products TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.products TO service_role;
GRANT UPDATE(name) ON TABLE public.products TO authenticated;
GRANT UPDATE(description) ON TABLE public.products TO authenticated;
GRANT UPDATE(category) ON TABLE public.products TO authenticated;
GRANT UPDATE(sku) ON TABLE public.products TO authenticated;
GRANT UPDATE(price) ON TABLE public.products TO authenticated;
GRANT UPDATE(allergens) ON TABLE public.products TO authenticated;
GRANT UPDATE("position") ON TABLE public.products TO authenticated;
GRANT UPDATE(is_available) ON TABLE public.products TO authenticated;
GRANT UPDATE(is_active) ON TABLE public.products TO authenticated;
GRANT UPDATE(updated_at) ON TABLE public.products TO authenticated;
GRANT SELECT ON TABLE public.provider_calls TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.provider_calls TO service_role;
GRANT SELECT ON TABLE public.provider_differences TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.provider_differences TO service_role;
GRANT SELECT ON TABLE public.rejected_events TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rejected_events TO service_role;
GRANT UPDATE(replayed_at) ON TABLE public.rejected_events TO authenticated;
GRANT UPDATE(replay_outcome) ON TABLE public.rejected_events TO authenticated;
GRANT SELECT ON TABLE public.restaurants TO authenticated;
GRANT SELECT,INSERT,UPDATE ON TABLE public.restaurants TO service_role;
GRANT UPDATE(name) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(cvr) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(email) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(phone) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(address) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(postal_code) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(city) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(time_zone) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(business_day_cutoff_hour) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(language) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(delivery_fee) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(free_delivery_from) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(minimum_order) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(status) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(updated_at) ON TABLE public.restaurants TO authenticated;
GRANT UPDATE(financial_year_first_month) ON TABLE public.restaurants TO authenticated;
GRANT SELECT ON TABLE public.sessions TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO service_role;
GRANT SELECT ON TABLE public.site_keys TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.site_keys TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.spent_forms TO service_role;
GRANT SELECT,INSERT ON TABLE public.stale_days TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.stale_days TO service_role;
GRANT SELECT ON TABLE public.system_logs TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.system_logs TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_2fa_settings TO service_role;
GRANT SELECT(user_id) ON TABLE public.user_2fa_settings TO authenticated;
GRANT SELECT(method) ON TABLE public.user_2fa_settings TO authenticated;
GRANT SELECT(enabled_at) ON TABLE public.user_2fa_settings TO authenticated;
GRANT SELECT(created_at) ON TABLE public.user_2fa_settings TO authenticated;
GRANT SELECT ON TABLE public.user_consents TO authenticated;
GRANT SELECT,INSERT ON TABLE public.user_consents TO service_role;
GRANT SELECT ON TABLE public.user_restaurant_access TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_restaurant_access TO service_role;
GRANT SELECT ON TABLE public.user_roles TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_roles TO service_role;
GRANT SELECT ON TABLE public.webhook_attempts TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_attempts TO service_role;
GRANT SELECT ON TABLE public.webhook_deliveries TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoints TO service_role;
GRANT SELECT(restaurant_id) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(id) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(url) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(description) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(event_types) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(payload) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(status) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(disabled_reason) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(public_key) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(consecutive_failures) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(failing_since) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(paused_until) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(last_success_at) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(last_failure_at) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(last_error) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(created_by) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(created_at) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT(updated_at) ON TABLE public.webhook_endpoints TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_inbox TO service_role;
GRANT SELECT(restaurant_id) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(id) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(provider) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(event_type) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(status) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(reason) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(attempts) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(next_attempt_at) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(received_at) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT(processed_at) ON TABLE public.webhook_inbox TO authenticated;
GRANT SELECT ON TABLE public.webhook_logs TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_logs TO service_role;
GRANT SELECT ON TABLE public.webhook_refusals TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_refusals TO service_role;
GRANT SELECT ON TABLE public.wolt_orders TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wolt_orders TO service_role;
