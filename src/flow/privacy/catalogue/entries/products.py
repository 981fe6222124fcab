"""Products: the menu, its prices, and how each dish sells. Nothing here is about a guest."""

from flow.privacy.catalogue.terms import IN_USE
from flow.privacy.catalogue.types import Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_


def _thing(table: str, purpose: str, *, reader: str = "menu.read", ids: tuple[str, ...] = ("id",)) -> TableEntry:
    return TableEntry(
        table=table,
        category=Category.PRODUCTS,
        purpose=purpose,
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=(reader,),
        id_columns=ids,
    )


PRODUCTS = (
    _thing("products", N_("The menu")),
    _thing("product_option_groups", N_("Choices that belong to a dish, such as size")),
    _thing("product_options", N_("The options of a choice, with their price")),
    _thing("discount_codes", N_("Discounts that a guest can enter"), reader="discounts.read", ids=("code",)),
    _thing("product_analytics", N_("How a dish sold on a day"), reader="analytics.read", ids=("date", "product_id")),
    TableEntry(
        table="product_prices",
        category=Category.PRODUCTS,
        purpose=N_("Earlier prices, and who changed them"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=IN_USE,
        readers=("menu.read",),
        subject_columns=(SubjectColumn("changed_by", Key.USER),),
        id_columns=("product_id", "valid_from"),
    ),
)
