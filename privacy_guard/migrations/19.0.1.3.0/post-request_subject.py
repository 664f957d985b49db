from odoo.tools.sql import column_exists


def migrate(cr, version):
    """A request may be about several records now; those from before are about one."""
    if not column_exists(cr, "privacy_request", "has_locked"):
        return
    cr.execute(
        """
        INSERT INTO privacy_request_subject
                    (request_id, res_model, res_id, has_locked)
             SELECT id, res_model, res_id, has_locked FROM privacy_request
        ON CONFLICT DO NOTHING
        """
    )
