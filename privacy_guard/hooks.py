from odoo.exceptions import UserError

from .columns import SETTINGS, add_columns

BATCH_SIZE = 1000


def pre_init_hook(env):
    """Contacts become subjects, however many there are."""
    add_columns(env.cr, "res_partner")
    add_columns(env.cr, "res_config_settings", SETTINGS)


def post_init_hook(env):
    """Addresses in one form, those that were there as well."""
    env["mail.thread.blacklist"]._privacy_canonicalise_all()


def uninstall_hook(env):
    """Leave nothing behind that no table of ours takes along.

    :raise UserError: when it was begun in a way that did not ask for blockers
    """
    if reasons := env["privacy.gate"]._uninstall_blockers():
        raise UserError("\n".join(reasons))
    _restore_withheld(env["consent.sealed.value"])
    for function in ("privacy_guard_append_only", "privacy_guard_refuse_value"):
        env.cr.execute(f"DROP FUNCTION IF EXISTS {function}() CASCADE")
    # What refers to purposes goes first: Odoo deletes them before it drops tables.
    env.cr.execute(
        "TRUNCATE consent_record, consent_event, consent_notice, privacy_decision"
    )
    # past the log of settings, which goes as well, and the mail to officers, which
    # would leave when our columns are gone
    env.cr.execute("DELETE FROM ir_config_parameter WHERE key LIKE 'privacy_guard.%'")
    env.registry.clear_cache("stable")


def _restore_withheld(sealed):
    """The contacts keep what was withheld of them.

    :raise UserError: when a key is missing, without which values would be lost
    """
    while sealed._restore_all(BATCH_SIZE):
        pass
    if lost := sealed.search_count([]):
        raise UserError(
            sealed.env._("%s withheld values cannot be opened: see the log.", lost)
        )
