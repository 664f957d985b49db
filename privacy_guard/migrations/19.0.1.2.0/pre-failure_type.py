from odoo.tools import SQL


def migrate(cr, version):
    """Why messages were kept back: two reasons have another name now."""
    for table in ("mail_mail", "mail_notification"):
        cr.execute(
            SQL(
                """
                UPDATE %s AS message
                   SET failure_type = renamed.value
                  FROM (VALUES
                        ('privacy_erasing', 'privacy_erasure_requested'),
                        ('privacy_unwilling', 'privacy_no_marketing_consent')
                       ) AS renamed (former, value)
                 WHERE message.failure_type = renamed.former
                """,
                SQL.identifier(table),
            )
        )
