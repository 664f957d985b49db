from . import signup, web_form, web_form_confirm
