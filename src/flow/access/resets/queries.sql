-- name: ask
-- Writes a wish down.
insert into app.password_resets (id, email_sealed, language, requested_at)
values (:id, :email_sealed, :language, :at);

-- name: waiting -> Wish
-- Wishes that no job has looked at, the oldest first; another worker's are stepped over.
select id, email_sealed, language, requested_at from app.password_resets
where email_sealed is not null
order by requested_at
limit :most
for update skip locked;

-- name: find_account
-- The user who logs in with this address and a password, or nothing.
select a.id from app.accounts a join app.user_credentials c on c.user_id = a.id
where a.email = :email and not a.is_barred;

-- name: recent_links
-- How many links a user got since a moment.
select count(*)::int from app.password_resets
where user_id = :user_id and requested_at > :since and token_hash is not null;

-- name: end_links
-- No link that was sent to the user before holds any more.
update app.password_resets set used_at = :at where user_id = :user_id and used_at is null;

-- name: answer
-- The wish becomes a link.
update app.password_resets
set email_sealed = null, user_id = :user_id, token_hash = :token_hash, expires_at = :expires_at
where id = :id;

-- name: drop_wish
-- Nobody's address: nothing of the wish is kept.
delete from app.password_resets where id = :id;

-- name: find_reset -> OpenReset
-- The link if it holds.
select r.id, r.user_id, a.email from app.password_resets r join app.accounts a on a.id = r.user_id
where r.id = :id and r.token_hash = :token_hash and r.used_at is null and r.expires_at > :now and not a.is_barred;

-- name: use_reset
-- Uses a link up; none, if it was used or has run out.
update app.password_resets set used_at = :at
where id = :id and token_hash = :token_hash and used_at is null and expires_at > :at;
