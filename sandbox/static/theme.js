// Light or dark: remembered, and told to whoever listens.

import { find } from "./dom.js";

const KEY = "sandbox.theme";
const listeners = [];

export const current = () => document.documentElement.dataset.theme;
export const onChange = (listener) => listeners.push(listener);

export function set(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(KEY, theme);
  listeners.forEach((listener) => listener(theme));
}

export function start() {
  const wanted = new URLSearchParams(location.search).get("theme") || localStorage.getItem(KEY);
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = wanted === "dark" || wanted === "light" ? wanted : system;
  find("toggle-theme").addEventListener("click", () => set(current() === "dark" ? "light" : "dark"));
}
