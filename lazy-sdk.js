// The Pulumi SDK loads the TypeScript compiler and npm's installer for the serialisation of functions, and its
// Automation API: 0.7 s and 100 MB that a program of plain resources, or a policy pack, has no use for. They
// come when they are asked for. Plain JavaScript, because it runs before anything translates TypeScript.
"use strict";

const Module = require("node:module");
const path = require("node:path");

loadWhenAsked("@pulumi/pulumi/typescript-shim");
loadWhenAsked("@pulumi/pulumi/automation");
loadWhenAsked("@npmcli/arborist");

// It writes down a stack for every promise it makes, to name those that are never kept. Mapped to the sources
// by source-map-support, these take two fifths of a program's time.
leaveOutStacksOf(path.join("runtime", "debuggable.js"));

// With each resource it registers the calls that led to its constructor, which the engine keeps: an eighth of a
// state that is written twice for each change of a resource.
keepOwnPositions(require("@pulumi/pulumi/resource").Resource);

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

/** Leaves out the stack of every error that is made in a file; all others are written as before. */
function leaveOutStacksOf(file) {
  const write = Error.prepareStackTrace;
  if (write !== undefined) {
    Error.prepareStackTrace = (error, frames) =>
      frames[0]?.getFileName()?.endsWith(file) === true ? "" : write(error, frames);
  }
}

/** Keeps the line that makes a resource, and leaves out those that led there. */
function keepOwnPositions(Resource) {
  const stackTrace = Resource.stackTrace;
  if (typeof stackTrace === "function") {
    Resource.stackTrace = (skip) => stackTrace.call(Resource, skip + 1).slice(0, 1);
  }
}
