-- Conversations and what is learnt from them: the log of the agents, intents, feedback; the adviser's interactions, which
-- keep the Swedish names of their specification.

create table public.ai_conversations (
    restaurant_id uuid not null,
    id uuid not null,
    conversation_id text not null check (length(conversation_id) between 1 and 200),
    channel text not null check (channel in ('web_chat', 'instagram_dm', 'facebook_messenger', 'sms')),
    channel_user_id text,
    visitor_id uuid,
    customer_id uuid,
    customer_phone text check (customer_phone ~ '^\+[1-9][0-9]{5,14}$'),
    customer_name text,
    language text not null default 'da' check (language in ('da', 'sv', 'en')),
    current_state text,
    outcome text check (outcome in ('order_completed', 'abandoned', 'escalated', 'info_provided')),
    order_id uuid,
    message_count integer not null default 0 check (message_count >= 0),
    clarification_count integer not null default 0 check (clarification_count >= 0),
    frustration_score numeric(3, 2) check (frustration_score between 0 and 1),
    customer_rating smallint check (customer_rating between 1 and 5),
    customer_feedback text,
    started_at timestamptz not null default now(),
    ended_at timestamptz check (ended_at >= started_at),
    anonymised_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, conversation_id)
);
create index ai_conversations_started on public.ai_conversations (restaurant_id, started_at);
create index ai_conversations_customer on public.ai_conversations (restaurant_id, customer_id);
create index ai_conversations_order on public.ai_conversations (restaurant_id, order_id);
comment on table public.ai_conversations is 'tenant: conversations of guests with an agent, on any channel.';
comment on column public.ai_conversations.conversation_id is 'The channel''s name of the conversation; unique within the restaurant.';
comment on column public.ai_conversations.anonymised_at is 'Since then nobody can tell whose conversation it was.';

create table public.ai_messages (
    restaurant_id uuid not null,
    id uuid not null,
    conversation_id text not null,
    role text not null check (role in ('user', 'assistant', 'system')),
    content text not null,
    detected_intent text,
    intent_confidence numeric(3, 2) check (intent_confidence between 0 and 1),
    entities jsonb not null default '[]',
    response_time_ms integer check (response_time_ms >= 0),
    tokens_used integer check (tokens_used >= 0),
    conversation_state text,
    timestamp timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index ai_messages_conversation on public.ai_messages (restaurant_id, conversation_id, timestamp);
create index ai_messages_timestamp on public.ai_messages (restaurant_id, timestamp);
comment on table public.ai_messages is 'tenant: what was said in a conversation, in its order.';
comment on column public.ai_messages.entities is 'What was recognised: [{"type", "value", "id"}].';

create table public.ai_intents (
    id uuid primary key,
    intent_name text not null unique,
    intent_category text not null check (intent_category in ('ordering', 'support', 'info', 'social')),
    description text,
    example_phrases jsonb not null default '[]',
    total_detections bigint not null default 0 check (total_detections >= 0),
    correct_detections bigint not null default 0 check (correct_detections between 0 and total_detections),
    accuracy_rate numeric(5, 4) check (accuracy_rate between 0 and 1),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table public.ai_intents is 'shared: what guests may want, with phrases that name nobody.';

create table public.ai_feedback (
    restaurant_id uuid not null,
    id uuid not null,
    message_id uuid,
    conversation_id text,
    feedback_type text not null check (feedback_type in ('intent_correction', 'response_quality', 'escalation_reason')),
    original_value text,
    correct_value text,
    feedback_notes text,
    feedback_source text not null check (feedback_source in ('customer', 'staff', 'automatic')),
    feedback_by uuid,
    processed boolean not null default false,
    processed_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index ai_feedback_message on public.ai_feedback (restaurant_id, message_id);
create index ai_feedback_conversation on public.ai_feedback (restaurant_id, conversation_id);
create index ai_feedback_unprocessed on public.ai_feedback (restaurant_id, created_at) where not processed;
comment on table public.ai_feedback is 'tenant: what guests and staff said about an agent''s answers.';
comment on column public.ai_feedback.feedback_by is 'The member of staff, if it was one.';

create table public.interactions (
    restaurant_id uuid not null,
    id uuid not null,
    timestamp timestamptz not null default now(),
    session_id text,
    user_id text,
    device_type text,
    browser text,
    language text,
    kommun text,
    region text,
    postal_code text,
    income_level text,
    familjesituation text,
    antal_barn integer check (antal_barn >= 0),
    barn_fodelsear integer[],
    sgi integer check (sgi >= 0),
    plan_startdatum date,
    plan_slutdatum date,
    uttag_dagar_per_vecka integer check (uttag_dagar_per_vecka between 0 and 7),
    planerade_dagar_total integer check (planerade_dagar_total >= 0),
    beraknad_ersattning integer check (beraknad_ersattning >= 0),
    semesterperiod boolean,
    sparar_pengar boolean,
    "målsparande" text,
    riskvilja text,
    har_gravidforsakring boolean,
    har_barnforsakring boolean,
    intresserad_av_forsakring boolean,
    bor_med_partner boolean,
    "partner_ar_ledig_också" boolean,
    "fråga" text,
    svar text,
    kategori text,
    tags text[] not null default '{}',
    sentiment_score double precision check (sentiment_score between -1 and 1),
    "språkfel" boolean,
    komplexitet integer,
    relevant_product_categories text[] not null default '{}',
    partner_targets text[] not null default '{}',
    "köpbeteende_signal" text,
    "kan_få_relevant_annons" boolean not null default false,
    senast_rekommenderad_partner text,
    anonymised_at timestamptz,
    primary key (restaurant_id, id)
);
create index interactions_timestamp on public.interactions (restaurant_id, timestamp);
create index interactions_user on public.interactions (restaurant_id, user_id);
comment on table public.interactions is 'tenant: questions to the adviser, with what the asker told of the family.';
comment on column public.interactions.user_id is 'The visitor''s or user''s id as the channel tells it.';
comment on column public.interactions.sgi is 'Sickness benefit qualifying income, SEK a year.';
comment on column public.interactions.beraknad_ersattning is 'Estimated benefit, SEK a month.';
comment on column public.interactions."kan_få_relevant_annons" is 'False unless the asker consented to relevant offers.';

alter table public.ai_conversations
    add foreign key (restaurant_id, customer_id) references public.customers (restaurant_id, id),
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.ai_messages
    add foreign key (restaurant_id, conversation_id)
        references public.ai_conversations (restaurant_id, conversation_id);
alter table public.ai_feedback
    add foreign key (restaurant_id, message_id) references public.ai_messages (restaurant_id, id),
    add foreign key (restaurant_id, conversation_id)
        references public.ai_conversations (restaurant_id, conversation_id);
alter table public.interactions add foreign key (restaurant_id) references public.restaurants (id);

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('conversations.read', '{admin,manager,support,super_admin}'),
    ('conversations.write', '{admin,manager,super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

revoke all on public.ai_conversations, public.ai_messages, public.ai_intents, public.ai_feedback, public.interactions
    from public, anon, authenticated, service_role;
alter table public.ai_conversations enable row level security;
alter table public.ai_messages enable row level security;
alter table public.ai_intents enable row level security;
alter table public.ai_feedback enable row level security;
alter table public.interactions enable row level security;

create policy "Those with conversations.read read ai_conversations" on public.ai_conversations for select to authenticated
    using (restaurant_id = any (app.restaurants_with('conversations.read')));
create policy "Those with conversations.read read ai_messages" on public.ai_messages for select to authenticated
    using (restaurant_id = any (app.restaurants_with('conversations.read')));
create policy "Everybody reads ai_intents" on public.ai_intents for select to authenticated using (true);
create policy "Those with conversations.read read ai_feedback" on public.ai_feedback for select to authenticated
    using (restaurant_id = any (app.restaurants_with('conversations.read')));
create policy "Those with conversations.write give feedback" on public.ai_feedback for insert to authenticated
    with check (
        restaurant_id = any (app.restaurants_with('conversations.write'))
        and feedback_source = 'staff' and feedback_by = app.user_id() and not processed);
create policy "Those with conversations.read read interactions" on public.interactions for select to authenticated
    using (restaurant_id = any (app.restaurants_with('conversations.read')));

grant select on public.ai_conversations, public.ai_messages, public.ai_intents, public.ai_feedback, public.interactions
    to authenticated;
grant insert on public.ai_feedback to authenticated;
grant select, insert, update, delete on
    public.ai_conversations, public.ai_messages, public.ai_intents, public.ai_feedback, public.interactions
    to service_role;
