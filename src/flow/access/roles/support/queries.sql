-- name: open_access -> SupportAccess
-- Opens the door, and notes it in the audit log.
select a.id, a.restaurant_id, a.user_id, a.reason, a.granted_at, a.expires_at, a.ended_at
from app.open_support_access(:id, :restaurant_id, :reason, :minutes) a;

-- name: end_access
-- Closes the door, and notes it in the audit log; false when none was open.
select app.end_support_access(:id);

-- name: accesses -> SupportAccess
-- The accesses that the caller may know of, the latest first: one's own, and those to restaurants whose people one sees.
select id, restaurant_id, user_id, reason, granted_at, expires_at, ended_at
from public.support_accesses
where :restaurant_id::uuid is null or restaurant_id = :restaurant_id
order by granted_at desc, id desc
limit :most;

-- name: supported -> Supported
-- The restaurants to which the caller may open the door.
select id, name from app.restaurants_to_support();

-- name: expire
-- Notes in the audit log which accesses ran out; how many.
select app.expire_support_accesses();
