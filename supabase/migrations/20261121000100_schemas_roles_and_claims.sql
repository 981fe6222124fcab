-- Schemas, the roles that processes log in as, and the functions that policies call.
--   app    FLOW's own functions and private tables; not exposed by any API
--   parts  monthly partitions; API roles have no USAGE, so a partition is reached through its parent alone

create schema app;
create schema parts;
comment on schema app is 'Functions and private tables of FLOW; not exposed.';
comment on schema parts is 'Partitions; reached through their parents only.';

do $$
begin
    if to_regrole('flow_api') is null then
        create role flow_api nologin noinherit;
    end if;
    if to_regrole('flow_worker') is null then
        create role flow_worker nologin noinherit;
    end if;
end
$$;
grant anon, authenticated to flow_api;
grant service_role to flow_worker;

alter default privileges revoke execute on functions from public;
grant usage on schema app to anon, authenticated, service_role, flow_api, flow_worker;
grant usage on schema parts to service_role;

-- The restaurants in which the caller holds a permission, out of the claims that began the transaction.
-- Inlinable (one SELECT, no SET, no SECURITY DEFINER): `restaurant_id = any (…)` becomes an index condition.
create function app.restaurants_with(permission text) returns uuid[]
    language sql stable parallel safe
    as $$
        select (
            nullif(current_setting('request.jwt.claims', true), '')::jsonb
            #>> array['app_metadata', 'grants', permission]
        )::uuid[]
    $$;
comment on function app.restaurants_with(text) is
    'Restaurants in which the current claims hold the permission; null (no rows) without claims.';
grant execute on function app.restaurants_with(text) to authenticated, service_role;

-- Like auth.uid(), but parallel safe, so that a policy does not forbid parallel plans.
create function app.user_id() returns uuid
    language sql stable parallel safe
    as $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
comment on function app.user_id() is 'The user of the current claims, or null.';
grant execute on function app.user_id() to authenticated, service_role;
