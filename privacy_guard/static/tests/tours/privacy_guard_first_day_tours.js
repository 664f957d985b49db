import { registry } from "@web/core/registry";

/** @returns {Object[]} the steps, of which no more than so many may be clicks */
function within(clicks, steps) {
    const needed = steps.filter((step) => step.run === "click").length;
    if (needed > clicks) {
        throw new Error(`${needed} clicks, where ${clicks} are promised`);
    }
    return steps;
}

const SETUP = ".o_kanban_record:contains('Before the first person is asked')";

// Two more lead here: Apps, and Activate.
const firstDay = () => [
    { trigger: `${SETUP} a:contains('Classify')`, run: "click" },
    { trigger: "button[name='action_flag_suggested']", run: "click" },
    { trigger: ".modal-footer .btn-primary:contains('Flag')", run: "click" },
    {
        content: "The key is the next step",
        trigger: ".modal button[name='action_make']",
        run: "click",
    },
    { trigger: ".modal button[name='action_download']", run: "click" },
    {
        content: "Then what people are asked, to start from",
        trigger: ".o_kanban_record:contains('Newsletter') button[name='action_use']",
        run: "click",
    },
    { trigger: ".o_form_view .btn-primary:contains('Publish')", run: "click" },
    { trigger: ".modal button[name='action_publish']", run: "click" },
    {
        content: "Then enabling, which asks what it has always asked",
        trigger: ".modal [name='approve_duplicates'] input",
        run: "click",
    },
    { trigger: ".modal [name='approve_refusal'] input", run: "click" },
    {
        trigger: ".modal button[name='action_enable']",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "Back on the overview, one step is left",
        trigger: `${SETUP} a:contains('Ask now')`,
        run: "click",
    },
    { trigger: ".modal-footer .btn-primary:contains('Ask now')", run: "click" },
    { trigger: `${SETUP}:contains('People are being asked')` },
];

const letter = () => [
    { trigger: ".o_kanban_record a:contains('Record a request')", run: "click" },
    {
        content: "The cursor is where the name belongs",
        trigger: ".modal [name='partner_id'] input:focus",
        run: "edit Ben Letter",
    },
    { trigger: ".dropdown-item:contains('Ben Letter')", run: "click" },
    { trigger: ".modal [name='kind'] input[data-value='erasure']", run: "click" },
    { trigger: ".modal button[name='action_make']", run: "click" },
    { trigger: ".o_form_view button[name='action_erase']", run: "click" },
    { trigger: ".o_form_view .btn-danger:contains('Erase personal data')", run: "click" },
    { trigger: ".modal [name='reason'] textarea", run: "edit They wrote a letter" },
    { trigger: ".modal [name='confirmation'] input", run: "edit ERASE" },
    { trigger: ".modal button[name='action_erase']", run: "click" },
    {
        content: "The path that led here is left: it may name who is erased",
        trigger: "body:not(:has(.modal)) .o_breadcrumb:not(:contains('Overview'))",
    },
];

registry.category("web_tour.tours").add("privacy_guard_first_day", {
    url: "/odoo/privacy",
    steps: () => [...within(13, firstDay()), ...within(8, letter())],
});
