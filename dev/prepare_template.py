"""Run in `odoo shell` on a template: what each copy would otherwise do again."""

# A copied database has no files of its own: keep the attachments inside it.
env["ir.config_parameter"].set_param("ir_attachment.location", "db")  # noqa: F821
env["ir.attachment"].force_storage()  # noqa: F821
env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
