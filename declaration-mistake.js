// What a person wrote wrongly in a declaration and the compiler was not asked about: a name that is not there, a
// bracket that is missing. It is told in one line with its place; the stack trace would be that of Node's loader.
"use strict";

const { relative } = require("node:path");

/** Where people write: a failure anywhere else is a defect of ours, which needs its stack trace. */
const declarations = /^components[\\/]apps[\\/][^\\/]+\.ts:\d+:\d+$/;

/** The mistakes in declarations that kept the program from being loaded, one line each; none for anything else. */
exports.declarationMistakes = (error, root) => {
  if (Array.isArray(error?.errors)) {
    return error.errors.map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text,
    );
  }
  const [first] = /^ +at .*$/m.exec(error?.stack ?? "") ?? [""];
  const [, file = ""] = /\(?([^( ]+:\d+:\d+)\)?$/.exec(first) ?? [];
  const place = relative(root, file.replace(/^file:\/\//, ""));
  return declarations.test(place) ? [`${place}: ${error.message}`] : [];
};
