// Runs in a copy of this folder, four levels below the checkout; program.ts stays where its imports are.
"use strict";

const path = require("node:path");

const root = path.resolve(process.cwd(), "..", "..", "..", "..");
require(path.join(root, "node_modules", "ts-node", "register", "transpile-only"));
const { exportState } = require(path.join(root, "state.js"));
const state = exportState();
const { program } = require(path.join(root, "tests/engine/programs/releases/program.ts"));
module.exports = () => program(state);
