import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const PHONE = ".o_data_row:has(td[name='label']:contains('Phone'))";
const SETTINGS = ".app_settings_block[data-key='privacy_guard']";

tours.add("privacy_guard_enable", {
    url: "/odoo/action-privacy_guard.res_config_settings_action",
    steps: () => [
        {
            content: "Ticking opens the prerequisites",
            trigger: `${SETTINGS} [name='privacy_enabled'] input:not(:checked)`,
            run: "click",
        },
        {
            content: "The dry run names the consent that withholds values",
            trigger: ".modal [name='line_ids'] td:contains('Keep phone')",
        },
        {
            content: "Leave the sender out",
            trigger: ".modal [name='from_email'] input",
            run: "clear",
        },
        {
            content: "One approval is not enough",
            trigger: ".modal [name='approve_duplicates'] input",
            run: "click",
        },
        { trigger: ".modal button[name='action_enable']", run: "click" },
        {
            content: "What is missing is said in place",
            trigger: ".modal .alert-danger:contains('From address'):contains('in use')",
        },
        {
            content: "What was entered is kept",
            trigger: ".modal [name='approve_duplicates'] input:checked",
        },
        {
            trigger: ".modal [name='from_email'] input",
            run: "edit privacy@example.com",
        },
        { trigger: ".modal [name='approve_refusal'] input", run: "click" },
        {
            trigger: ".modal button[name='action_enable']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Enabled, for good",
            trigger: `${SETTINGS} [name='privacy_enabled'] input:checked:disabled`,
        },
    ],
});

tours.add("privacy_guard_define", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("privacy_guard.privacy_guard_menu", "Open Privacy"),
        {
            content: "It opens on the overview",
            trigger: ".o_kanban_view:contains('What needs attention')",
        },
        { trigger: ".o_cp_action_menus button", run: "click" },
        {
            content: "The menu leads to the page that the overview is about",
            trigger: ".o_privacy_help[href='/privacy_guard/static/manual/officer.html#a-day']",
        },
        {
            trigger: "[data-menu-xmlid='privacy_guard.consent_purpose_menu']",
            run: "click",
        },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name='name'] input", run: "edit Tour offers" },
        {
            trigger: ".o_field_widget[name='text'] textarea",
            run: "edit May we send you our offers?",
        },
        ...stepUtils.saveForm(),
        { trigger: "button:contains('Publish')", run: "click" },
        {
            trigger: ".modal [name='text']:contains('May we send you our offers?')",
        },
        { trigger: ".modal-footer button:contains('Publish')", run: "click" },
        {
            content: "Published and switched on",
            trigger: "button[name='action_archive']",
        },
        { trigger: ".o_notebook a:contains('Published texts')", run: "click" },
        { trigger: "[name='notice_ids'] td:contains('Tour offers')" },
        {
            content: "Switching off says what it means",
            trigger: "button[name='action_archive']",
            run: "click",
        },
        {
            trigger: ".modal:contains('Values and answers are kept')",
        },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "button[name='action_unarchive']" },
    ],
});

tours.add("privacy_guard_conditions", {
    steps: () => [
        { trigger: ".o_notebook a:contains('Conditions')", run: "click" },
        {
            content: "The conditions can be edited, and whom they match is counted",
            trigger: ".o_field_widget[name='condition'] .o_domain_show_selection_button",
        },
        { trigger: ".o_field_widget[name='matched_count']" },
        {
            content: "The model's own fields are offered",
            trigger: "[name='condition'] .o_domain_selector a:contains('New Rule')",
            run: "click",
        },
        { trigger: "[name='condition'] .o_model_field_selector", run: "click" },
        { trigger: ".o_model_field_selector_popover [data-name='country_id']" },
        ...stepUtils.discardForm(),
    ],
});

tours.add("privacy_guard_contact", {
    steps: () => [
        {
            content: "A locked field is read-only, and the form says why",
            trigger: ".o_form_view:contains('has not been asked')",
        },
        { trigger: ".o_field_widget[name='phone'].o_readonly_modifier" },
        { trigger: ".o_notebook a:contains('Consents')", run: "click" },
        { trigger: "[name='consent_ids'] td:contains('Keep phone')" },
        { trigger: "[name='consent_ids'] .badge:contains('Applicable')" },
        { trigger: "button:contains('Record an answer')", run: "click" },
        { trigger: ".modal [name='line_ids'] td[name='answer']", run: "click" },
        {
            trigger: ".modal [name='line_ids'] [name='answer'] input",
            run: "click",
        },
        { trigger: ".o_select_menu_item:contains('Granted')", run: "click" },
        { trigger: ".modal [name='channel'] input:first", run: "click" },
        { trigger: ".modal [name='note'] textarea", run: "edit Came by post" },
        { trigger: ".modal button[name='action_record']", run: "click" },
        { trigger: "[name='consent_ids'] .badge:contains('Granted')" },
        {
            content: "The timeline tells it",
            trigger: "[name='consent_event_ids'] td:contains('Officer')",
        },
        {
            content: "The field can be edited now",
            trigger: ".o_field_widget[name='phone']:not(.o_readonly_modifier)",
        },
    ],
});

tours.add("privacy_guard_reopen", {
    steps: () => [
        { trigger: ".ribbon:contains('Duplicate')" },
        { trigger: ".o_field_widget[name='email'].o_readonly_modifier" },
        { trigger: "button:contains('Reopen')", run: "click" },
        {
            trigger: ".modal [name='reason'] textarea",
            run: "edit Two people share the address",
        },
        { trigger: ".modal button[name='action_reopen']", run: "click" },
        { trigger: ".o_form_view:not(:has(.ribbon:contains('Duplicate')))" },
        { trigger: ".o_field_widget[name='email']:not(.o_readonly_modifier)" },
    ],
});

tours.add("privacy_guard_switch_on", {
    steps: () => [
        { trigger: "button[name='action_unarchive']", run: "click" },
        {
            content: "The dialogue says how many values will be withheld",
            trigger: ".modal [name='value_count']:contains('2')",
        },
        { trigger: ".modal:contains('comes back if'):contains('within 30 days')" },
        { trigger: ".modal [name='purpose_ids'] td:contains('Keep phone')" },
        { trigger: ".modal button[name='action_switch_on']", run: "click" },
        {
            content: "Switched on",
            trigger: ".o_form_view button[name='action_archive']",
        },
    ],
});

tours.add("privacy_guard_flag_field", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("privacy_guard.privacy_guard_menu", "Open Privacy"),
        { trigger: "[data-menu-xmlid='privacy_guard.privacy_field_menu']", run: "click" },
        {
            content: "Standard and custom fields apart, with a suggestion",
            trigger: ".o_group_name:contains('Standard')",
        },
        {
            trigger: `${PHONE} td[name='suggestion']:contains('Phone')`,
        },
        {
            trigger: `${PHONE} .o_list_record_selector input`,
            run: "click",
        },
        { trigger: "button[name='action_flag_sensitive']", run: "click" },
        { trigger: ".o_notification:contains('switched off until completed')" },
        {
            trigger: `${PHONE} td[name='sensitive'] input:checked`,
        },
        {
            content: "Its consent waits among the others",
            trigger: "[data-menu-xmlid='privacy_guard.consent_purpose_menu']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Phone'):contains('Switched off until completed')",
        },
    ],
});

tours.add("privacy_guard_withheld", {
    steps: () => [
        {
            content: "The form says that a value is withheld, and not which",
            trigger: ".o_form_view [name='privacy_lock_hint']:contains('is withheld until')",
        },
        { trigger: ".o_form_view:not(:contains('555'))" },
    ],
});

tours.add("privacy_guard_delete_consent", {
    steps: () => [
        { trigger: ".o_form_view button:contains('Delete')", run: "click" },
        {
            content: "It says what goes",
            trigger: ".modal [name='value_count']:contains('3')",
        },
        { trigger: ".modal [name='confirmation'] input", run: "edit telephone" },
        { trigger: ".modal button[name='action_delete']", run: "click" },
        {
            content: "Not without the name",
            trigger: ".modal:contains('Type Phone or phone')",
        },
        {
            trigger: ".modal:contains('Type Phone or phone') .modal-footer button",
            run: "click",
        },
        { trigger: ".modal [name='confirmation'] input", run: "edit phone" },
        { trigger: ".modal button[name='action_delete']", run: "click" },
        {
            content: "The field shows how far erasing is",
            trigger: ".o_form_view .alert:contains('removed this field')",
        },
        { trigger: ".alert [name='value_count']:contains('3')" },
    ],
});

tours.add("privacy_guard_bring_back", {
    steps: () => [
        { trigger: ".o_form_view .alert:contains('erased on every contact')" },
        { trigger: "button[name='action_bring_back']", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name='action_bring_back']))" },
    ],
});

tours.add("privacy_guard_refused_mail", {
    steps: () => [
        {
            content: "The message shows that it was not sent to everybody",
            trigger: ".o-mail-Message .o-mail-Message-notification:has(.pg-refused)",
            run: "click",
        },
        {
            content: "To whom not, and why",
            trigger:
                ".o-mail-MessageNotificationPopover:contains('Stan'):contains('asked us to stop')",
        },
    ],
});

tours.add("privacy_guard_request", {
    steps: () => [
        {
            content: "What is overdue is red",
            trigger: ".o_kanban_record:contains('Erasure') .text-danger",
        },
        { trigger: "button:contains('Record a request')", run: "click" },
        {
            trigger: ".modal [name='partner_id'] input",
            run: "edit Ben Example",
        },
        { trigger: ".dropdown-item:contains('Ben Example')", run: "click" },
        { trigger: ".modal [name='kind'] input[data-value='stop']", run: "click" },
        { trigger: ".modal:contains('locked as soon as')" },
        { trigger: ".modal [name='note'] textarea", run: "edit Signed letter" },
        { trigger: ".modal button[name='action_make']", run: "click" },
        {
            content: "The request, with an activity and the note",
            trigger: ".o_form_view .o-mail-Message:contains('Signed letter')",
        },
        { trigger: ".o-mail-Activity" },
        { trigger: "button:contains('Extend')", run: "click" },
        { trigger: ".modal [name='reason'] textarea", run: "edit Many letters" },
        { trigger: ".modal button:contains('Extend and notify')", run: "click" },
        { trigger: ".o_form_view [name='extended_reason']:contains('Many letters')" },
        { trigger: "button[name='action_start']", run: "click" },
        { trigger: "button[name='action_execute']", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Done')" },
    ],
});

tours.add("privacy_guard_stopped", {
    steps: () => [
        { trigger: ".ribbon:contains('Stopped')" },
        { trigger: ".o_field_widget[name='email'].o_readonly_modifier" },
        { trigger: ".oe_stat_button:contains('Requests'):contains('1')" },
        { trigger: ".o-mail-Chatter-sendMessage", run: "click" },
        { trigger: ".o-mail-Composer .alert-warning:contains('asked us to stop')" },
        { trigger: ".o-mail-Chatter-logNote", run: "click" },
        { trigger: ".o-mail-Composer:not(:has(.alert-warning))" },
        { trigger: ".alert-danger button:contains('Reopen')", run: "click" },
        { trigger: ".modal:contains('told by mail')" },
        { trigger: ".modal [name='reason'] textarea", run: "edit They called us" },
        { trigger: ".modal button[name='action_reopen']", run: "click" },
        { trigger: ".o_form_view:not(:has(.ribbon:contains('Stopped')))" },
        { trigger: ".o_field_widget[name='email']:not(.o_readonly_modifier)" },
    ],
});
