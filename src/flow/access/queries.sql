-- name: find_credentials -> Credentials
-- The user who logs in with this address (lower case), if any.
select a.id as user_id, a.email, a.name, a.is_barred, c.password_hash,
    f.enabled_at is not null as has_second_factor
from app.accounts a
join app.user_credentials c on c.user_id = a.id
left join public.user_2fa_settings f on f.user_id = a.id
where a.email = :email;

-- name: credentials_of -> Credentials
-- The same of a user who is known already.
select a.id as user_id, a.email, a.name, a.is_barred, c.password_hash,
    f.enabled_at is not null as has_second_factor
from app.accounts a
join app.user_credentials c on c.user_id = a.id
left join public.user_2fa_settings f on f.user_id = a.id
where a.id = :user_id;

-- name: add_user
-- A new user; false when the address is taken.
select app.add_user(:id, :email, :name, :at);

-- name: put_password
-- Sets a password.
insert into app.user_credentials (user_id, password_hash, password_changed_at)
values (:user_id, :password_hash, :at)
on conflict (user_id) do update
set password_hash = excluded.password_hash, password_changed_at = excluded.password_changed_at;

-- name: replace_hash
-- The same password, hashed with today's parameters.
update app.user_credentials set password_hash = :password_hash where user_id = :user_id;

-- name: take_attempt
-- Counts an attempt before its password is looked at, so that many at once are counted too; the `most`-th in a row locks
-- the address. Answers whether this one did; no row while it is locked.
insert into app.login_failures as f (email_hash, failed_attempts, updated_at)
values (:email_hash, 1, :now)
on conflict (email_hash) do update
set failed_attempts = (f.failed_attempts + 1) % :most::int,
    locked_until = case when f.failed_attempts + 1 >= :most::int then :until::timestamptz end,
    updated_at = excluded.updated_at
where f.locked_until is null or f.locked_until <= :now
returning failed_attempts = 0;

-- name: locked_until
-- Until when an address is locked.
select locked_until from app.login_failures where email_hash = :email_hash;

-- name: forget_failures
-- The right password came.
delete from app.login_failures where email_hash = :email_hash;

-- name: open_session
-- A new log-in.
insert into app.login_sessions (id, user_id, created_at, last_seen_at, expires_at, device, aal)
values (:id, :user_id, :at, :at, :expires_at, :device, :aal);

-- name: touch_session -> LiveSession
-- Notes that the session is in use; no row when it has ended or its user is barred.
update app.login_sessions s set last_seen_at = greatest(s.last_seen_at, :now)
from app.accounts a
where s.id = :id and s.user_id = :user_id and s.ended_at is null and s.expires_at > :now
  and a.id = s.user_id and not a.is_barred
returning s.id, s.user_id, a.email, a.name, s.created_at, s.expires_at, s.aal;

-- name: own_sessions -> OwnSession
-- The caller's log-ins that have not ended, the latest used first.
select id, device, created_at, last_seen_at, aal
from app.login_sessions
where user_id = app.user_id() and ended_at is null and expires_at > :now
order by last_seen_at desc, id desc;

-- name: end_session
-- Ends one log-in of a user.
update app.login_sessions set ended_at = :now where user_id = :user_id and id = :id and ended_at is null;

-- name: end_own_session
-- Ends one of the caller's log-ins.
update app.login_sessions set ended_at = :now
where user_id = app.user_id() and id = :id and ended_at is null;

-- name: end_sessions_but
-- Ends all log-ins of a user except one.
update app.login_sessions set ended_at = :now
where user_id = :user_id and id <> :kept and ended_at is null;

-- name: end_sessions_of
-- Ends all log-ins of a user, as after a change of password.
update app.login_sessions set ended_at = :now where user_id = :user_id and ended_at is null;

-- name: put_membership
-- Gives a user a role in a restaurant, in place of the one before.
insert into public.user_restaurant_access (restaurant_id, user_id, role, created_at, created_by)
values (:restaurant_id, :user_id, :role, :at, :by)
on conflict (restaurant_id, user_id) do update
set role = excluded.role, created_at = excluded.created_at, created_by = excluded.created_by;

-- name: remove_membership
-- Takes a user's role in a restaurant away.
delete from public.user_restaurant_access where restaurant_id = :restaurant_id and user_id = :user_id;

-- name: put_platform_role
-- Gives a user a role on the whole platform.
insert into public.user_roles (user_id, role, created_at, created_by)
values (:user_id, :role, :at, :by)
on conflict do nothing;

-- name: forget_sessions
-- Deletes log-ins that ended or ran out before a moment.
delete from app.login_sessions where least(ended_at, expires_at) < :before;

-- name: workplaces -> Workplace
-- These restaurants, by name.
select id, name from public.restaurants where id = any (:ids::uuid[]) order by name, id;

-- name: note
-- Adds an entry to the audit log.
insert into public.gdpr_audit_log
    (id, restaurant_id, action, description, performed_by, performed_by_role, subject, after, created_at)
values (:id, :restaurant_id, :action, :description, :performed_by, :performed_by_role, :subject, :facts, :at);
