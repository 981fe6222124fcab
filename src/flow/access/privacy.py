"""What log-in and roles know about people who work with FLOW, and what becomes of it when one of them is erased."""

from flow.kit.personal import Erasure, PersonalColumn

_USER = "user"

PERSONAL_COLUMNS = (
    PersonalColumn("user_credentials", "user_id", _USER, Erasure.DELETE_ROW),
    PersonalColumn("user_credentials", "password_hash", _USER, Erasure.DELETE_ROW, exported=False),
    PersonalColumn("login_sessions", "user_id", _USER, Erasure.DELETE_ROW),
    PersonalColumn("login_sessions", "device", _USER, Erasure.DELETE_ROW),
    PersonalColumn("user_restaurant_access", "user_id", _USER, Erasure.DELETE_ROW),
    PersonalColumn("user_restaurant_access", "created_by", _USER, Erasure.SET_NULL),
    PersonalColumn("user_roles", "user_id", _USER, Erasure.DELETE_ROW),
    PersonalColumn("user_roles", "created_by", _USER, Erasure.SET_NULL),
    PersonalColumn("user_2fa_settings", "user_id", _USER, Erasure.DELETE_ROW),
    PersonalColumn("user_2fa_settings", "secret_sealed", _USER, Erasure.DELETE_ROW, exported=False),
    PersonalColumn("recovery_codes", "user_id", _USER, Erasure.DELETE_ROW),
    PersonalColumn("recovery_codes", "code_hash", _USER, Erasure.DELETE_ROW, exported=False),
    PersonalColumn("password_resets", "user_id", _USER, Erasure.DELETE_ROW),
    PersonalColumn("password_resets", "email_sealed", _USER, Erasure.DELETE_ROW, exported=False),
    PersonalColumn("invitations", "email", _USER, Erasure.DELETE_ROW),
    PersonalColumn("invitations", "invited_by", _USER, Erasure.SET_NULL),
    PersonalColumn("invitations", "accepted_by", _USER, Erasure.SET_NULL),
    PersonalColumn("api_keys", "created_by", _USER, Erasure.SET_NULL),
    PersonalColumn("api_keys", "revoked_by", _USER, Erasure.SET_NULL),
)
