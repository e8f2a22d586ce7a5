// Asks for the figures anew every two seconds and for the last acts every ten, as long as somebody looks.

const look = (id) => document.hidden || document.getElementById(id)?.dispatchEvent(new Event("look"));
const lookAtAll = () => ["now", "recent"].forEach(look);

setInterval(look, 2000, "now");
setInterval(look, 10000, "recent");
document.addEventListener("visibilitychange", lookAtAll);
