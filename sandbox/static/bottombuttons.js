// The Mini App's main and secondary buttons, below its frame.

import { find, make } from "./dom.js";

export function drawBottomButton(kind, state, press) {
  const place = find("miniapp-buttons");
  place.querySelector(`[data-button=${kind}]`)?.remove();
  if (!state.is_visible) return;
  const button = make("button", { class: "bottom-button", "data-button": kind, type: "button", disabled: !state.is_active, onclick: press }, state.text);
  if (state.is_progress_visible) button.classList.add("waiting");
  button.style.backgroundColor = state.color;
  button.style.color = state.text_color;
  place.append(button);
}
