"""Plain Python: imports no Odoo and needs no database."""
