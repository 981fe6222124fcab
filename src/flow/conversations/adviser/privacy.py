"""What the adviser knows about families: a question stays as a number, without who asked and what they told."""

from flow.kit.personal import Erasure, PersonalColumn

_COLUMNS = (
    *("session_id", "user_id", "kommun", "postal_code", "income_level", "familjesituation", "antal_barn"),
    *("barn_fodelsear", "sgi", "plan_startdatum", "plan_slutdatum", "uttag_dagar_per_vecka", "planerade_dagar_total"),
    *("beraknad_ersattning", "målsparande", "riskvilja", "har_gravidforsakring", "har_barnforsakring"),
    *("intresserad_av_forsakring", "bor_med_partner", "partner_ar_ledig_också", "fråga", "svar"),
)

PERSONAL_COLUMNS = tuple(PersonalColumn("interactions", column, "asker", Erasure.SET_NULL) for column in _COLUMNS)
