"""`make test-core`: Odoo's own tests, without our add-ons, with all of them, and with
consents enabled.

Fails for a test that ends differently and that nothing in `dev/core_differences.txt`
explains. Arguments are names of add-ons of Odoo: `make test-core ARGS="mail crm"`.
"""

import sys
from pathlib import Path

from dev.lib import odoo_source, template
from dev.lib.compared_runs import ComparedRuns
from dev.lib.messages import SetupError, exit_on_setup_error, say
from dev.lib.paths import REPO

EXPLAINED = REPO / "dev" / "core_differences.txt"
# Where the add-ons reach into Odoo. The whole suites take hours; these take minutes.
SELECTION = {
    "mail": ["test_mail_composer", "test_mail_mail", "test_mail_message",
             "test_mail_render", "test_mail_template", "test_res_partner",
             "test_res_users", "test_mail_activity", "test_ir_mail_server"],
    "portal": ["test_addresses", "test_portal", "test_portal_wizard", "test_login"],
    "crm": ["test_crm_lead", "test_crm_lead_convert", "test_crm_lead_convert_mass",
            "test_crm_lead_duplicates", "test_crm_lead_merge",
            "test_crm_lead_notification", "test_res_partner"],
    "mass_mailing": ["test_mailing_controllers", "test_mailing_internals",
                     "test_mailing_list", "test_mailing_ab_testing",
                     "test_mailing_retry"],
    "sms": ["test_sms_composer", "test_sms_template"],
    "website_crm": ["test_crm_lead_merge", "test_website_crm", "test_website_visitor"],
    "sale": ["test_sale_order", "test_controllers", "test_sale_to_invoice"],
    "account": ["test_account_partner", "test_account_move_send",
                "test_portal_invoice", "test_res_partner_merge"],
    "test_mail": ["test_mail_composer", "test_mail_mail", "test_mail_gateway",
                  "test_mail_message", "test_message_post", "test_mail_template"],
    "test_mail_sms": ["test_sms_composer", "test_sms_controller", "test_sms_mixin",
                      "test_sms_post", "test_sms_server_actions", "test_sms_sms",
                      "test_sms_management", "test_phone_blacklist"],
    "test_mass_mailing": ["test_mailing", "test_mailing_server", "test_link_tracker",
                          "test_mail_composer", "test_blacklist", "test_mailing_sms",
                          "test_link_tracker_sms", "test_sms_controller"],
}  # fmt: skip


@exit_on_setup_error
def main() -> int:
    chosen = sys.argv[1:] or list(SELECTION)
    say(f"==> Odoo's own tests of {', '.join(chosen)}")
    paths = [path for name in chosen for path in _files(name)]
    needed = [name for name in SELECTION if name not in template.needed(True)]
    runs = ComparedRuns("core", odoo_source.find().root, EXPLAINED)
    return int(bool(runs.compare(template.dependencies(True), needed, paths)))


def _files(name: str) -> list[Path]:
    source = odoo_source.find()
    for addons in (source.root / "odoo" / "addons", *source.addons):
        if (addons / name / "tests").is_dir():
            return [addons / name / "tests" / f"{stem}.py" for stem in SELECTION[name]]
    raise SetupError(f"this Odoo has no tests of {name}")


if __name__ == "__main__":
    sys.exit(main())
