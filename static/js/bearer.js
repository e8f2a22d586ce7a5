// Every request says who asks and in which language; one whose session the server does not know opens a new one, without
// a word, as long as initData is fresh.
import { backoff, on } from "./page.js";
import { open, session } from "./session.js";

let failures = 0;

on("htmx:config:request", ({ ctx: { request } }) => {
  delete request.headers["HX-Current-URL"]; // it bears initData, for every log on the way
  request.headers["Accept-Language"] = document.documentElement.lang;
  if (session.token) request.headers.Authorization = `Bearer ${session.token}`;
});
on("htmx:after:request", ({ ctx: { request, response } }, event) => {
  if (response.status !== 401 || request.action === "/session") return;
  event.preventDefault();
  const { token } = session;
  setTimeout(() => token === session.token && open(), failures && backoff(failures));
  failures += 1;
});
on("counted", () => (failures = 0));
