-- name: column_types
-- The columns of a table with the OIDs of their types.
select attname::text, atttypid::bigint
from pg_catalog.pg_attribute
where attrelid = (:table_name::text)::regclass and attnum > 0 and not attisdropped
