import { h } from "../ui/vdom.js";

/** A picture that cannot be loaded (the sandbox needs no network) leaves its description. */
export function picture(part, name) {
  const missing = (event) => event.target.classList.add("missing");
  return h("img", {
    class: name,
    src: part.image_url ?? part.slack_file?.url ?? "",
    alt: part.alt_text ?? "",
    loading: "lazy",
    on: { error: missing },
  });
}
