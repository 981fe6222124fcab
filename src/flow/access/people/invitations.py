"""Inviting people by mail, and what becomes of an invitation.

The link proves that its holder reads the mail of that address, and no more: who has an account there already proves by
logging in that it is theirs. The answer to whoever invites is the same whether there is an account or not.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from limits import parse as rule

from flow.access import audit, letters
from flow.access import store as access_store
from flow.access.login import open_session, usable_credentials
from flow.access.passwords import hash_password
from flow.access.people import store
from flow.access.people.errors import (
    AlreadyMember,
    InvitationOfAnother,
    InvitationOver,
    LogInFirst,
    NoSuchRole,
)
from flow.access.people.links import make_link, read_link
from flow.access.people.membership import require_people_write
from flow.access.people.roles import role_name
from flow.access.people.types import ROLES, Invitation
from flow.access.person import LoggedIn
from flow.access.service import normalised_email
from flow.access.tokens import AccessToken
from flow.access.types import Workplace
from flow.database.transaction import Caller, Transaction
from flow.errors import NotFound, TooManyRequests
from flow.kit.ids import new_id
from flow.operations.mail.service import post
from flow.web.i18n import Language, translator_for
from flow.web.services import Services

LIFE_DAYS = 7
_MOST_A_DAY = 50
_LOOKS = rule("60 per 10 minutes")
_MAX_NAME = 80


async def invite(
    services: Services, caller: Caller, restaurant: Workplace, *, email: str, role: str, language: Language
) -> None:
    """Sends an invitation, in place of one to the same address that waits.

    NotAllowed without people.write, NoSuchRole, InvalidInput for what is no address, AlreadyMember.
    """
    require_people_write(caller, restaurant.id)
    if role not in ROLES:
        raise NoSuchRole
    to, now = normalised_email(email), services.clock.now()
    text = make_link(restaurant.id, new_id())
    link = read_link(text)
    assert link is not None
    async with services.database.as_service() as transaction:
        if await store.count_since(transaction, restaurant.id, since=now - timedelta(days=1)) >= _MOST_A_DAY:
            raise TooManyRequests("A restaurant sends 50 invitations a day at most.", retry_after_seconds=3_600)
        if await store.is_member(transaction, restaurant.id, email=to):
            raise AlreadyMember
        await store.withdraw_from(transaction, restaurant.id, email=to, at=now)
        expires_at = now + timedelta(days=LIFE_DAYS)
        await store.invite(transaction, link, email=to, role=role, by=caller.user_id, at=now, expires_at=expires_at)
        letter = letters.invitation(
            language,
            restaurant=restaurant.name,
            role=role_name(role, translator_for(language)),
            link=f"{services.settings.base_url}/invitations/{text}",
            days=LIFE_DAYS,
        )
        await post(transaction, services.secrets, letter, kind="invitation", to=to, language=language, at=now)
        await audit.note(
            transaction,
            "invitation_sent",
            "Somebody was invited to a restaurant.",
            at=now,
            by=caller.user_id,
            restaurant=restaurant.id,
            facts={"invitation": str(link.id), "role": role},
        )


async def withdraw(services: Services, caller: Caller, restaurant: UUID, invitation: UUID) -> None:
    """Ends an invitation; NotFound when it does not wait."""
    require_people_write(caller, restaurant)
    now = services.clock.now()
    async with services.database.as_service() as transaction:
        if not await store.withdraw(transaction, restaurant, invitation, at=now):
            raise NotFound
        await audit.note(
            transaction,
            "invitation_withdrawn",
            "An invitation was withdrawn.",
            at=now,
            by=caller.user_id,
            restaurant=restaurant,
            facts={"invitation": str(invitation)},
        )


async def look_at(services: Services, text: str, *, address: str) -> Invitation:
    """The invitation of a link, which is not used up by looking; InvitationOver for every other text."""
    services.limits.hit(_LOOKS, "invitation", address)
    link = read_link(text)
    if link is None:
        raise InvitationOver
    async with services.database.as_service() as transaction:
        found = await store.find_invitation(transaction, link, now=services.clock.now())
    if found is None:
        raise InvitationOver
    return found


async def accept_as(services: Services, invitation: Invitation, person: LoggedIn) -> None:
    """Makes the logged-in person a member; InvitationOfAnother when it is not to their address."""
    if invitation.account != person.user:
        raise InvitationOfAnother
    async with services.database.as_service() as transaction:
        await _accept(services, transaction, invitation, person.user)


async def accept_as_newcomer(
    services: Services, invitation: Invitation, *, name: str, password: str, device: str
) -> AccessToken:
    """Makes an account for the invitation's address, a member of it, and logs it in.

    LogInFirst when there is an account already: the link alone must not open it. WeakPassword.
    """
    if invitation.account is not None:
        raise LogInFirst
    password_hash, now, user = await hash_password(password), services.clock.now(), new_id()
    async with services.database.as_service() as transaction:
        called = " ".join(name.split())[:_MAX_NAME]
        if not await access_store.add_user(transaction, user, email=invitation.email, name=called, at=now):
            raise LogInFirst
        await access_store.put_password(transaction, user, password_hash, at=now)
        await _accept(services, transaction, invitation, user)
    return await open_session(services, await usable_credentials(services, user), device=device, aal="aal1")


async def _accept(services: Services, transaction: Transaction, invitation: Invitation, user: UUID) -> None:
    now = services.clock.now()
    if not await store.accept(transaction, invitation.restaurant_id, invitation.id, by=user, at=now):
        raise InvitationOver
    joined = await store.join_restaurant(
        transaction, invitation.restaurant_id, user, role=invitation.role, at=now, by=invitation.invited_by
    )
    if not joined:
        raise AlreadyMember
    await audit.note(
        transaction,
        "invitation_accepted",
        "Somebody accepted an invitation to a restaurant.",
        at=now,
        by=user,
        of=user,
        restaurant=invitation.restaurant_id,
        facts={"invitation": str(invitation.id), "role": invitation.role},
    )
