"""What the accounting knows about people: who has a number there. The books themselves lie with the accountant."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (PersonalColumn("invoice_customers", "customer_id", "guest", Erasure.DELETE_ROW),)
