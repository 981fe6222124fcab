-- name: members -> Member
-- Who works in the restaurant, by role and name.
select m.user_id, a.email, a.name, m.role, m.created_at as since, f.enabled_at is not null as has_second_factor
from public.user_restaurant_access m
join app.accounts a on a.id = m.user_id
left join public.user_2fa_settings f on f.user_id = m.user_id
where m.restaurant_id = :restaurant_id
order by array_position('{admin,manager,employee,analytics,compliance,support}', m.role), lower(a.name), a.email;

-- name: lock_admins
-- The restaurant's admins, held until the transaction ends, so that two of them cannot leave at once.
select user_id from public.user_restaurant_access
where restaurant_id = :restaurant_id and role = 'admin'
order by user_id
for update;

-- name: role_of
-- A user's role in the restaurant, or nothing.
select role from public.user_restaurant_access where restaurant_id = :restaurant_id and user_id = :user_id;

-- name: change_role
-- Gives a member another role.
update public.user_restaurant_access set role = :role, created_by = :by
where restaurant_id = :restaurant_id and user_id = :user_id;

-- name: member_with_email
-- The member with this address, or nothing.
select m.user_id from public.user_restaurant_access m join app.accounts a on a.id = m.user_id
where m.restaurant_id = :restaurant_id and a.email = :email;

-- name: account_with_email
-- The user with this address, or nothing.
select id from app.accounts where email = :email and not is_barred;

-- name: invite
-- Keeps an invitation.
insert into public.invitations (restaurant_id, id, email, role, token_hash, invited_by, created_at, expires_at)
values (:restaurant_id, :id, :email, :role, :token_hash, :by, :at, :expires_at);

-- name: withdraw_from
-- Ends the invitations of an address that wait, so that the newest one alone holds.
update public.invitations set revoked_at = :at
where restaurant_id = :restaurant_id and email = :email and accepted_at is null and revoked_at is null;

-- name: withdraw_by
-- Ends the invitations that wait and that this user sent.
update public.invitations set revoked_at = :at
where restaurant_id = :restaurant_id and invited_by = :by and accepted_at is null and revoked_at is null;

-- name: open_invitations -> OpenInvitation
-- The restaurant's invitations that wait, the newest first.
select id, email, role, created_at, expires_at from public.invitations
where restaurant_id = :restaurant_id and accepted_at is null and revoked_at is null and expires_at > :now
order by created_at desc, id desc;

-- name: count_since
-- How many invitations the restaurant has sent since a moment.
select count(*)::int from public.invitations where restaurant_id = :restaurant_id and created_at > :since;

-- name: withdraw
-- Ends an invitation.
update public.invitations set revoked_at = :at
where restaurant_id = :restaurant_id and id = :id and accepted_at is null and revoked_at is null;

-- name: find_invitation -> Invitation
-- The invitation of a link, if it holds.
select i.restaurant_id, r.name as restaurant, i.id, i.email, i.role, i.invited_by, a.id as account
from public.invitations i
join public.restaurants r on r.id = i.restaurant_id
left join app.accounts a on a.email = i.email
where i.restaurant_id = :restaurant_id and i.id = :id and i.token_hash = :token_hash
  and i.accepted_at is null and i.revoked_at is null and i.expires_at > :now;

-- name: accept
-- Uses an invitation up; none, if it was used, withdrawn or has run out.
update public.invitations set accepted_at = :at, accepted_by = :by
where restaurant_id = :restaurant_id and id = :id
  and accepted_at is null and revoked_at is null and expires_at > :at;

-- name: join_restaurant
-- Makes a user a member; none, if they are one already.
insert into public.user_restaurant_access (restaurant_id, user_id, role, created_at, created_by)
values (:restaurant_id, :user_id, :role, :at, :by)
on conflict do nothing;
