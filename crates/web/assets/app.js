// What every page gets. Each module adds to what already works without it.
import "./keep.js";
import "./term.js";
import "./speech.js";
import "./ledger.js";
import "./search.js";
