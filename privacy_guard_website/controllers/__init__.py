from . import web_form, web_form_confirm
