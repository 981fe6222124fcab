-- name: record
-- Adds an entry; the log takes no other change.
insert into public.gdpr_audit_log
    (id, restaurant_id, action, description, reason, performed_by, performed_by_role, subject, legal_basis, after,
     request_id, created_at)
values (:id, :restaurant_id, :action, :description, :reason, :performed_by, :performed_by_role, :subject, :legal_basis,
    :facts, :request_id, :at);

-- name: chain_state -> ChainState
-- Where the chain begins and ends: its last link, and the last one that was deleted after seven years.
select h.seq, h.hash, coalesce(e.through_seq, 0) as expired_through, e.hash as expired_hash
from app.audit_head h
left join lateral (
    select x.through_seq, x.hash from app.audit_expiries x order by x.through_seq desc limit 1
) e on true;

-- name: links -> Link
-- The next links of the chain with the entries they name, in order.
select c.seq, c.entry_id, c.entry_hash, c.hash, l.id is not null as has_entry,
    array[
        l.id::text, l.restaurant_id::text, l.action, l.description, l.reason, l.performed_by::text,
        l.performed_by_role, l.subject, l.legal_basis, l.before::text, l.after::text, l.request_id,
        to_char(l.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        to_char(l.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        l.recorded_by
    ] as fields
from app.audit_chain c
left join public.gdpr_audit_log l on l.id = c.entry_id
where c.seq > :after
order by c.seq
limit :most;

-- name: unchained
-- Entries of the log that no link names.
select l.id from public.gdpr_audit_log l
where not exists (select from app.audit_chain c where c.entry_id = l.id)
order by l.id
limit :most;

-- name: checkpoints -> Checkpoint
-- Every signed state of the chain that is kept, oldest first.
select p.seq, p.hash, p.made_at, p.key_id, p.signature from app.audit_checkpoints p order by p.seq, p.made_at;

-- name: last_checkpoint_seq
-- How far the last checkpoint by this key reaches; null without one.
select max(p.seq) from app.audit_checkpoints p where p.key_id = :key_id;

-- name: add_checkpoint
-- Keeps a signed state of the chain.
insert into app.audit_checkpoints (seq, hash, made_at, key_id, signature)
values (:seq, :hash, :made_at, :key_id, :signature)
on conflict (seq, key_id) do nothing;

-- name: expire
-- Deletes the oldest entries, if they are older than seven years; how many.
select app.expire_audit(:most);

-- name: shops -> Shop
-- Restaurants whose log the caller may read.
select r.id, r.name, r.time_zone from public.restaurants r where r.id = any (:ids) order by r.name, r.id;

-- name: audits_platform
-- Whether the caller reads what concerns the platform and no single restaurant.
select app.audits_platform();

-- name: entries -> Entry
-- Entries of a restaurant, or of the platform (no restaurant), newest first; those before a moment and an id.
select l.id, l.restaurant_id, l.action, l.description, l.reason, l.performed_by, l.performed_by_role, l.subject,
    l.legal_basis, l.after, l.request_id, l.created_at
from public.gdpr_audit_log l
where (l.restaurant_id = :restaurant_id or (:restaurant_id::uuid is null and l.restaurant_id is null))
    and l.created_at >= :since and l.created_at < :until
    and (:action::text is null or l.action = :action)
    and (:performed_by::uuid is null or l.performed_by = :performed_by)
    and (:subjects::text[] is null or l.subject = any (:subjects))
    and (:before_at::timestamptz is null or (l.created_at, l.id) < (:before_at, :before_id::uuid))
order by l.created_at desc, l.id desc
limit :most;

-- name: actions
-- The kinds of entries of a restaurant, or of the platform, in some days.
select distinct l.action from public.gdpr_audit_log l
where (l.restaurant_id = :restaurant_id or (:restaurant_id::uuid is null and l.restaurant_id is null))
    and l.created_at >= :since and l.created_at < :until
order by l.action;

-- name: people
-- The people who wrote entries of a restaurant, or of the platform, in some days.
select distinct l.performed_by from public.gdpr_audit_log l
where (l.restaurant_id = :restaurant_id or (:restaurant_id::uuid is null and l.restaurant_id is null))
    and l.created_at >= :since and l.created_at < :until and l.performed_by is not null
limit 200;

-- name: names_of -> Person
-- What people call those who wrote entries; the service asks, for ids that the caller has seen in the log.
select a.id, a.name, a.email from app.accounts a where a.id = any (:ids);

-- name: last_checkpoint_at
-- When the chain's state was last signed; null without a checkpoint.
select max(p.made_at) from app.audit_checkpoints p;
