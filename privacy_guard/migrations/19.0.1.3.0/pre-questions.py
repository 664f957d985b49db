FORMER = ("privacy_guard.preferences_group", "privacy_guard.preferences_question")


def migrate(cr, version):
    """The questions are no views any more: what was made of these stays, archived."""
    cr.execute(
        """
        UPDATE ir_ui_view SET active = FALSE, inherit_id = NULL, mode = 'primary'
         WHERE inherit_id IN (SELECT id FROM ir_ui_view WHERE key = ANY(%s))
        """,
        [list(FORMER)],
    )
