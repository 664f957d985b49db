def migrate(cr, version):
    """Why messages were kept back: two reasons have another name now."""
    cr.execute(
        """
        UPDATE sms_sms AS message
           SET failure_type = renamed.value
          FROM (VALUES
                ('privacy_erasing', 'privacy_erasure_requested'),
                ('privacy_unwilling', 'privacy_no_marketing_consent')
               ) AS renamed (former, value)
         WHERE message.failure_type = renamed.former
        """
    )
