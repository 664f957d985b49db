from odoo.addons.privacy_guard.tools import addresses


def migrate(cr, version):
    """A request is of who asked: of an address or, without one, of who has the record.
    A login proves no address."""
    cr.execute("SELECT DISTINCT email FROM privacy_request WHERE email IS NOT NULL")
    emails = [email for (email,) in cr.fetchall()]
    cr.execute(
        """
        UPDATE privacy_request request
           SET identity = COALESCE(asked.canonical, res_model || ',' || res_id)
          FROM (SELECT former.id, known.canonical
                  FROM privacy_request former
             LEFT JOIN unnest(%s::varchar[], %s::varchar[])
                       AS known (email, canonical)
                    ON known.email = former.email AND former.channel <> 'portal'
               ) AS asked
         WHERE asked.id = request.id AND request.identity IS NULL
        """,
        [emails, [addresses.only(email) for email in emails]],
    )
