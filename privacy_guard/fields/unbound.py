from odoo import fields
from odoo.models import BaseModel


class UnboundMany2one(fields.Many2one):
    """A link without a foreign key, for rows about what cannot be undone.

    To check such a key locks the row that it leads to. That fails when somebody has
    locked and changed it since the transaction began, and everything is done again: a
    mail that has left would leave once more.
    """

    def update_db_foreign_key(self, model: BaseModel, column: str) -> None:
        """None; Odoo asks for each link."""
