import { registry } from "@web/core/registry";

// A visitor subscribes in the newsletter block, below the text of the consent.
registry.category("web_tour.tours").add("privacy_guard_website_mass_mailing_subscribe", {
    url: "/form-page",
    steps: () => [
        {
            trigger: ".s_privacy_subscription:contains('May we send you our newsletter?')",
        },
        { trigger: "input.js_subscribe_value", run: "edit nobody" },
        { trigger: ".js_subscribe_btn", run: "click" },
        { trigger: "input.is-invalid" },
        { trigger: "input.js_subscribe_value", run: "edit ann@example.com" },
        { trigger: ".js_subscribe_btn", run: "click" },
        { trigger: ".o_notification:contains('Please confirm your subscription')" },
        {
            content: "It is no subscription yet",
            trigger: ".s_privacy_subscription_waits:contains('Please confirm')",
        },
        { trigger: ".js_subscribe:not(:has(.js_subscribed_wrap:visible))" },
    ],
});

// Who joins a list, or asks to leave the blocklist: a mail was sent, and nothing has changed.
registry.category("web_tour.tours").add("privacy_guard_website_mass_mailing_come_back", {
    url: "/mailing/my",
    steps: () => [
        {
            trigger: "#o_mailing_subscription_form_lists_additional input[title='Weekly news']",
            run: "click",
        },
        { trigger: "#button_form_send", run: "click" },
        {
            trigger: "#o_mailing_subscription_update_info.text-success:contains('We have sent you an e-mail')",
        },
        {
            content: "The list is still one to join",
            trigger: "#o_mailing_subscription_form_lists_additional input[title='Weekly news']:not(:checked)",
        },
        { trigger: "#button_blocklist_add", run: "click" },
        { trigger: "#button_blocklist_remove:visible", run: "click" },
        {
            trigger: "#o_mailing_subscription_update_info.text-success:contains('We have sent you an e-mail')",
        },
        { trigger: "#button_blocklist_remove:visible" },
    ],
});
