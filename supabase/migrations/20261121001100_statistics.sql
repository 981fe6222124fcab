-- Statistics for the planner, where many rows come in one transaction and are asked about within it or right after:
-- autovacuum would see them a minute after the commit. The service does not own the tables, so it needs this door.

create function app.refresh_statistics(tables text[]) returns void
    language plpgsql security definer set search_path = ''
    as $$
declare
    a_table text;
begin
    foreach a_table in array tables loop
        execute format('analyze public.%I', a_table);
    end loop;
end
$$;
comment on function app.refresh_statistics(text[]) is
    'Analyzes tables of schema public, rows of the running transaction included.';
grant execute on function app.refresh_statistics(text[]) to service_role;
