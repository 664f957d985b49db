"""Run in `odoo shell` on a template: a second company, with somebody in it alone."""

# `env` is what the shell provides.
# ruff: noqa: F821
second = env["res.company"].create({"name": "Second Company"})
env.ref("base.user_admin").company_ids += second
env["res.users"].with_context(no_reset_password=True).create(
    {
        "name": "Clerk of the Second Company",
        "login": "second_clerk",
        "company_id": second.id,
        "company_ids": second.ids,
        "group_ids": [
            env.ref("base.group_user").id,
            env.ref("base.group_partner_manager").id,
        ],
    }
)
env.cr.commit()
