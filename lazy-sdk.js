// The Pulumi SDK loads the TypeScript compiler and npm's installer for the serialisation of functions, and its
// Automation API: 0.7 s and 100 MB that a program of plain resources, or a policy pack, has no use for. They
// come when they are asked for. Plain JavaScript, because it runs before anything translates TypeScript.
"use strict";

const Module = require("node:module");
const path = require("node:path");

loadWhenAsked("@pulumi/pulumi/typescript-shim");
loadWhenAsked("@pulumi/pulumi/automation");
loadWhenAsked("@npmcli/arborist");

/** Puts a stand-in in place of a module, which loads it when one of its exports is first read. */
function loadWhenAsked(request) {
  const sdk = require.resolve("@pulumi/pulumi/package.json");
  const file = require.resolve(request, { paths: [path.dirname(sdk)] });
  if (require.cache[file] !== undefined) {
    return;
  }
  const standIn = new Module(file);
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[file];
      loaded = require(file);
    }
    return loaded;
  };
  standIn.loaded = true;
  standIn.exports = new Proxy(
    {},
    {
      // Taken for an ES module, it is not copied property by property, which would read every export.
      get: (_, name) => (name === "__esModule" ? true : load()[name]),
      has: (_, name) => name in load(),
    },
  );
  require.cache[file] = standIn;
}
