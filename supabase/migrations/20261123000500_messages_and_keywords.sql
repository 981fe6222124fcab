-- Messages that leave and arrive: what each is for, how far it is, and the words that guests send in answer to a poster.

alter table public.messages
    add column kind text not null default 'other' check (kind in
        ('guest', 'staff', 'automatic', 'confirmation', 'keyword', 'marketing', 'order', 'elsewhere', 'other')),
    add column sent_by uuid,
    add column keyword text,
    add column parts smallint check (parts > 0),
    add column attempts smallint not null default 0 check (attempts >= 0),
    add column sending_since timestamptz,
    add column withdrawn_at timestamptz;
create index messages_conversation on public.messages (restaurant_id, conversation_id, created_at);
comment on column public.messages.kind is
    'guest: from a guest; staff: a colleague''s answer; automatic: FLOW''s; elsewhere: written in the channel''s own app.';
comment on column public.messages.sent_by is 'The colleague who wrote it, where somebody did.';
comment on column public.messages.keyword is 'The word that a guest''s message began with, where it is one of the restaurant''s.';
comment on column public.messages.parts is 'Parts that an SMS was sent in; each is paid for.';
comment on column public.messages.sending_since is
    'A request to send it may have arrived at a provider that knows no repetition; it is not sent again unless it did not.';
comment on column public.messages.withdrawn_at is 'The guest deleted it at the channel; its text is gone here too.';

alter table public.ai_conversations add column last_message_at timestamptz;
create index ai_conversations_channel_user on public.ai_conversations (restaurant_id, channel, channel_user_id);
create index ai_conversations_last_message on public.ai_conversations (restaurant_id, last_message_at);
comment on column public.ai_conversations.last_message_at is 'When somebody last wrote in it.';

create table public.campaign_keywords (
    restaurant_id uuid not null,
    keyword text not null check (keyword ~ '^[0-9A-ZÆØÅÄÖ]{2,20}$'),
    campaign_id uuid,
    reply text not null check (length(reply) between 1 and 600),
    consent_text text check (length(consent_text) between 20 and 4000),
    created_by uuid,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (restaurant_id, keyword)
);
create index campaign_keywords_campaign on public.campaign_keywords (restaurant_id, campaign_id);
comment on table public.campaign_keywords is 'tenant: words that guests send to a restaurant, and what is answered.';
comment on column public.campaign_keywords.keyword is 'In capitals: how guests write it does not matter.';
comment on column public.campaign_keywords.consent_text is
    'What the poster says that sending the word agrees to; none: the word gets its answer and nothing more.';

alter table public.campaign_keywords
    add foreign key (restaurant_id) references public.restaurants (id),
    add foreign key (restaurant_id, campaign_id) references public.marketing_campaigns (restaurant_id, id);

insert into app.role_permissions (role, permission)
select role, 'messages.write' from unnest('{admin,manager,super_admin}'::text[]) as role;

revoke all on public.campaign_keywords from public, anon, authenticated, service_role;
alter table public.campaign_keywords enable row level security;
create policy "Those with messages.read read campaign_keywords" on public.campaign_keywords for select to authenticated
    using (restaurant_id = any (app.restaurants_with('messages.read')));
grant select on public.campaign_keywords to authenticated;
grant select, insert, update, delete on public.campaign_keywords to service_role;
