// The pack's entry, which Pulumi's host loads as it is; the rest is compiled to bin/ (sandbox/bootstrap.mjs).
"use strict";

require("../lazy-sdk.js");
module.exports = require("./bin/index.js");
