import { BaseOptionComponent } from "@html_builder/core/utils";
import { SNIPPET_SPECIFIC_END } from "@html_builder/utils/option_sequence";
import { Plugin } from "@html_editor/plugin";
import { withSequence } from "@html_editor/utils/resource";
import { registry } from "@web/core/registry";

/** Which consents a web form asks for; the server puts their boxes into the page. */
export class PrivacyConsentsOption extends BaseOptionComponent {
    static template = "privacy_guard_website.PrivacyConsentsOption";
    static selector = ".s_website_form";
    static applyTo = "form";
}

export class PrivacyConsentsOptionPlugin extends Plugin {
    static id = "privacyConsentsOption";
    resources = {
        builder_options: [withSequence(SNIPPET_SPECIFIC_END, PrivacyConsentsOption)],
        // the boxes are made anew for each page: saved ones would only grow old
        clean_for_save_handlers: ({ root }) => {
            for (const boxes of root.querySelectorAll(".s_privacy_consents")) {
                boxes.remove();
            }
        },
    };
}

registry
    .category("website-plugins")
    .add(PrivacyConsentsOptionPlugin.id, PrivacyConsentsOptionPlugin);
