import { rpc } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { Subscribe } from "@website_mass_mailing/interactions/subscribe";

/** The block shows what subscribing consents to, and says which text that was. */
patch(Subscribe.prototype, {
    _updateView(data) {
        super._updateView(...arguments);
        this.el.querySelector(".s_privacy_subscription")?.remove();
        if (data.privacy_consent) {
            const page = new DOMParser().parseFromString(data.privacy_consent, "text/html");
            const consent = page.body.firstElementChild;
            this.insert(consent, this.el.querySelector(".js_subscribe_wrap"));
            // the button is what consents
            this.el
                .querySelector(".js_subscribe_btn")
                .setAttribute("aria-describedby", consent.id);
        }
    },

    async onSubscribeClick() {
        const token = this.el.querySelector(".s_privacy_subscription input")?.value;
        if (!token) {
            return super.onSubscribeClick(...arguments);
        }
        const input = this.el.querySelector(".js_subscribe_value, .js_subscribe_email");
        const isValid = /.+@.+/.test(input.value);
        this.el.classList.toggle("o_has_error", !isValid);
        input.classList.toggle("is-invalid", !isValid);
        if (!isValid) {
            return;
        }
        const captcha = await this.waitFor(
            this._recaptcha.getToken("website_mass_mailing_subscribe")
        );
        if (captcha.error) {
            this.notification.add(captcha.error, { type: "danger", sticky: true });
            return;
        }
        const result = await this.waitFor(
            rpc("/website_mass_mailing/subscribe", {
                list_id: this._getListId(),
                value: input.value,
                subscription_type: "email",
                privacy_form: token,
                ...(captcha.token ? { recaptcha_token_response: captcha.token } : {}),
                turnstile_captcha: this.el.parentElement.querySelector(
                    'input[name="turnstile_captcha"]'
                )?.value,
            })
        );
        if (result.toast_type === "success") {
            this._showPrivacyWaiting(result.toast_content);
            const modal = this.el.closest(".o_newsletter_modal");
            if (modal) {
                window.Modal.getOrCreateInstance(modal).hide();
            }
        }
        this.notification.add(result.toast_content, {
            type: result.toast_type,
            sticky: true,
        });
    },

    /** Nobody is thanked for subscribing who has not confirmed it. */
    _showPrivacyWaiting(message) {
        for (const control of this.el.querySelectorAll("input, .js_subscribe_btn")) {
            control.disabled = true;
            control.classList.add("disabled");
        }
        const line = document.createElement("p");
        line.className = "s_privacy_subscription_waits";
        line.textContent = message;
        this.el.querySelector(".s_privacy_subscription").replaceChildren(line);
    },
});
