-- name: find_controller -> Controller
-- The restaurant whose consents these are.
select id, name, country_code, language from public.restaurants where id = :restaurant_id;

-- name: record
-- Adds a row of evidence.
select app.record_consent(
    p_restaurant_id => :restaurant_id, p_user_id => :user_id, p_subject => :subject, p_consent_type => :consent_type,
    p_channel => :channel, p_granted => :granted, p_consent_version => :consent_version, p_consent_text => :consent_text,
    p_collection_method => :collection_method, p_ip_address => :ip_address, p_user_agent => :user_agent,
    p_status => :status, p_confirms => :confirms, p_language => :language, p_recorded_by => :recorded_by,
    p_expires_at => :expires_at, p_at => :at, p_id => :id);

-- name: consent_in_force
-- The consent that allows something now, for a send to keep as its proof.
select app.consent_in_force(:restaurant_id, :subjects, :consent_type, :channel, :at);

-- name: evidence -> Consent
-- What we have from a person, the latest first: of one restaurant, or of all when none is named.
select id, number, restaurant_id, user_id, subject, consent_type, channel, granted, status, confirms, consent_version,
       consent_text, language, collection_method, recorded_by, ip_address, user_agent, expires_at, created_at
from public.user_consents
where subject = any (:subjects) and (:restaurant_id::uuid is null or restaurant_id = :restaurant_id)
order by number desc
limit 1000;

-- name: find_consent -> Consent
-- One row of evidence.
select id, number, restaurant_id, user_id, subject, consent_type, channel, granted, status, confirms, consent_version,
       consent_text, language, collection_method, recorded_by, ip_address, user_agent, expires_at, created_at
from public.user_consents
where id = :id;

-- name: lock_subject
-- One answer of a person at a time, so that a confirmation cannot pass a withdrawal that is under way.
select pg_advisory_xact_lock(hashtextextended('consent ' || :subject::text, 0));

-- name: keep_contact
-- The contact behind a pseudonym, if it is not known yet.
insert into public.consent_contacts (restaurant_id, subject, contact, created_at)
values (:restaurant_id, :subject, :contact, :at)
on conflict (restaurant_id, subject) do nothing;

-- name: find_contact
-- The contact behind a pseudonym, as long as it may be known.
select contact from public.consent_contacts where restaurant_id = :restaurant_id and subject = :subject;

-- name: find_any_contact
-- The same for a link that is about all restaurants.
select k.contact
from public.consent_contacts k
where k.subject = :subject
  and k.restaurant_id in (select c.restaurant_id from public.user_consents c where c.subject = :subject)
limit 1;

-- name: find_customer_contacts -> CustomerContacts
-- How a customer of the restaurant can be reached.
select phone, email from public.customers where restaurant_id = :restaurant_id and id = :customer_id;

-- name: newest_texts -> TextRow
-- The newest version of every text of a restaurant in one language.
select distinct on (consent_type, channel)
    restaurant_id, consent_type, channel, language, version, body, valid_days, created_by, created_at
from public.consent_texts
where restaurant_id = :restaurant_id and language = :language
order by consent_type, channel, version desc;

-- name: find_text -> TextRow
-- One version of a text.
select restaurant_id, consent_type, channel, language, version, body, valid_days, created_by, created_at
from public.consent_texts
where restaurant_id = :restaurant_id and consent_type = :consent_type and channel = :channel
  and language = :language and version = :version;

-- name: all_texts -> TextRow
-- Every version of every text of a restaurant, the newest first.
select restaurant_id, consent_type, channel, language, version, body, valid_days, created_by, created_at
from public.consent_texts
where restaurant_id = :restaurant_id
order by created_at desc, consent_type, channel, language
limit 500;

-- name: add_text
-- The next version of a text; nothing when another one came first.
insert into public.consent_texts
    (restaurant_id, consent_type, channel, language, version, body, valid_days, created_by, created_at)
select :restaurant_id, :consent_type, :channel, :language, coalesce(max(t.version), 0) + 1, :body, :valid_days::int,
       :created_by::uuid, :at::timestamptz
from public.consent_texts t
where t.restaurant_id = :restaurant_id and t.consent_type = :consent_type and t.channel = :channel
  and t.language = :language
on conflict do nothing
returning version;

-- name: count_questions_since
-- How often a contact was asked to confirm of late; nobody may fill a stranger's phone with questions.
select count(*) from public.user_consents
where subject = any (:subjects) and status = 'pending' and created_at > :since;

-- name: ask
-- Puts a question in line to be sent.
insert into public.consent_confirmations
    (restaurant_id, id, consent_id, subject, channel, contact, language, next_attempt_at, created_at)
values (:restaurant_id, :id, :consent_id, :subject, :channel, :contact, :language, :at, :at);

-- name: stop_asking
-- Questions to a person who has withdrawn need not be sent any more.
delete from public.consent_confirmations
where subject = any (:subjects) and (:restaurant_id::uuid is null or restaurant_id = :restaurant_id);

-- name: next_question -> Confirmation
-- Claims the question that has waited longest; workers do not wait for each other.
select restaurant_id, id, consent_id, subject, channel, contact, language, attempts, next_attempt_at, created_at
from public.consent_confirmations
where next_attempt_at <= :at
order by next_attempt_at
limit 1
for update skip locked;

-- name: sent
-- A question that was sent leaves the line.
delete from public.consent_confirmations where restaurant_id = :restaurant_id and id = :id;

-- name: try_later
-- A question that could not be sent waits for its next attempt.
update public.consent_confirmations set attempts = attempts + 1, next_attempt_at = :at
where restaurant_id = :restaurant_id and id = :id;
