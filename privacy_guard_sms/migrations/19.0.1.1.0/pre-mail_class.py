def migrate(cr, version):
    """Text messages in the queue keep their class: two have another name now."""
    cr.execute(
        """
        UPDATE sms_sms
           SET privacy_class = CASE privacy_class WHEN 'owed' THEN 'mandatory'
                                                  ELSE 'manual' END
         WHERE privacy_class IN ('owed', 'hand')
        """
    )
