-- The two doors that begin a transaction. Claims and role are set by SET LOCAL statements inside a function: they end
-- with the transaction, travel on a distributed database, and take the values as parameters.

-- What a user may do now: {"grants": {permission: "{uuid,…}"}, "platform_roles": […]}; null when the log-in has ended.
-- Only flow_api may ask; it verified the token that the user id comes from.
create function app.grants_of(a_user uuid, a_session uuid) returns jsonb
    language sql stable security definer set search_path = ''
    as $$
        with platform as (
            select r.role from public.user_roles r where r.user_id = a_user
        ),
        held as (
            select a.restaurant_id, a.role from public.user_restaurant_access a where a.user_id = a_user
            union
            select r.id, p.role from platform p cross join public.restaurants r
        ),
        granted as (
            select p.permission, array_agg(distinct h.restaurant_id) as restaurants
            from held h join app.role_permissions p on p.role = h.role
            group by p.permission
        )
        select jsonb_build_object(
            'grants', coalesce((select jsonb_object_agg(g.permission, g.restaurants::text) from granted g), '{}'),
            'platform_roles', coalesce((select jsonb_agg(p.role order by p.role) from platform p), '[]'))
        where a_session is null or exists (
            select from app.login_sessions s
            where s.id = a_session and s.user_id = a_user and s.ended_at is null and s.expires_at > now())
    $$;
comment on function app.grants_of(uuid, uuid) is
    'Permissions of a user out of memberships and platform roles; null when the log-in has ended.';
grant execute on function app.grants_of(uuid, uuid) to flow_api;

-- Begins a request: looks the memberships up, sets claims and role for this transaction, answers the permissions.
create function app.begin_request(claims jsonb, timeout_ms integer) returns jsonb
    language plpgsql set search_path = ''
    as $$
declare
    permissions jsonb := app.grants_of((claims ->> 'sub')::uuid, (claims ->> 'session_id')::uuid);
    session_claims jsonb;
begin
    if permissions is null then
        return null;
    end if;
    session_claims := jsonb_set(
        claims, '{app_metadata}',
        coalesce(claims -> 'app_metadata', '{}') || jsonb_build_object('grants', permissions -> 'grants'));
    execute format('set local request.jwt.claims = %L', session_claims::text);
    execute 'set local "request.jwt.claim.sub" = ''''';
    execute format('set local statement_timeout = %s', timeout_ms);
    execute 'set local role authenticated';
    return permissions;
end
$$;
comment on function app.begin_request(jsonb, integer) is 'First statement of a user''s transaction.';
grant execute on function app.begin_request(jsonb, integer) to flow_api;

-- Begins a transaction of the service.
create function app.begin_service(timeout_ms integer) returns void
    language plpgsql set search_path = ''
    as $$
begin
    execute 'set local request.jwt.claims = ''{"role":"service_role"}''';
    execute format('set local statement_timeout = %s', timeout_ms);
    execute 'set local role service_role';
end
$$;
comment on function app.begin_service(integer) is 'First statement of a service transaction.';
grant execute on function app.begin_service(integer) to flow_worker;
