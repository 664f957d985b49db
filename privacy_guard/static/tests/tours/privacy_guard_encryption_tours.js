import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const VALUE = "BE-79-REG-1234";
const REF = ".o_form_view .o_field_privacy_masked[name='ref']";
const OPEN_PAGE = { trigger: ".o_notebook a:contains('Sales & Purchase')", run: "click" };

const SHOW = [
    { trigger: `${REF} .o_privacy_eye.fa-eye`, run: "click" },
    { content: "The eye shows the value", trigger: `${REF} span:contains('${VALUE}')` },
];

function masked(mask) {
    return {
        content: `It shows ${mask}`,
        trigger: `${REF}:not(:contains('-')) input.o_privacy_mask[placeholder='${mask}']:placeholder-shown`,
    };
}

tours.add("privacy_guard_encrypt", {
    steps: () => [
        { trigger: ".o_form_view button:contains('Encrypt...')", run: "click" },
        {
            content: "It says what will happen",
            trigger: ".modal:contains('Encryption of Reference'):contains('exact value only')",
        },
        {
            trigger: ".modal [name='visible_chars'] input",
            run: "edit 3",
        },
        { trigger: ".modal [name='confirmation'] input", run: "edit encrypt" },
        { trigger: ".modal [name='example']:contains('is shown as ••••678')" },
        { trigger: ".modal button[name='action_encrypt']", run: "click" },
        {
            content: "Not without the word",
            trigger: ".modal:contains('Type ENCRYPT to confirm.') .modal-footer button",
            run: "click",
        },
        { trigger: ".modal [name='confirmation'] input", run: "edit ENCRYPT" },
        { trigger: ".modal button[name='action_encrypt']", run: "click" },
        {
            content: "How far it is",
            trigger: ".modal:contains('are being encrypted') [name='progress'] .o_progressbar",
            run() {
                document.cookie = "tour_saw_progress=1; path=/";
            },
        },
        {
            content: "It finishes by itself",
            trigger: ".modal .alert-success:contains('Reference is encrypted')",
        },
        { trigger: ".modal .modal-footer button:contains('Close')", run: "click" },
        { trigger: ".o_form_view button:contains('Encryption...')" },
    ],
});

let hide;

tours.add("privacy_guard_reveal", {
    steps: () => [
        OPEN_PAGE,
        masked("••••1234"),
        ...SHOW,
        { trigger: `${REF} .o_privacy_eye.fa-eye-slash`, run: "click" },
        masked("••••1234"),
        {
            content: "Half a minute is when the tour says so",
            trigger: REF,
            run() {
                const { setTimeout } = browser;
                browser.setTimeout = (work, delay) =>
                    delay === 30000 ? ((hide = work), 0) : setTimeout(work, delay);
            },
        },
        ...SHOW,
        { content: "Half a minute later", trigger: REF, run: () => hide() },
        { ...masked("••••1234"), content: "The value has disappeared by itself" },
        { trigger: `${REF} input`, run: "edit NEW-5678" },
        ...stepUtils.saveForm(),
        masked("••••5678"),
        {
            content: "Officers see who saw and changed it",
            trigger: ".oe_stat_button:contains('Access log'):contains('3')",
            run: "click",
        },
        { trigger: ".o_list_view .badge:contains('Revealed')" },
        { trigger: ".o_list_view .badge:contains('Changed')" },
    ],
});

tours.add("privacy_guard_masked", {
    steps: () => [
        OPEN_PAGE,
        masked("••••1234"),
        { content: "No eye", trigger: `${REF}:not(:has(.o_privacy_eye))` },
        { trigger: `${REF} input`, run: "click" },
        { trigger: ".o_field_widget[name='function'] input", run: "edit Doctor" },
        ...stepUtils.saveForm(),
        masked("••••1234"),
    ],
});

tours.add("privacy_guard_clear_masked", {
    steps: () => [
        OPEN_PAGE,
        { trigger: `${REF} input`, run: "click" },
        { trigger: `${REF} .o_privacy_clear`, run: "click" },
        { content: "Empty", trigger: `${REF} input:not(.o_privacy_mask)` },
        ...stepUtils.saveForm(),
    ],
});

tours.add("privacy_guard_search_encrypted", {
    steps: () => [
        {
            content: "The exact value is searched along with a part of the name",
            trigger: ".o_searchview_input",
            run: `edit ${VALUE}`,
        },
        { trigger: ".o_searchview_input", run: "press Enter" },
        {
            content: "The list shows the mask",
            trigger: `.o_list_renderer:not(:contains('BE-79')) .o_data_row:only-child td[name='ref']:contains('••••1234')`,
        },
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_record:contains('Ann Example'):contains('••••1234')" },
    ],
});
