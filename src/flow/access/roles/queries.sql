-- name: names_of_users -> Named
-- What people are called; the service asks, for those whom a page shows.
select id, coalesce(nullif(name, ''), email) as name from app.accounts where id = any (:ids);

-- name: names_of_restaurants -> Named
-- What restaurants are called.
select id, name from public.restaurants where id = any (:ids);
