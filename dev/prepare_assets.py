"""Run in `odoo shell` on a template: what each copy would otherwise do again."""

env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
