/** The app's own page in Slack. */
import { blocks } from "../blocks/blocks.js";
import { state } from "../state.js";
import { toast } from "../ui/toast.js";
import { h } from "../ui/vdom.js";
import { viewSurface } from "./surfaces.js";

export function homeView() {
  const view = state.slack.home;
  const report = (text) => text && toast(text, null, "warning");
  return h(
    "section",
    { class: "channel home", "aria-label": "Tierdesk, home" },
    h("header", { class: "channel-head" }, h("h2", { class: "channel-name" }, "Tierdesk"), h("p", { class: "channel-topic" }, view ? "Home" : "About")),
    h("div", { class: "messages home-body" }, view ? blocks(view.blocks, viewSurface(view, null, report)) : empty()),
  );
}

/** An app without a home page shows what it says about itself. */
function empty() {
  const about = "Customers’ posts and messages, as cards in your channels. Type /tierdesk mine in any channel to see which cases are yours.";
  return h("div", { class: "empty" }, h("h3", null, "The work is in the channels"), h("p", null, about));
}
