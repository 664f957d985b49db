"""Run in `odoo shell` on a database that is to be copied."""

# A copied database has no files of its own: keep the attachments inside it.
env["ir.config_parameter"].set_param("ir_attachment.location", "db")  # noqa: F821
env["ir.attachment"].force_storage()  # noqa: F821
env.cr.commit()  # noqa: F821
