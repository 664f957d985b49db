from odoo import models

from .website_rewrite import is_right_path


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _get_rewrites(self, website_id):
        """Those that were there before us, or came by SQL, change no way to refuse."""
        rewrites = super()._get_rewrites(website_id)
        return {path: r for path, r in rewrites.items() if not is_right_path(path)}

    @classmethod
    def _url_localized(
        cls,
        url=None,
        lang_code=None,
        canonical_domain=None,
        prefetch_langs=False,
        force_default_lang=False,
    ):
        """The page that says that nothing is found names its own address: of a path
        with dots or broken letters in it, there is none but the website's."""
        try:
            return super()._url_localized(
                url=url,
                lang_code=lang_code,
                canonical_domain=canonical_domain,
                prefetch_langs=prefetch_langs,
                force_default_lang=force_default_lang,
            )
        except ValueError:
            return canonical_domain or "/"
