-- name: list_columns -> ColumnRow
-- Every column of every table, with what the walk over all tables needs to know of it.
select
    n.nspname::text as schema_name, c.relname::text as table_name, a.attname::text as column_name,
    t.typname::text as type_name, pg_get_expr(d.adbin, d.adrelid) as default_value, a.attnotnull as is_required,
    a.attgenerated <> '' or a.attidentity = 'a' as is_generated, array_position(i.indkey::int2[], a.attnum) as key_position,
    exists (
        select from pg_index u where u.indrelid = c.oid and u.indisunique and not u.indisprimary and a.attnum = any (u.indkey)
    ) as is_unique,
    has_column_privilege(c.oid, a.attnum, 'update') as may_update, has_table_privilege(c.oid, 'delete') as may_delete
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
left join pg_index i on i.indrelid = c.oid and i.indisprimary
where n.nspname in ('public', 'app') and c.relkind in ('r', 'p') and not c.relispartition
  and has_any_column_privilege(c.oid, 'select')
order by 1, 2, a.attnum

-- name: list_references -> ReferenceRow
-- Every foreign key between tables, with the column beside restaurant_id that points.
select
    n.nspname::text as schema_name, c.relname::text as table_name,
    (select a.attname::text from pg_attribute a
     where a.attrelid = f.conrelid and a.attnum = any (f.conkey) and a.attname <> 'restaurant_id' limit 1) as column_name,
    p.relname::text as target_name,
    (select a.attname::text from pg_attribute a
     where a.attrelid = f.confrelid and a.attnum = any (f.confkey) and a.attname <> 'restaurant_id' limit 1) as target_column
from pg_constraint f
join pg_class c on c.oid = f.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class p on p.oid = f.confrelid
where f.contype = 'f' and not c.relispartition and n.nspname in ('public', 'app')
  and p.relnamespace = any (array['public'::regnamespace, 'app'::regnamespace])
order by 2, 3

-- name: add_request
-- A request that has come in.
insert into public.privacy_requests
    (id, restaurant_id, kind, subject, subject_hint, sealed, user_id, received_at, due_at, created_by, created_at, updated_at)
values
    (:id, :restaurant_id, :kind, :subject, :subject_hint, :sealed, :user_id, :received_at, :due_at, :created_by, :now, :now)

-- name: find_request -> PrivacyRequest
-- One request.
select
    id, restaurant_id, kind, status, subject, subject_hint, user_id, identity_method, identity_note, identity_checked_by,
    identity_checked_at, received_at, due_at, extended_reason, extended_at, reminded, decided_by, decided_at,
    decision_reason, outcome, file_name, file_expires_at, completed_at
from public.privacy_requests
where id = :id

-- name: lock_request -> PrivacyRequest
-- One request, for a change that depends on how it stands.
select
    id, restaurant_id, kind, status, subject, subject_hint, user_id, identity_method, identity_note, identity_checked_by,
    identity_checked_at, received_at, due_at, extended_reason, extended_at, reminded, decided_by, decided_at,
    decision_reason, outcome, file_name, file_expires_at, completed_at
from public.privacy_requests
where id = :id
for update

-- name: list_requests -> PrivacyRequest
-- The requests of some restaurants, and those with FLOW itself where asked for; open ones first, by what is due first.
select
    id, restaurant_id, kind, status, subject, subject_hint, user_id, identity_method, identity_note, identity_checked_by,
    identity_checked_at, received_at, due_at, extended_reason, extended_at, reminded, decided_by, decided_at,
    decision_reason, outcome, file_name, file_expires_at, completed_at
from public.privacy_requests
where restaurant_id = any (:restaurants) or (:with_platform and restaurant_id is null)
order by
    status in ('completed', 'refused'), case when status in ('completed', 'refused') then null else due_at end,
    coalesce(completed_at, decided_at) desc, id desc
limit :most

-- name: list_running
-- The requests that a job has to go on with, the oldest decision first.
select id from public.privacy_requests where status = 'running' order by decided_at, id

-- name: sealed_contacts
-- What is sealed of a request's person.
select sealed from public.privacy_requests where id = :id

-- name: keep_sealed
-- Seals what was learnt of the person beside what they gave.
update public.privacy_requests set sealed = :sealed, updated_at = :now where id = :id

-- name: note_identity
-- How it was made sure who asks, and by whom.
update public.privacy_requests
set identity_method = :method, identity_note = :note, identity_checked_by = :checked_by, identity_checked_at = :now,
    updated_at = :now
where id = :id

-- name: extend
-- A later deadline, with the reason for it.
update public.privacy_requests
set due_at = :due_at, extended_reason = :reason, extended_at = :now, reminded = 0, updated_at = :now
where id = :id

-- name: decide
-- What was decided, by whom and why.
update public.privacy_requests
set status = :status, decided_by = :decided_by, decided_at = coalesce(decided_at, :now), decision_reason = :reason,
    completed_at = case when :status = 'refused' then :now::timestamptz end,
    sealed = case when :status = 'refused' then null else sealed end,
    updated_at = :now
where id = :id

-- name: set_status
-- A state that the job found: held back, failed, running again.
update public.privacy_requests set status = :status, updated_at = :now where id = :id

-- name: note_outcome
-- Adds to what is known of the outcome.
update public.privacy_requests
set outcome = coalesce(outcome, '{}') || :outcome::jsonb, updated_at = :now
where id = :id

-- name: complete
-- Closes a request; nothing of the contact is left on it when the person was erased.
update public.privacy_requests
set status = 'completed', completed_at = :now, outcome = coalesce(outcome, '{}') || :outcome::jsonb, sealed = null,
    subject_hint = case when :forget then null else subject_hint end,
    user_id = case when :forget then null else user_id end,
    file_name = coalesce(:file_name, file_name), file_expires_at = coalesce(:file_expires_at, file_expires_at),
    updated_at = :now
where id = :id

-- name: forget_hints
-- Other requests of an erased person keep their pseudonym alone; answers which of their files are to go.
update public.privacy_requests
set subject_hint = null, user_id = null, identity_note = null, file_expires_at = least(file_expires_at, :now),
    sealed = case when status in ('completed', 'refused') then null else sealed end, updated_at = :now
where subject = any (:subjects) and id <> :id
  and ((:restaurant_id)::uuid is null or restaurant_id = :restaurant_id)
returning file_name

-- name: expired_files
-- Files whose time is over.
select file_name from public.privacy_requests where file_name is not null and file_expires_at <= :now

-- name: forget_file
-- A file that is gone.
update public.privacy_requests set file_name = null, updated_at = :now where file_name = :file_name

-- name: due_soon -> Due
-- Open requests that are due within a week or overdue, and of which less was told than there is to tell.
select id, restaurant_id, kind, due_at, reminded
from public.privacy_requests
where status in ('received', 'held', 'failed') and due_at <= :now::timestamptz + interval '7 days'
  and reminded < case
    when due_at <= :now::timestamptz then 3
    when due_at <= :now::timestamptz + interval '1 day' then 2
    else 1 end
order by due_at
for update skip locked

-- name: note_reminder
-- Remembers how far the reminders are.
update public.privacy_requests set reminded = :reminded where id = :id

-- name: notify_staff
-- A message to the restaurant's people; it names no one.
insert into public.notifications (restaurant_id, id, kind, severity, title, body, facts, link, created_at)
values (:restaurant_id, :id, 'privacy_request', :severity, :title, :body, :facts, :link, :now)

-- name: add_step
-- A rule on a table that the job is to go through.
insert into public.privacy_request_steps (request_id, position, table_name, rule)
values (:request_id, :position, :table_name, :rule)
on conflict (request_id, table_name, rule) do nothing

-- name: list_steps -> Step
-- How far a request is.
select position, table_name, rule, rows_found, rows_changed, rows_deleted, finished_at
from public.privacy_request_steps
where request_id = :request_id
order by position

-- name: count_step
-- Adds what a batch did, in the batch's own transaction.
update public.privacy_request_steps
set rows_found = rows_found + :found, rows_changed = rows_changed + :changed, rows_deleted = rows_deleted + :deleted,
    started_at = coalesce(started_at, :now), finished_at = case when :finished then :now::timestamptz end
where request_id = :request_id and table_name = :table_name and rule = :rule

-- name: add_key
-- An id that leads to the person's rows, as long as the job runs.
insert into app.privacy_request_keys (request_id, kind, key) values (:request_id, :kind, :key)
on conflict do nothing

-- name: list_keys
-- The ids that lead to the person's rows.
select kind, key from app.privacy_request_keys where request_id = :request_id

-- name: forget_keys
-- Deletes them.
delete from app.privacy_request_keys where request_id = :request_id

-- name: bookkeeping_of -> Bookkeeping
-- Sums over orders in øre: what an erasure must leave as it is.
select
    count(*)::bigint as orders, coalesce(sum(o.subtotal), 0)::bigint as subtotal, coalesce(sum(o.total), 0)::bigint as total,
    coalesce(sum(o.tax_amount), 0)::bigint as tax_amount, coalesce(sum(o.refunded_amount), 0)::bigint as refunded_amount,
    coalesce((select sum(i.line_total) from public.order_items i
              where i.order_id = any ((:orders)::uuid[])
                and ((:restaurants)::uuid[] is null or i.restaurant_id = any (:restaurants))), 0)::bigint as line_total,
    coalesce((select sum(p.amount) from public.payments p
              where p.order_id = any ((:orders)::uuid[])
                and ((:restaurants)::uuid[] is null or p.restaurant_id = any (:restaurants))), 0)::bigint as paid
from public.orders o
where o.id = any ((:orders)::uuid[]) and ((:restaurants)::uuid[] is null or o.restaurant_id = any (:restaurants))

-- name: sole_admin_of
-- Restaurants that would be without an administrator.
select app.sole_admin_of(:user_id)

-- name: erase_account
-- Deletes the account itself, with what hangs on it.
select app.erase_account(:user_id)

-- name: add_tombstone
-- Remembers an erased person; a later erasure of the same one moves the time on.
insert into public.privacy_tombstones (id, restaurant_id, subject, request_id, erased_at)
values (:id, :restaurant_id, :subject, :request_id, :erased_at)
on conflict (restaurant_id, subject)
do update set erased_at = greatest(public.privacy_tombstones.erased_at, excluded.erased_at)

-- name: list_tombstones -> Tombstone
-- Everybody who was erased.
select restaurant_id, subject, request_id, erased_at from public.privacy_tombstones

-- name: list_known_contacts -> KnownContact
-- Every contact and lasting id that stands in a column of its own, with the time of its first row.
select restaurant_id, contact, min(at) as first_at
from (
    select restaurant_id, phone as contact, created_at as at from public.customers where phone is not null
    union all select restaurant_id, email, created_at from public.customers where email is not null
    union all select restaurant_id, customer_phone, created_at from public.orders where customer_phone is not null
    union all select restaurant_id, customer_email, created_at from public.orders where customer_email is not null
    union all select restaurant_id, customer_phone, started_at from public.ai_conversations where customer_phone is not null
    union all select restaurant_id, contact, created_at from public.messages where contact is not null
    union all select restaurant_id, contact, created_at from public.campaign_sends where contact is not null
    union all select restaurant_id, contact, created_at from public.consent_contacts
    union all select restaurant_id, email, created_at from public.invitations
    union all select restaurant_id, visitor_id::text, started_at from public.sessions where is_consented
    union all select null, id::text, '-infinity' from app.accounts
) as known (restaurant_id, contact, at)
group by restaurant_id, contact

-- name: add_restriction
-- A person whose data are left alone from now on.
insert into public.privacy_restrictions (id, restaurant_id, subject, kind, request_id, since)
values (:id, :restaurant_id, :subject, :kind, :request_id, :since)

-- name: end_restrictions
-- The person lifts a restriction, or it ends with its reason.
update public.privacy_restrictions set ended_at = :now
where request_id = :request_id and ended_at is null

-- name: is_restricted
-- Whether a person has restricted or objected to the use of their data.
select coalesce(bool_or(app.is_restricted(:restaurant_id, s)), false) from unnest((:subjects)::text[]) s

-- name: note_file
-- The file of a request that is not closed yet.
update public.privacy_requests
set file_name = :file_name, file_expires_at = :file_expires_at, outcome = coalesce(outcome, '{}') || :outcome::jsonb,
    updated_at = :now
where id = :id

-- name: has_holds
-- Whether any person's data in the restaurant are under a legal hold.
select exists (select from public.legal_holds where restaurant_id = :restaurant_id and ended_at is null)

-- name: close_restaurant
-- A restaurant that leaves takes no orders and no events any more.
update public.restaurants set status = 'closed', updated_at = :now where id = :id

-- name: open_restaurant
-- A restaurant that stays after all.
update public.restaurants set status = 'active', updated_at = :now where id = :id and offboarded_at is null

-- name: find_restaurant -> OffboardedRestaurant
-- A restaurant that may leave.
select id, name, offboarded_at from public.restaurants where id = :id for update

-- name: forget_requesters
-- Requests to a restaurant that has left keep their pseudonyms alone.
update public.privacy_requests
set subject_hint = null, user_id = null, identity_note = null, sealed = null, updated_at = :now
where restaurant_id = :restaurant_id

-- name: offboard_restaurant
-- The restaurant's own row: nothing says any more who it was. Numbers that were never its own are not invented.
update public.restaurants
set name = 'Offboarded restaurant', slug = 'offboarded-' || replace(id::text, '-', ''),
    event_namespace = 'x' || left(replace(id::text, '-', ''), 30), cvr = null, email = null, phone = null, address = null,
    postal_code = null, city = null, status = 'closed', offboarded_at = coalesce(offboarded_at, :now), updated_at = :now
where id = :id
