-- delete forms that wait, and void the links that confirm them
DELETE FROM privacy_web_form_pending;
