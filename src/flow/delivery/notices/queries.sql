-- name: notices_of -> Notice
-- The newest notifications of a restaurant for this reader, unread ones first.
select id, kind, severity, title, body, facts, link, created_at, read_at
from public.notifications
where restaurant_id = :restaurant_id and (user_id is null or user_id = :user_id)
order by read_at is not null, created_at desc, id desc
limit :most

-- name: mark_read
-- The reader has seen them; one, or all until a moment.
update public.notifications
set read_at = :now
where restaurant_id = :restaurant_id and read_at is null and (user_id is null or user_id = :user_id)
  and created_at <= :now and (:id::uuid is null or id = :id)
