-- Consents: what a person agreed to and withdrew, for which purpose and channel, under which text, and how it was
-- collected. `user_consents` is evidence: rows are added and read, never changed; it names people by pseudonym only. The
-- contact behind a guest's pseudonym stands in `consent_contacts`, so that it can be erased while the proof stays.

-- A platform table, not a tenant's: FLOW itself is one of the controllers (restaurant_id null), and a tenant's table may
-- have no triggers. No foreign keys: neither an erased user nor a closed restaurant may reach in here.
create table public.user_consents (
    id uuid primary key,
    number bigint generated always as identity,
    restaurant_id uuid,
    user_id uuid,
    subject text not null check (subject ~ '^[0-9a-f]{64}$'),
    consent_type text not null check (consent_type in ('marketing', 'analytics', 'cookies', 'terms', 'privacy')),
    channel text not null check (channel in ('sms', 'email', 'phone', 'web')),
    granted boolean not null,
    status text not null default 'confirmed' check (status in ('pending', 'confirmed')),
    confirms uuid,
    consent_version text not null check (length(consent_version) between 1 and 60),
    consent_text text not null check (length(consent_text) between 1 and 4000),
    language text check (language in ('da', 'sv', 'en')),
    collection_method text not null check (collection_method in (
        'signup_form', 'checkout', 'cookie_banner', 'settings_page', 'preference_page', 'confirmation', 'unsubscribe',
        'staff', 'sms_reply', 'import')),
    recorded_by uuid,
    ip_address inet,
    user_agent text check (length(user_agent) <= 400),
    expires_at timestamptz,
    created_at timestamptz not null,
    constraint withdrawing_needs_no_confirmation check (granted or status = 'confirmed'),
    -- Typing a phone number does not prove that it is yours: the contact itself has to say yes.
    constraint a_guest_confirms_marketing check (
        not granted or consent_type <> 'marketing' or status = 'pending' or user_id is not null
        or confirms is not null or collection_method = 'preference_page')
);
create index user_consents_subject on public.user_consents (subject, consent_type, channel, number);
create index user_consents_restaurant on public.user_consents (restaurant_id, created_at);
create index user_consents_user on public.user_consents (user_id);
comment on table public.user_consents is 'platform: evidence of consents given and withdrawn; append-only.';
comment on column public.user_consents.number is
    'Order in which rows were recorded: decides which is the latest, whatever the clocks of the servers say.';
comment on column public.user_consents.restaurant_id is 'The controller; null is FLOW itself.';
comment on column public.user_consents.subject is
    'Pseudonym of a guest''s contact, a visitor''s lasting id or a user''s id (flow.privacy.subjects).';
comment on column public.user_consents.status is 'pending: typed by somebody, counts for nothing until confirmed.';
comment on column public.user_consents.confirms is 'The pending row that this one confirms.';
comment on column public.user_consents.consent_text is 'The whole text as it was shown.';
comment on column public.user_consents.recorded_by is 'The colleague who recorded it, where somebody did.';
comment on column public.user_consents.ip_address is 'Network the answer came from: the address without its last part.';

create table public.consent_texts (
    restaurant_id uuid not null,
    consent_type text not null check (consent_type in ('marketing', 'analytics', 'cookies', 'terms', 'privacy')),
    channel text not null check (channel in ('sms', 'email', 'phone', 'web', 'any')),
    language text not null check (language in ('da', 'sv', 'en')),
    version integer not null check (version > 0),
    body text not null check (length(body) between 20 and 4000),
    valid_days integer check (valid_days between 1 and 3650),
    created_by uuid,
    created_at timestamptz not null,
    primary key (restaurant_id, consent_type, channel, language, version)
);
comment on table public.consent_texts is 'tenant: what guests are asked, every version; the newest is shown.';
comment on column public.consent_texts.channel is 'any: one question for all channels, as at the checkout.';
comment on column public.consent_texts.valid_days is 'After how many days a consent under this text lapses; null is never.';

create table public.consent_contacts (
    restaurant_id uuid not null,
    subject text not null,
    contact text not null check (length(contact) between 3 and 254),
    created_at timestamptz not null,
    primary key (restaurant_id, subject)
);
comment on table public.consent_contacts is 'tenant: the contact behind a guest''s pseudonym, as long as it may be known.';
comment on column public.consent_contacts.contact is 'Phone number (E.164) or e-mail address in lower case.';

create table public.consent_confirmations (
    restaurant_id uuid not null,
    id uuid not null,
    consent_id uuid not null,
    subject text not null,
    channel text not null check (channel in ('sms', 'email')),
    contact text not null,
    language text not null check (language in ('da', 'sv', 'en')),
    attempts smallint not null default 0,
    next_attempt_at timestamptz not null,
    created_at timestamptz not null,
    primary key (restaurant_id, id)
);
create index consent_confirmations_due on public.consent_confirmations (restaurant_id, next_attempt_at);
comment on table public.consent_confirmations is
    'tenant: questions "was that you?" that wait to be sent; a row goes when it is sent.';

alter table public.consent_texts add foreign key (restaurant_id) references public.restaurants (id);
alter table public.consent_contacts add foreign key (restaurant_id) references public.restaurants (id);
alter table public.consent_confirmations add foreign key (restaurant_id) references public.restaurants (id);

-- Evidence leaves in one way only: years after it ended, through app.expire_consents.
create function app.refuse_consent_change() returns trigger
    language plpgsql set search_path = ''
    as $$
begin
    if tg_op = 'DELETE' and current_setting('flow.expiring_consents', true) = 'on' then
        return old;
    end if;
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '42501';
end
$$;
comment on function app.refuse_consent_change() is
    'Trigger of user_consents: stops even the owner, but for what app.expire_consents deletes.';
create trigger user_consents_append_only before update or delete on public.user_consents
    for each row execute function app.refuse_consent_change();
create trigger user_consents_no_truncate before truncate on public.user_consents
    for each statement execute function app.refuse_change();

-- The evidence that allows something now: the latest decision, if it is a grant that has not lapsed. Pending rows are no
-- decisions. `p_subjects` are all pseudonyms of the person, so that a withdrawal by any of them holds.
create function app.consent_in_force(
    p_restaurant_id uuid, p_subjects text[], p_consent_type text, p_channel text, p_at timestamptz default now()
) returns uuid
    language sql stable set search_path = ''
    as $$
        select latest.id
        from (
            select c.id, c.granted, c.expires_at
            from public.user_consents c
            where c.subject = any (p_subjects) and c.consent_type = p_consent_type and c.channel = p_channel
              and c.restaurant_id is not distinct from p_restaurant_id and c.status = 'confirmed'
            order by c.number desc
            limit 1
        ) as latest
        where latest.granted and (latest.expires_at is null or latest.expires_at > p_at)
    $$;
comment on function app.consent_in_force(uuid, text[], text, text, timestamptz) is
    'Id of the consent in force, or null; a send keeps it as the proof it relied on.';

create function app.check_marketing_consent(
    p_restaurant_id uuid, p_subjects text[], p_channel text, p_at timestamptz default now()
) returns boolean
    language sql stable set search_path = ''
    as $$ select app.consent_in_force(p_restaurant_id, p_subjects, 'marketing', p_channel, p_at) is not null $$;
comment on function app.check_marketing_consent(uuid, text[], text, timestamptz) is
    'Whether this restaurant (null: FLOW) may send marketing to this person on this channel.';

-- Adds a row of evidence. For the service alone: it is told whose consent it is, so nobody else may call it.
create function app.record_consent(
    p_restaurant_id uuid, p_user_id uuid, p_subject text, p_consent_type text, p_channel text, p_granted boolean,
    p_consent_version text, p_consent_text text, p_collection_method text, p_ip_address inet, p_user_agent text,
    p_status text default 'confirmed', p_confirms uuid default null, p_language text default null,
    p_recorded_by uuid default null, p_expires_at timestamptz default null, p_at timestamptz default now(),
    p_id uuid default gen_random_uuid()
) returns uuid
    language sql volatile set search_path = ''
    as $$
        insert into public.user_consents
            (id, restaurant_id, user_id, subject, consent_type, channel, granted, status, confirms, consent_version,
             consent_text, language, collection_method, recorded_by, ip_address, user_agent, expires_at, created_at)
        values
            (p_id, p_restaurant_id, p_user_id, p_subject, p_consent_type, p_channel, p_granted, p_status, p_confirms,
             p_consent_version, p_consent_text, p_language, p_collection_method, p_recorded_by, p_ip_address, p_user_agent,
             p_expires_at, p_at)
        returning id
    $$;
comment on function app.record_consent(
    uuid, uuid, text, text, text, boolean, text, text, text, inet, text, text, uuid, text, uuid, timestamptz, timestamptz, uuid)
    is 'Adds evidence that somebody gave or withdrew a consent; withdrawing needs no grant before it.';

-- Deletes evidence that ended before `p_before`, at most `p_most` rows, the oldest first: a grant goes no later than the
-- withdrawal that ended it, so none comes back to life. What is in force stays, however old.
create function app.expire_consents(p_before timestamptz, p_most integer, p_held text[] default '{}') returns integer
    language plpgsql security definer set search_path = ''
    as $$
declare
    deleted integer;
begin
    if p_before is null or p_before > now() - interval '5 years' then
        raise exception 'consents are kept for five years after they end' using errcode = '22023';
    end if;
    perform set_config('flow.expiring_consents', 'on', true);
    delete from public.user_consents c
    where c.number in (
        select o.number
        from public.user_consents o
        where o.created_at < p_before and o.subject <> all (p_held)
          and (not o.granted or o.status = 'pending' or o.expires_at < p_before or exists (
            select from public.user_consents later
            where later.subject = o.subject and later.consent_type = o.consent_type and later.channel = o.channel
              and later.restaurant_id is not distinct from o.restaurant_id
              and later.number > o.number and later.status = 'confirmed' and later.created_at < p_before))
        order by o.number
        limit p_most);
    get diagnostics deleted = row_count;
    perform set_config('flow.expiring_consents', 'off', true);
    return deleted;
end
$$;
comment on function app.expire_consents(timestamptz, integer, text[]) is
    'Retention of user_consents: five years after the end; `p_held` are subjects under legal hold.';

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('consents.read', '{admin,manager,compliance,super_admin}'),
    ('consents.write', '{admin,manager,super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

revoke all on public.user_consents, public.consent_texts, public.consent_contacts, public.consent_confirmations
    from public, anon, authenticated, service_role;
revoke all on sequence public.user_consents_number_seq from public, anon, authenticated, service_role;
revoke all on function app.refuse_consent_change() from public;
alter table public.user_consents enable row level security;
alter table public.consent_texts enable row level security;
alter table public.consent_contacts enable row level security;
alter table public.consent_confirmations enable row level security;

create policy "People read their own consents, and those of restaurants where they have consents.read"
    on public.user_consents for select to authenticated
    using (user_id = app.user_id() or restaurant_id = any (app.restaurants_with('consents.read')));
create policy "Those with consents.read read consent_texts" on public.consent_texts for select to authenticated
    using (restaurant_id = any (app.restaurants_with('consents.read')));
create policy "Those with consents.write add consent_texts" on public.consent_texts for insert to authenticated
    with check (restaurant_id = any (app.restaurants_with('consents.write')) and created_by = app.user_id());
create policy "Those with consents.read read consent_contacts" on public.consent_contacts for select to authenticated
    using (restaurant_id = any (app.restaurants_with('consents.read')));
create policy "Those with consents.read read consent_confirmations" on public.consent_confirmations
    for select to authenticated using (restaurant_id = any (app.restaurants_with('consents.read')));

grant select on public.user_consents, public.consent_texts, public.consent_contacts, public.consent_confirmations
    to authenticated;
grant insert on public.consent_texts to authenticated;
grant select, insert on public.user_consents, public.consent_texts to service_role;
grant select, insert, delete on public.consent_contacts to service_role;
grant select, insert, delete, update (attempts, next_attempt_at) on public.consent_confirmations to service_role;
grant execute on function app.consent_in_force(uuid, text[], text, text, timestamptz) to service_role;
grant execute on function app.check_marketing_consent(uuid, text[], text, timestamptz) to service_role;
grant execute on function app.record_consent(
    uuid, uuid, text, text, text, boolean, text, text, text, inet, text, text, uuid, text, uuid, timestamptz, timestamptz, uuid)
    to service_role;
grant execute on function app.expire_consents(timestamptz, integer, text[]) to service_role;
