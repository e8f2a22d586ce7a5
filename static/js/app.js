// The parts list: each file is one behaviour and listens from the moment it is loaded.
import "./bearer.js";
import "./button.js";
import "./score.js";
import "./effects.js";
import "./sender.js";
import "./presence.js";
import "./live.js";
import "./board.js";
import "./sheet.js";
import "./friends.js";
import "./notice.js";
import "./names.js";
import { start } from "./session.js";

start();
navigator.serviceWorker?.register("/sw.js").catch(() => {}); // forbidden: the game needs a network to open
