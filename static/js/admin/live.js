// Asks for the figures anew every two seconds, as long as somebody looks.

const EVERY_MS = 2000;
const look = () => document.hidden || document.querySelector("#now")?.dispatchEvent(new Event("look"));

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
