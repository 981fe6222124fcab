-- What a table of a tenant must not have, if the schema is to run on one PostgreSQL, Supabase and a cluster that
-- distributes by restaurant. Plain catalogue queries; every row is a violation. A table is a tenant's when its comment
-- begins with "tenant:".
with tenant_table as (
    select c.oid, c.relname as name, c.relrowsecurity, a.attnum as tenant_key, a.attnotnull, a.attgenerated
    from pg_class c
    left join pg_attribute a on a.attrelid = c.oid and a.attname = 'restaurant_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition
      and obj_description(c.oid, 'pg_class') like 'tenant:%'
)
select 'has no column restaurant_id' as rule, name as place from tenant_table where tenant_key is null
union all
select 'restaurant_id may be null', name from tenant_table where not attnotnull
union all
select 'restaurant_id is generated', name from tenant_table where attgenerated <> ''
union all
select 'has no primary key', name from tenant_table t
where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)
union all
select 'unique or exclusion without restaurant_id', i.indexrelid::regclass::text
from tenant_table t join pg_index i on i.indrelid = t.oid
where (i.indisunique or i.indisexclusion) and t.tenant_key <> all (i.indkey::int2[])
union all
select 'restaurant_id does not lead the index', i.indexrelid::regclass::text
from tenant_table t join pg_index i on i.indrelid = t.oid
where i.indkey[0] <> t.tenant_key and i.indexrelid::regclass::text not in ('orders_user', 'customers_user')
union all
select 'foreign key between tenants'' tables does not pair restaurant_id', f.conname
from pg_constraint f join tenant_table a on a.oid = f.conrelid join tenant_table b on b.oid = f.confrelid
where f.contype = 'f' and not exists (
    select from generate_subscripts(f.conkey, 1) s
    where f.conkey[s] = a.tenant_key and f.confkey[s] = b.tenant_key)
union all
select 'foreign key changes restaurant_id by itself', f.conname
from pg_constraint f join tenant_table t on t.oid = f.conrelid
where f.contype = 'f' and t.tenant_key = any (f.conkey) and (f.confdeltype in ('n', 'd') or f.confupdtype in ('n', 'd', 'c'))
union all
select 'row level security is off', name from tenant_table where not relrowsecurity
union all
select 'policy holds a subquery', p.polname
from pg_policy p
where concat(p.polqual::text, p.polwithcheck::text) like '%{SUBLINK%'
union all
select 'has a trigger', g.tgname
from tenant_table t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal
union all
select 'has a rule', r.rulename
from tenant_table t join pg_rewrite r on r.ev_class = t.oid
union all
select 'partition can be read past its parent', c.relname
from pg_class c cross join (values ('anon'), ('authenticated')) as role (name)
where c.relispartition and c.relkind = 'r'
  and (not c.relrowsecurity
       or (has_table_privilege(role.name, c.oid, 'select') and has_schema_privilege(role.name, c.relnamespace, 'usage')))
