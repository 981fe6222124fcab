-- Forms that were sent: a second press of a button that costs money or sends a message does nothing.

create table public.spent_forms (
    restaurant_id uuid not null,
    form uuid not null,
    spent_at timestamptz not null default now(),
    primary key (restaurant_id, form)
);
create index spent_forms_old on public.spent_forms (restaurant_id, spent_at); -- retention
comment on table public.spent_forms is
    'tenant: which forms were sent with which contents; the same once more is a double click.';
comment on column public.spent_forms.form is 'Made of the form''s own number, drawn when it was shown, and what was filled in.';
alter table public.spent_forms add foreign key (restaurant_id) references public.restaurants (id);

revoke all on public.spent_forms from public, anon, authenticated, service_role;
alter table public.spent_forms enable row level security;
grant select, insert, update, delete on public.spent_forms to service_role;

create function app.spend_form(a_restaurant uuid, a_form uuid, permission text, at timestamptz) returns boolean
    language sql security definer set search_path = ''
    as $$
        with spent as (
            insert into public.spent_forms (restaurant_id, form, spent_at)
            select a_restaurant, a_form, spend_form.at
            where app.may(spend_form.permission, a_restaurant)
            on conflict (restaurant_id, form) do nothing
            returning form
        )
        select exists (select from spent)
    $$;
comment on function app.spend_form(uuid, uuid, text, timestamptz) is
    'Whether a form is sent for the first time, by somebody who may do what it does; the same once more waits and is not.';
revoke all on function app.spend_form(uuid, uuid, text, timestamptz) from public, anon;
grant execute on function app.spend_form(uuid, uuid, text, timestamptz) to authenticated, service_role;
