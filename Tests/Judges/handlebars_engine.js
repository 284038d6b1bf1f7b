// Handlebars.js for dialect_engines.py: `node handlebars_engine.js LIBRARY`, a case a line in, an answer a line out.
"use strict";
const Handlebars = require(process.argv[2]);

// The blocks that SendGrid documents, as its page describes them.
const sendgrid = Handlebars.create();
const block = (holds) => function (a, b, options) {
  return holds(a, b) ? options.fn(this) : options.inverse(this);
};
sendgrid.registerHelper({
  equals: block((a, b) => a == b),
  notEquals: block((a, b) => a != b),
  greaterThan: block((a, b) => a > b),
  lessThan: block((a, b) => a < b),
  and: block((a, b) => a && b),
  or: block((a, b) => a || b),
});

const render = {
  handlebars: (template, data) => Handlebars.compile(template)(data),
  // SES escapes nothing, as its guide says; here what has three braces is not escaped, and the rest would show.
  ses: (template, data) => Handlebars.compile(template)(data),
  sendgrid: (template, data) => sendgrid.compile(template)(data),
};

const lines = require("fs").readFileSync(0, "utf8").split("\n").filter((line) => line);
const answers = lines.map((line) => {
  const { engine, template, data } = JSON.parse(line);
  try {
    return "=" + Buffer.from(render[engine](template, data), "utf8").toString("hex");
  } catch (error) {
    return "!" + Buffer.from(error.message, "utf8").toString("hex");
  }
});
process.stdout.write(answers.map((answer) => answer + "\n").join(""));
