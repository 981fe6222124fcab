-- name: post
-- Adds a mail to those that wait.
insert into app.mails (id, sealed, kind, created_at, next_attempt_at) values (:id, :sealed, :kind, :at, :at);

-- name: claim -> WaitingMail
-- Takes the longest waiting mail and puts its next attempt off, so that no other worker takes it and a crash loses nothing.
update app.mails m set attempts = m.attempts + 1, next_attempt_at = :again_at
from (
    select w.id from app.mails w
    where w.next_attempt_at <= :now
    order by w.next_attempt_at
    limit 1
    for update skip locked
) due
where m.id = due.id
returning m.id, m.sealed, m.attempts::int, m.created_at;

-- name: note_sent
-- The mail has left: its text and address are wiped.
update app.mails set sealed = null, sent_at = :at, next_attempt_at = null, last_error = null where id = :id;

-- name: note_failure
-- The mail has not left; it waits for another time, or is given up and wiped when there is none.
update app.mails set next_attempt_at = :again_at::timestamptz, last_error = :error,
    sealed = case when :again_at::timestamptz is null then null else sealed end
where id = :id;

-- name: forget
-- Deletes what is left of mails that went out or were given up long ago.
delete from app.mails where next_attempt_at is null and created_at < :before;

-- name: state -> MailState
-- How the post is doing.
select
    count(*) filter (where next_attempt_at is not null) as waiting,
    count(*) filter (where next_attempt_at is null and sent_at is null) as given_up,
    min(created_at) filter (where next_attempt_at is not null) as oldest
from app.mails;
