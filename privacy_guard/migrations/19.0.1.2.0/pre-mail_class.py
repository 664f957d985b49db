def migrate(cr, version):
    """Mails in the queue keep their class: two have another name now."""
    cr.execute(
        """
        UPDATE mail_mail
           SET privacy_class = CASE privacy_class WHEN 'owed' THEN 'mandatory'
                                                  ELSE 'manual' END
         WHERE privacy_class IN ('owed', 'hand')
        """
    )
