-- name: find_factor -> Factor
-- A user's second factor, in force or waiting for its first code.
select user_id, secret_sealed, enabled_at, locked_until from public.user_2fa_settings where user_id = :user_id;

-- name: state -> FactorState
-- What the owner of a second factor sees of it.
select f.enabled_at, (select count(*) from app.recovery_codes c where c.user_id = f.user_id and c.used_at is null)::int
    as recovery_codes_left
from public.user_2fa_settings f where f.user_id = :user_id;

-- name: propose
-- Keeps a new secret that waits for its first code; one in force is left alone.
insert into public.user_2fa_settings (user_id, secret_sealed, created_at)
values (:user_id, :secret_sealed, :at)
on conflict (user_id) do update
set secret_sealed = excluded.secret_sealed, created_at = excluded.created_at, last_step = 0
where user_2fa_settings.enabled_at is null;

-- name: take_attempt -> AttemptTaken
-- Counts an attempt before its code is looked at, so that many at once are counted too; no row while it is locked.
update public.user_2fa_settings
set failed_attempts = failed_attempts + 1,
    locked_until = case
        when (failed_attempts + 1) % :most::int = 0
        then :now::timestamptz + least(
            :longest::interval, :shortest::interval * power(2, least((failed_attempts + 1) / :most::int - 1, 20)))
    end
where user_id = :user_id and (locked_until is null or locked_until <= :now)
returning secret_sealed, failed_attempts as failed, locked_until;

-- name: use_step
-- The right code came, for a later time step than every one before; none, if it was used already.
update public.user_2fa_settings set last_step = :step, failed_attempts = 0, locked_until = null
where user_id = :user_id and last_step < :step;

-- name: enable
-- From now on log-in asks for it.
update public.user_2fa_settings set enabled_at = :at where user_id = :user_id and enabled_at is null;

-- name: remove
-- The user has no second factor any more.
delete from public.user_2fa_settings where user_id = :user_id;

-- name: remove_recovery_codes
-- No recovery code of the user holds any more.
delete from app.recovery_codes where user_id = :user_id;

-- name: add_recovery_code
-- Keeps a recovery code's hash.
insert into app.recovery_codes (user_id, slot, code_hash) values (:user_id, :slot, :code_hash);

-- name: find_recovery_hash
-- The hash of a recovery code that was not used.
select code_hash from app.recovery_codes where user_id = :user_id and slot = :slot and used_at is null;

-- name: use_recovery_code
-- Marks a recovery code as used; none, if it was.
update app.recovery_codes set used_at = :at where user_id = :user_id and slot = :slot and used_at is null;

-- name: forget_failures
-- A recovery code came: its owner is no guesser, and may use the app's codes again.
update public.user_2fa_settings set failed_attempts = 0, locked_until = null where user_id = :user_id;
