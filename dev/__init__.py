"""What `make` calls: gets Odoo and PostgreSQL, starts the demo, runs the checks."""
